// From what is known of one binding to the conditions in its status. Pure but for the look at
// objects, which is the caller's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/health/binding_conditions.h"
#include "common/record/record.h"
#include "common/value/value.h"
#include "health/sights.h"

namespace openchoreo::mapper {

// What the operator that delivers a binding says of it.
struct Delivery {
  std::string by;             // "Application argocd/shop"; "" = no operator was found
  std::string render_failed;  // its message, where rendering failed; else ""
  std::string apply_failed;   // its message, where applying something failed; else ""
  std::string object_failed;  // its message, where applying an object of this binding failed
  std::string unseen;         // why its record may be there all the same, where none was found
};

struct Assessment {
  std::vector<health::BindingCondition> conditions;
  // The conditions may change by then without anything happening.
  std::optional<base::Instant> look_again;
  bool starting = false;  // something is being listed: the conditions are not to be written
  value::Value outputs;   // of a ResourceReleaseBinding: list for its status, or null
  // The first of the record's objects that is a workload and neither healthy nor suspended.
  std::optional<std::size_t> unhealthy;
};

// `binding` is one of the three kinds as the cluster has it, `record` its release record or
// nullptr. Strings and values of the result live in `arena` or are its own.
Assessment Assess(const value::Value& binding, const record::Record* record,
                  const Delivery& delivery, Sights& sights, const health::Terms& terms,
                  base::Arena& arena);

// An object whose pods may tell why it is not healthy.
bool IsWorkload(const record::RecordedObject& object);

// Adds `text` to the messages that tell of an unhealthy workload: ResourcesReady's and Ready's.
void TellWhy(std::vector<health::BindingCondition>& conditions, const std::string& text);

// A binding that is not in the cluster, as far as its record tells of it; in `arena` and the
// record's memory.
value::Value BindingOf(const record::Record& record, base::Arena& arena);

// The release the binding asks for; "" where it leaves that to the tree.
std::string_view WantedRelease(const value::Value& binding);

// Upstream's name of the release that the objects of a binding are labelled with.
std::string ReleaseName(const value::Value& binding);

}  // namespace openchoreo::mapper
