// The Go structs upstream hashes into release names (api/v1alpha1 and the controllers'
// ReleaseSpec).
#pragma once

#include "common/release/go_struct.h"

namespace openchoreo::release {

// v1.x: internal/controller/{component,project,resource} ReleaseSpec, read off the release's spec.
extern const GoType kComponentReleaseSpec;
extern const GoType kProjectReleaseSpec;
extern const GoType kResourceReleaseSpec;

// v0.12.0: internal/controller/component ReleaseSpec, read off {componentType: <spec>, traits:
// {name: spec}, componentProfile, workload}.
extern const GoType kOldComponentReleaseSpec;

}  // namespace openchoreo::release
