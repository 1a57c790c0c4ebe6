// ResourcesReady of a ReleaseBinding from the states of its objects. Internal to this room.
#pragma once

#include <span>

#include "common/health/condition_set.h"

namespace openchoreo::health {

// `resources` is not empty. Follows openchoreo internal/controller/releasebinding
// {controller_status,workload_type}.go; mode strict as docs/health.md.
Verdict Aggregate(std::string_view component_type, std::span<const Observed> resources, Mode mode,
                  Version version);

// Does this object's state let a binding be ready?
bool Passes(const Observed& resource, Mode mode);

}  // namespace openchoreo::health
