// What is among the items already, beside what was rendered now: output of a former run, which is
// replaced or dropped, and objects of others, which must not meet ours.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/render/renderer.h"
#include "kustomize-fn/generated_items.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

// One object, once among the items and once rendered, that are not the same thing.
struct Clash {
  std::size_t item;  // index in ResourceList::items
  std::string message;
};

// Takes out of `kept` (indices) what a former run left and `generated` replaces, told by the
// release it was rendered from or by the path kpt keeps it under, and out of `generated` the added
// Namespaces that an item provides. What is left under one identity in both is returned.
std::vector<Clash> ReplaceFormerOutput(const ResourceList& list, std::vector<std::size_t>& kept,
                                       std::vector<GeneratedItem>& generated);

// Takes out of `kept` the files of a former run (rendered objects with a path) that nothing renders
// any more. With a selection, only those of bindings it would select, as the record among their
// files tells: another function of the pipeline may have rendered the rest. Namespaces stay:
// deleting one takes its volumes along.
void DropStaleFiles(const ResourceList& list, const render::Options& selection,
                    const std::vector<GeneratedItem>& generated, std::vector<std::size_t>& kept);

}  // namespace openchoreo::kustomize_fn
