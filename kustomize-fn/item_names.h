// Names of items that kustomize renamed (namePrefix, nameSuffix) while references to them stayed as
// written.
//
// kustomize mends references only after all transformers, so a transformer sees p-cart referred to
// as cart. An item is therefore found under its name and under each of its previous names
// (internal.config.kubernetes.io/previousNames). Of several, as in two variants of one base, the
// one that went through the same prefixes and suffixes as the referrer is meant, by kustomize's own
// rule (api/filters/nameref); where that leaves several, the reference is an error. What is
// rendered carries the original names, as if the tree had not been renamed, but where two items
// had the same; bindings, which nothing refers to, keep the name they have now.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/names/kind.h"
#include "common/render/options.h"
#include "common/value/value.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

struct ResolvedItems {
  bool renamed = false;  // an item has another name than before
  // Where a name in it changes, what rendering reads instead of an item: JSON, by item.
  std::map<std::size_t, std::string> read_as;
  ItemFaults errors;  // ambiguous references
  // Items that stay in the output with references that no longer say what they mean: what to write
  // instead, by item. Each reference then has the name its target has now.
  std::map<std::size_t, value::Value> mended;  // in `arena` of ResolveNames
  // The names rendering knows what is called so by, where they differ.
  std::map<std::pair<names::Kind, std::string>, std::vector<std::string>> known_as;
};

// The names of `items` (indices into `list`, all IsOpenChoreo; unknown kinds stay as they are).
// Items without a namespace are in `default_namespace`.
base::Result<ResolvedItems> ResolveNames(const ResourceList& list,
                                         const std::vector<std::size_t>& items,
                                         std::string_view default_namespace, base::Arena& arena);

// A name in a selection means whatever answers to it, renamed or not: put in the names rendering
// knows.
void SelectByKnownNames(const ResolvedItems& resolved, render::Options& options);

// The names an item goes by: the present one first, then the previous ones, oldest first, without
// repeats.
std::vector<std::string> NamesOf(const Item& item);

}  // namespace openchoreo::kustomize_fn
