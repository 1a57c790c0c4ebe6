// What was rendered, as items to append to the list.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/render/renderer.h"
#include "common/value/value.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

struct GeneratedItem : Identity {
  std::string path = {};         // where kpt will keep it: "releases/cart-dev/deployment-cart.yaml"
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

}  // namespace openchoreo::kustomize_fn
