// Which artifacts there are: the bindings of one tree, put together by what spec.splitBy names.
// Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "flux-source/spec.h"

namespace openchoreo::flux {

// What of one selected binding decides where it goes; of whoever calls.
struct Placement {
  std::string_view organization, environment, project;
  std::string_view data_plane;  // its name; "" if it could not be told
  std::string_view
      data_plane_id;  // tells data planes of one name apart: "<kind> <namespace>/<name>"
};

// `text` as a label's value that names it: itself up to 63 bytes, else the generated name of that
// limit.
std::string LabelValue(const std::string& text);

struct PartPlan {
  std::string name;                           // of the ExternalArtifact
  std::map<std::string, std::string> labels;  // of its values
  std::vector<std::size_t> bindings;          // indexes into the facts, ascending
};

// One part per combination of values that a binding has; where Environment alone splits, also one
// per name in `environments`. Sorted by name. `unplaced` gets the bindings that miss a value.
// Errors (kUsage): two combinations of one name; data planes of one name in two organizations that
// nothing else tells apart.
base::Result<std::vector<PartPlan>> PlanParts(const std::string& object, const SplitBy& split,
                                              const std::vector<Placement>& bindings,
                                              const std::set<std::string>& environments,
                                              std::vector<std::size_t>& unplaced);

}  // namespace openchoreo::flux
