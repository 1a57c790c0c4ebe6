// Routes of a workload's endpoints, read from the API schemas it declares: what
// workload.toEndpointResources(name) gives.
// Follows openchoreo internal/pipeline/component/schemaextract. A schema that cannot be parsed
// counts as none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

struct Route {
  std::string_view kind;  // "HTTP" or "gRPC"
  std::string service;    // gRPC: with its package
  std::string method;     // GET, …; gRPC: the method's name
  std::string path;       // HTTP
};

// {endpoint: [{kind, service?, method, path?}]}, endpoints without routes left out, routes sorted.
value::Value ExtractEndpointResources(const value::Value& endpoints, base::Arena& arena);

// The operations of an OpenAPI v3 document, YAML or JSON; nothing if it is not one
// (openapi_routes.cc).
std::optional<std::vector<Route>> OpenApiRoutes(std::string_view document, base::Budget& budget);

// The methods of the services of a .proto file; nothing if it does not compile on its own
// (proto_routes.cc).
std::optional<std::vector<Route>> ProtoRoutes(std::string_view source);

}  // namespace openchoreo::pipeline
