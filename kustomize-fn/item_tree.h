// The items of a ResourceList as one source of the renderer.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "common/source/plain_tree.h"
#include "kustomize-fn/item_names.h"

namespace openchoreo::kustomize_fn {

// What the base names of the files begin with.
inline constexpr std::string_view kItemFile = "item-";

// Each item is a file of its own, in the folder it came from where that is known: the one rule that
// looks at folders (a Workload without owner) then sees what it would see on disk.
source::PlainTree TreeOfItems(const ResourceList& list, std::vector<ItemDocument> documents);

// The item behind a path of such a tree.
std::optional<std::size_t> ItemAt(const source::PlainTree& items, std::string_view path);

}  // namespace openchoreo::kustomize_fn
