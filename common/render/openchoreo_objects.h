// The OpenChoreo resources themselves, so that bindings exist in a cluster and can carry status.
#pragma once

#include <vector>

#include "common/render/binding_list.h"
#include "common/render/output.h"
#include "common/render/selection.h"
#include "common/render/tree.h"

namespace openchoreo::render {

// What Options::include names of them, one group per object, sorted by (kind, namespace, name): all
// the tree has, or the bindings alone; of the bindings the selected ones, and those autoDeploy
// would create. Of a tree beyond Options::emitted_trees only bindings.
std::vector<Group> OpenChoreoObjects(const Tree& tree, const Selection& selection,
                                     const Options& options);

}  // namespace openchoreo::render
