// `--include openchoreo|all`: the OpenChoreo resources themselves, so that bindings exist in a
// cluster and can carry status.
#pragma once

#include <vector>

#include "common/render/binding_list.h"
#include "common/render/renderer.h"

namespace openchoreo::render {

// One group per object, sorted by (kind, namespace, name): all the tree has, of its bindings the
// selected ones, and the bindings autoDeploy would create.
std::vector<Group> OpenChoreoObjects(const BindingList& list, Format format);

}  // namespace openchoreo::render
