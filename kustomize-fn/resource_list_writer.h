// The KRM function's output: items as they came, then generated ones, then results.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "kustomize-fn/generated_items.h"
#include "kustomize-fn/report.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

// A ResourceList of the version and style received. `kept` are indices into list.items; those items
// keep their bytes, but for those in `rewritten` (the item's text, as ItemText gives it).
// functionConfig is input only and left out. A stream has no place for results.
std::string WriteResourceList(const ResourceList& list, const std::vector<std::size_t>& kept,
                              const std::vector<GeneratedItem>& generated, const Results& results,
                              const std::map<std::size_t, std::string>& rewritten = {});

}  // namespace openchoreo::kustomize_fn
