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
//   patches   no [*]; a filter on something that is no list matches nothing; other words for that
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/patch/patch.h"
#include "common/pipeline/component_pipeline.h"
#include "common/pipeline/slots.h"
#include "common/value/value.h"

namespace openchoreo::pipeline::v012 {

// The variables all contexts of one binding share.
Slots BuildSharedSlots(const ComponentInput& input, base::Arena& arena);

// The labels every object gets.
value::Value ForcedLabels(const Metadata& metadata, base::Arena& arena);

// The first operation whose path v0.12 cannot read ([*] came later): "operation #1 failed: …"; ""
// if none.
std::string UnsupportedPath(std::span<const patch::Operation> operations);

// A patch error of the v1.x engine in v0.12's words; `path` is that of the operation that failed.
std::string PatchErrorText(std::string message, std::string_view path);

}  // namespace openchoreo::pipeline::v012
