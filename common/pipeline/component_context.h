// The variables templates of component types and traits see.
// Follows openchoreo internal/pipeline/component/context/{component,trait,types}.go; every number
// is a double, absent optional fields are absent keys, since upstream sends the whole context
// through JSON.
#pragma once

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/pipeline/compiled_definition.h"
#include "common/pipeline/component_pipeline.h"
#include "common/pipeline/slots.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

// Which names the context of this input has.
ContextStyle StyleOf(const ComponentInput& input);

// The variables all contexts of one binding share: metadata, dataplane, environment, gateway,
// workload, configurations, dependencies, derived. `endpoint_resources`: whether a template asks
// for parsed API schemas.
struct SharedContext {
  Slots slots;
  ContextShape shape;
};

SharedContext BuildSharedContext(const ComponentInput& input, bool endpoint_resources,
                                 base::Arena& arena);

// The v1.x pieces, one by one. `container` is the effective one.
value::Value MetadataValue(const Metadata& metadata, base::Arena& arena);
value::Value DataPlaneValue(const value::Value& spec, const value::Value& annotations,
                            base::Arena& arena);
value::Value WorkloadValue(const value::Value& container, const value::Value& endpoints,
                           base::Arena& arena);
value::Value ContainerValue(const value::Value& container, base::Arena& arena);
value::Value DependenciesValue(const value::Value& items, const value::Value& resources,
                               base::Arena& arena);

// Upstream's extractParameters: an error "<what>: failed to unmarshal parameters: json: …" at
// `place` where `raw` is neither a map nor null.
base::Result<void> CheckIsMap(const value::Value& raw, std::string_view what,
                              const base::Place& place);

// Defaults and validates one section; {} where the definition has no such section. `raw`: a map, or
// null for none. Error: "parameters validation failed: …" at `place`.
base::Result<value::Value> ApplySection(const SchemaSection& section, const value::Value& raw,
                                        std::string_view name, const base::Place& place,
                                        base::Arena& arena);

}  // namespace openchoreo::pipeline
