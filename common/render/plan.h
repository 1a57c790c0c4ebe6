// `--format plan`: what became of one binding, as JSON: the form of the conformance cases.
#pragma once

#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/render/binding.h"
#include "common/render/manifests.h"

namespace openchoreo::render {

// Appends the element of a binding that rendered; `manifests` is empty for one that is undeployed.
// False, with `out` undefined, for what JSON cannot hold.
bool AppendPlan(std::string& out, const Binding& binding, const Manifests& manifests,
                base::Arena& arena);

// The element of one that failed with upstream's `error`.
void AppendFailedPlan(std::string& out, const Binding& binding, std::string_view error);

}  // namespace openchoreo::render
