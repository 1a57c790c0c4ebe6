// What bindings of the old dialect (v0.9–v0.12, and v0.13–v0.15) do differently in the component
// pipeline. Follows openchoreo internal/pipeline/component at tag v0.12.0. Everything else is
// common.
//
//   context   workload.containers, configurations by container name, dataplane.publicVirtualHost,
//             envOverrides; no environment, gateway, dependencies, derived; macros that take the
//             container's name (common/cel)
//   schemas   shorthand, values pruned to it (common/schema)
//   labels    project, component and environment only, whatever the metadata holds
//   hash      no pod template annotation
//   patches   other words for a filter that matches nothing
#pragma once

#include <string>

#include "common/base/arena.h"
#include "common/pipeline/component_pipeline.h"
#include "common/pipeline/slots.h"
#include "common/value/value.h"

namespace openchoreo::pipeline::v012 {

// The variables all contexts of one binding share.
Slots BuildSharedSlots(const ComponentInput& input, base::Arena& arena);

// The labels every object gets.
value::Value ForcedLabels(const Metadata& metadata, base::Arena& arena);

// A patch error of the v1.x engine in v0.12's words.
std::string PatchErrorText(std::string message);

}  // namespace openchoreo::pipeline::v012
