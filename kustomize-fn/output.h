// What goes out: the items as they came, then what was rendered, as items of the same list.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/render/renderer.h"
#include "common/value/value.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

struct GeneratedItem : Identity {
  // Where kpt will keep it: "releases/cart-dev/deployment-cart.yaml", and the document in the file.
  std::string path = {}, index = {};
  bool added_namespace = false;  // a Namespace no binding rendered
  std::string binding = {};      // what it was rendered from: "ReleaseBinding acme/cart-dev"
  std::string text = {};         // ItemText of it
};

// An object as an item of `list`: in its style, a dash in its column. Errors: kInternal for what
// YAML cannot hold.
base::Result<std::string> ItemText(const value::Value& object, const ResourceList& list);

// The objects of `groups` (rendered with Format::kJson) in their order, in the style of `list`,
// each with the path annotations kpt needs, new and legacy; no other internal annotation. Paths are
// unique; an object that `list` holds from a former run stays in its file, wherever that was moved.
// Errors: kInternal if a group does not hold JSON objects.
base::Result<std::vector<GeneratedItem>> MakeItems(const std::vector<render::Group>& groups,
                                                   const ResourceList& list);

// A ResourceList of the version and style received. `kept` are indices into list.items; those items
// keep their bytes, but for those in `rewritten` (the item's text, as ItemText gives it). `results`
// (a list) comes last. functionConfig is input only and left out. A stream has no place for
// results.
std::string WriteResourceList(const ResourceList& list, const std::vector<std::size_t>& kept,
                              const std::vector<GeneratedItem>& generated,
                              const std::map<std::size_t, std::string>& rewritten,
                              const value::Value& results);

}  // namespace openchoreo::kustomize_fn
