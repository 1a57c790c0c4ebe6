// The OpenChoreo resources themselves, so that bindings exist in a cluster and can carry status.
#pragma once

#include <vector>

#include "common/render/binding_list.h"
#include "common/render/output.h"
#include "common/render/selection.h"

namespace openchoreo::render {

// What Options::include names of them, one group per object, sorted by (kind, namespace, name): all
// the tree has, or the bindings alone; of the bindings the selected ones, and those autoDeploy
// would create.
std::vector<Group> OpenChoreoObjects(const BindingList& list, const Selection& selection,
                                     const Options& options);

}  // namespace openchoreo::render
