// The KRM function's output: items as they came, then generated ones, then results.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kustomize-fn/generated_items.h"
#include "kustomize-fn/resource_list.h"
#include "kustomize-fn/results.h"

namespace openchoreo::kustomize_fn {

// A ResourceList of the version and style received. `kept` are indices into list.items; those items
// keep their bytes. functionConfig is input only and left out.
std::string WriteResourceList(const ResourceList& list, const std::vector<std::size_t>& kept,
                              const std::vector<GeneratedItem>& generated, const Results& results);

}  // namespace openchoreo::kustomize_fn
