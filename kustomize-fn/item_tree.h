// The items of a ResourceList as one source of the renderer.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/source/plain_tree.h"
#include "kustomize-fn/item_sources.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

// What the base names of the files begin with.
inline constexpr std::string_view kItemFile = "item-";

// Each of `items` (indices) is a file of its own, in the folder it came from where that is known:
// the one rule that looks at folders (a Workload without owner) then sees what it would see on
// disk; `sources` is asked where the rule will be. It holds what `read_as` has for the item, else
// its own bytes.
source::PlainTree TreeOfItems(const ResourceList& list, const std::vector<std::size_t>& items,
                              std::map<std::size_t, std::string> read_as, ItemSources& sources);

// The item behind a path of such a tree.
std::optional<std::size_t> ItemAt(const source::PlainTree& items, std::string_view path);

}  // namespace openchoreo::kustomize_fn
