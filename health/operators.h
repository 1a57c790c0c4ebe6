// The operators that deliver: Argo CD's Applications, Flux's Kustomizations, OpenChoreoSources, as
// the home cluster has them. Which of them delivers a binding is found, by what it leaves on what
// it applies.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/record/record.h"
#include "common/value/value.h"
#include "health/assessment.h"
#include "health/kind_watch.h"

namespace openchoreo::mapper {

// Thread-safe.
class Operators {
 public:
  // `changed` is called when one of them says something else.
  Operators(kube::Client& home, std::function<void()> changed, const WatchOptions& options);

  // `applied` has the metadata an operator left its mark on: the binding's or its record's object,
  // whichever is there. `record` may be nullptr.
  Delivery Find(std::span<const value::Value> applied, const record::Record* record,
                std::string_view identity) const;

 private:
  KindWatch applications_, kustomizations_, sources_;
};

// What an Application says, for a binding of that identity ("ReleaseBinding acme/web-dev").
Delivery SaidByApplication(const value::Value& application, const record::Record* record,
                           std::string_view identity);
Delivery SaidByKustomization(const value::Value& kustomization, const record::Record* record);
// Of the lines of a message of findings, those that are the binding's; "" = none.
std::string FindingsOf(std::string_view message, std::string_view identity);

}  // namespace openchoreo::mapper
