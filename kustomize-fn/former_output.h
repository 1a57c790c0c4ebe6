// What is among the items already, beside what was rendered now: output of a former run, which is
// replaced or dropped, and objects of others, which must not meet ours.
#pragma once

#include <cstddef>
#include <vector>

#include "common/render/options.h"
#include "kustomize-fn/item_files.h"
#include "kustomize-fn/output.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

// Takes out of `kept` (indices) what a former run left and `generated` replaces, told by the
// release it was rendered from or by the path kpt keeps it under, and out of `generated` the added
// Namespaces that an item provides. Returns an error for each item that is left under the identity
// of a rendered object and is not the same thing.
ItemFaults ReplaceFormerOutput(const ResourceList& list, ItemSources& sources,
                               std::vector<std::size_t>& kept,
                               std::vector<GeneratedItem>& generated);

// Takes out of `kept` the files of a former run (rendered objects with a path) that nothing renders
// any more. With a selection, only those of bindings it would select, as their record
// tells: another function of the pipeline may have rendered the rest. Namespaces stay:
// deleting one takes its volumes along.
void DropStaleFiles(const ResourceList& list, const render::Options& selection,
                    const std::vector<GeneratedItem>& generated, std::vector<std::size_t>& kept);

}  // namespace openchoreo::kustomize_fn
