// What a ResourceReleaseBinding's readyWhen and outputs say of the objects as they are. Follows
// openchoreo internal/pipeline/resource (EvaluateReadyWhen, ResolveOutputs).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/health/binding_conditions.h"
#include "common/record/record.h"
#include "common/value/value.h"

namespace openchoreo::mapper {

// The statuses of a release's objects, as `applied.<id>.status` names them.
class AppliedObjects {
 public:
  // `object` is the live one; its status is copied into `arena`.
  void Note(std::string_view id, const value::Value& object, base::Arena& arena);

  // The record's entries with the outcome of readyWhen. Bounded as rendering is.
  std::vector<health::Entry> Entries(const record::Record& record, base::Arena& arena) const;

  // The outputs that have a value, for the binding's status, in `arena`; `told` counts them and
  // says what is wrong with the others.
  value::Value Outputs(const record::Record& record, health::Outputs& told,
                       base::Arena& arena) const;

 private:
  struct Status {
    std::string id;
    value::Value status;
  };

  std::vector<Status> statuses_;
};

}  // namespace openchoreo::mapper
