#include "common/pipeline/endpoint_resources.h"

#include <algorithm>
#include <cctype>
#include <tuple>

#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

enum class SchemaFormat { kNone, kOpenApi, kProto };

std::string_view TrimSpace(std::string_view text) {
  static constexpr std::string_view kSpace = " \t\n\v\f\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// By the schema's own type, else by the endpoint's. Formats without a reader give nothing.
SchemaFormat FormatOf(std::string_view schema_type, std::string_view endpoint_type) {
  std::string type(TrimSpace(schema_type));
  for (char& c : type) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (type.empty()) {
    if (endpoint_type == "HTTP") return SchemaFormat::kOpenApi;
    if (endpoint_type == "gRPC") return SchemaFormat::kProto;
    return SchemaFormat::kNone;
  }
  for (std::string_view name : {"openapi", "openapiv3", "oas", "oas3", "swagger"}) {
    if (type == name) return SchemaFormat::kOpenApi;
  }
  for (std::string_view name : {"proto", "protobuf", "grpc"}) {
    if (type == name) return SchemaFormat::kProto;
  }
  return SchemaFormat::kNone;
}

std::optional<std::vector<Route>> RoutesOf(const Value& endpoint, base::Budget& budget) {
  const Value schema = endpoint.Get("schema");
  const std::string_view content = schema.Get("content").string_or_empty();
  // Reading a document costs about so many steps a byte.
  if (!budget.Spend(1 + content.size() / 2) || TrimSpace(content).empty()) return std::nullopt;
  switch (FormatOf(schema.Get("type").string_or_empty(), endpoint.Get("type").string_or_empty())) {
    case SchemaFormat::kOpenApi:
      return OpenApiRoutes(content, budget);
    case SchemaFormat::kProto:
      return ProtoRoutes(content);
    case SchemaFormat::kNone:
      break;
  }
  return std::nullopt;
}

Value Text(std::string_view text, base::Arena& arena) {
  return value::NonEmpty(arena.CopyString(text));
}

}  // namespace

Value ExtractEndpointResources(const Value& endpoints, base::Arena& arena) {
  value::MapBuilder by_endpoint(arena);
  if (!endpoints.is_map()) return by_endpoint.Build();
  for (const auto& [name, endpoint] : endpoints.as_map()) {
    auto routes = RoutesOf(endpoint, arena.budget());
    if (!routes || routes->empty()) continue;
    std::sort(routes->begin(), routes->end(), [](const Route& a, const Route& b) {
      return std::tie(a.kind, a.service, a.path, a.method) <
             std::tie(b.kind, b.service, b.path, b.method);
    });
    value::ListBuilder list(arena);
    for (const Route& route : *routes) {
      list.Add(value::MakeMap(arena, {{"kind", Value::String(route.kind)},
                                      {"method", Text(route.method, arena)},
                                      {"path", Text(route.path, arena)},
                                      {"service", Text(route.service, arena)}}));
    }
    by_endpoint.Add(name.as_string(), list.Build());
  }
  return by_endpoint.Build();
}

}  // namespace openchoreo::pipeline
