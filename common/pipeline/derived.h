// The `derived` variable: what the receiver macros (configurations.toVolumes(),
// workload.toServicePorts(), …) read. Follows openchoreo
// internal/pipeline/component/context/derived.go and cel_return_types.go.
#pragma once

#include <string_view>

#include "common/base/arena.h"
#include "common/pipeline/configurations.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

struct DerivedInput {
  const Configurations& configurations;
  value::Value endpoints;           // of the context: by name, ports defaulted
  value::Value dependencies;        // of the context: envVars, volumeMounts, volumes
  value::Value endpoint_resources;  // by endpoint name; {} unless a template asks for it
  std::string_view prefix;          // component-environment
};

value::Value BuildDerived(const DerivedInput& input, base::Arena& arena);

// One entry per port and protocol, in endpoint order, names made unique within 15 characters.
value::Value ServicePorts(const value::Value& endpoints, base::Arena& arena);

}  // namespace openchoreo::pipeline
