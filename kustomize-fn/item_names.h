// Names of items that kustomize renamed (namePrefix, nameSuffix) while references to them stayed as
// written.
//
// kustomize mends references only after all transformers, so a transformer sees p-cart referred to
// as cart. An item is therefore found under its name and under each of its previous names
// (internal.config.kubernetes.io/previousNames); a reference that two items of the kind answer to
// is an error. What is rendered carries the original names, as if the tree had not been renamed;
// bindings, which nothing refers to, keep the name they have now.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/limits.h"
#include "common/base/result.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

// What rendering reads instead of an item.
struct ItemDocument {
  std::size_t item;  // index in ResourceList::items
  std::string content;
};

struct AmbiguousReference {
  std::size_t item;
  std::string field;  // JSON pointer
  std::string message;
};

struct ResolvedItems {
  std::vector<ItemDocument> documents;
  std::vector<AmbiguousReference> errors;
};

// True for the items that rendering reads: the kinds of resource::Kind in the group openchoreo.dev.
bool IsRead(const Item& item);

// The documents of `items` (indices into `list`, all IsRead). Content is the item's own bytes
// wherever no name in it changes. Items without a namespace are in `default_namespace`.
base::Result<ResolvedItems> ResolveNames(const ResourceList& list,
                                         const std::vector<std::size_t>& items,
                                         std::string_view default_namespace,
                                         const base::RenderLimits& limits = {});

// The names an item goes by: the present one first, then the previous ones, oldest first, without
// repeats.
std::vector<std::string> NamesOf(const Item& item);

}  // namespace openchoreo::kustomize_fn
