// Where each context variable stands in the array of values every expression of the pipelines is
// rendered with: one fixed layout, so that contexts are filled and loop variables bound without
// name look-ups.
#pragma once

#include <array>

#include "common/value/value.h"

namespace openchoreo::pipeline {

enum Slot : int {
  kMetadata,
  kDataPlane,
  kEnvironment,
  kGateway,  // declared only where there is a gateway, as upstream
  kParameters,
  kEnvironmentConfigs,  // named envOverrides in the old dialect
  kWorkload,
  kConfigurations,
  kDependencies,
  kDerived,  // backing store of the receiver macros
  kTrait,    // traits only
  kApplied,  // outputs of resource types only
  kAlias,    // a second name of kEnvironmentConfigs or kDependencies for v0.16–v0.17 templates
  kAlias2,
  kLoop,      // variable of forEach, unless it shadows one of the above
  kResource,  // the object a `where` or a post-render rule looks at
  kSlotCount,
};

using Slots = std::array<value::Value, kSlotCount>;

}  // namespace openchoreo::pipeline
