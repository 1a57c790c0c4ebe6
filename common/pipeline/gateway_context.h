// The gateway a template sees: that of a data plane, or an environment's laid over it.
// Follows openchoreo internal/pipeline/component/context/component.go and
// internal/pipeline/project/gateway.go.
#pragma once

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

// What becomes of `ingress: {}`: the component pipeline keeps it, project and resource pipelines
// drop it.
enum class EmptyNetwork : std::uint8_t { kKeep, kDrop };

// From DataPlane.spec.gateway (may be null). kOmit if there is neither ingress nor egress.
value::Value GatewayOf(const value::Value& gateway, EmptyNetwork empty, base::Arena& arena);

// Environment over data plane, each of ingress/egress and external/internal as a whole; kOmit if
// nothing is left.
value::Value MergedGateway(const value::Value& environment_gateway,
                           const value::Value& data_plane_gateway, base::Arena& arena);

}  // namespace openchoreo::pipeline
