#include "common/render/endpoints.h"

#include <limits>
#include <map>

#include "common/value/map_builder.h"

namespace openchoreo::render {
namespace {

using value::Value;

constexpr std::string_view kGatewayGroup = "gateway.networking.k8s.io/";
constexpr std::string_view kNameLabel = "openchoreo.dev/endpoint-name";
constexpr std::string_view kVisibilityLabel = "openchoreo.dev/endpoint-visibility";
constexpr std::string_view kBasePathAnnotation = "openchoreo.dev/endpoint-base-path";

enum class RouteKind : std::uint8_t { kHttp, kGrpc, kTls };

struct Route {
  const Value* object = nullptr;
  RouteKind kind = RouteKind::kHttp;
};

struct Routes {
  Route external, internal;
};

std::optional<RouteKind> RouteKindOf(const Value& object) {
  if (!object.Get("apiVersion").string_or_empty().starts_with(kGatewayGroup)) return std::nullopt;
  const std::string_view kind = object.Get("kind").string_or_empty();
  if (kind == "HTTPRoute") return RouteKind::kHttp;
  if (kind == "GRPCRoute") return RouteKind::kGrpc;
  if (kind == "TLSRoute") return RouteKind::kTls;
  return std::nullopt;
}

// Which endpoint types a kind of route may expose.
bool Fits(RouteKind kind, std::string_view type) {
  if (type == "gRPC") return true;
  const bool web = type == "HTTP" || type == "GraphQL" || type == "Websocket";
  switch (kind) {
    case RouteKind::kHttp:
      return web;
    case RouteKind::kGrpc:
      return false;
    case RouteKind::kTls:
      return web || type == "TCP";
  }
  return false;
}

// An entry of a map that counts only if all its values are strings (unstructured's
// NestedStringMap).
std::string_view InStringMap(const Value& map, std::string_view key) {
  if (!map.is_map()) return {};
  for (const value::MapEntry& entry : map.as_map()) {
    if (!entry.value.is_string()) return {};
  }
  return map.Get(key).string_or_empty();
}

std::string_view FirstHostname(const Value& object) {
  const Value hostnames = object.Get("spec", "hostnames");
  if (!hostnames.is_list()) return {};
  for (const Value& hostname : hostnames.as_list()) {
    if (!hostname.is_string()) return {};
  }
  return hostnames.size() > 0 ? hostnames.as_list()[0].as_string() : std::string_view();
}

Value First(const Value& list) {
  return list.is_list() && list.size() > 0 ? list.as_list()[0] : Value();
}

std::string_view PathOf(const Route& route) {
  const std::string_view base =
      InStringMap(route.object->Get("metadata", "annotations"), kBasePathAnnotation);
  if (!base.empty()) return base;
  if (route.kind != RouteKind::kHttp) return {};
  return First(First(route.object->Get("spec", "rules")).Get("matches"))
      .Get("path", "value")
      .string_or_empty();
}

std::string_view GatewayScheme(std::string_view type, bool tls) {
  if (type == "HTTP" || type == "GraphQL") return tls ? "https" : "http";
  if (type == "Websocket") return tls ? "wss" : "ws";
  if (type == "gRPC") return tls ? "grpcs" : "grpc";
  if (type == "TCP" && tls) return "tls";
  return {};
}

std::string_view ServiceScheme(std::string_view type) {
  if (type == "Websocket") return "ws";
  if (type == "gRPC") return "grpc";
  if (type == "TCP") return "tcp";
  if (type == "UDP") return "udp";
  return "http";
}

// The number a manifest's JSON would read back as an int64; nothing for fractions and texts.
std::optional<std::int64_t> Integral(const Value& number) {
  if (number.is_int()) return number.as_int();
  if (number.kind() == value::Kind::kUint &&
      number.as_uint() <= std::numeric_limits<std::int64_t>::max()) {
    return number.as_int();
  }
  if (number.is_double()) {
    const double d = number.as_double();
    if (d >= -9.2e18 && d <= 9.2e18 && d == static_cast<double>(static_cast<std::int64_t>(d))) {
      return static_cast<std::int64_t>(d);
    }
  }
  return std::nullopt;
}

std::int64_t PortOf(const Value& map) { return Integral(map.Get("port")).value_or(0); }

std::optional<GatewayUrls> RouteUrls(const Route& route, std::string_view type,
                                     const Value& gateway, base::Budget& budget) {
  const std::string_view hostname = FirstHostname(*route.object);
  if (hostname.empty() || !gateway.is_map()) return std::nullopt;
  const std::string_view path = PathOf(route);
  if (!budget.Take(2 * (hostname.size() + path.size()))) return std::nullopt;
  const auto url = [&](std::string_view listener, bool tls) -> std::optional<EndpointUrl> {
    const Value spec = gateway.Get(listener);
    if (!spec.is_map()) return std::nullopt;
    return EndpointUrl{std::string(GatewayScheme(type, tls)), std::string(hostname), PortOf(spec),
                       std::string(path)};
  };
  GatewayUrls urls;
  if (route.kind == RouteKind::kTls) {
    urls.tls = url("tls", true);
  } else {
    urls.http = url("http", false);
    urls.https = url("https", true);
  }
  if (!urls.http && !urls.https && !urls.tls) return std::nullopt;
  return urls;
}

// Unlike the gateway of templates, the environment's gateway with an ingress replaces the data
// plane's whole.
Endpoints FromRoutes(std::span<const Value> objects, const Value& declared,
                     const Value& environment, const Value& data_plane, base::Budget& budget) {
  std::map<std::string_view, Routes> routes;
  for (const Value& object : objects) {
    const auto kind = RouteKindOf(object);
    if (!kind) continue;
    const Value labels = object.Get("metadata", "labels");
    const std::string_view name = InStringMap(labels, kNameLabel);
    if (name.empty()) continue;
    const Value* endpoint = declared.Find(name);
    if (!endpoint || !Fits(*kind, endpoint->Get("type").string_or_empty())) continue;
    Routes& slot = routes[name];
    const bool external = InStringMap(labels, kVisibilityLabel) == "external";
    (external ? slot.external : slot.internal) = {&object,
                                                  *kind};  // a later route replaces an earlier one
  }
  Value ingress = environment.Get("gateway", "ingress");
  if (!ingress.is_map()) ingress = data_plane.Get("gateway", "ingress");
  Endpoints endpoints;
  for (const auto& [name, slot] : routes) {
    Endpoint endpoint;
    endpoint.name = name;
    endpoint.type = declared.Get(name, "type").string_or_empty();
    if (slot.external.object)
      endpoint.external = RouteUrls(slot.external, endpoint.type, ingress.Get("external"), budget);
    if (slot.internal.object)
      endpoint.internal = RouteUrls(slot.internal, endpoint.type, ingress.Get("internal"), budget);
    endpoints.push_back(std::move(endpoint));
  }
  return endpoints;
}

struct Service {
  std::string_view name, ns;
  std::vector<std::int64_t> ports;
};

std::vector<Service> Services(std::span<const Value> objects, base::Budget& budget) {
  std::vector<Service> services;
  for (const Value& object : objects) {
    if (object.Get("kind").string_or_empty() != "Service" ||
        object.Get("apiVersion").string_or_empty() != "v1")
      continue;
    Service service{object.Get("metadata", "name").string_or_empty(),
                    object.Get("metadata", "namespace").string_or_empty(),
                    {}};
    if (const Value ports = object.Get("spec", "ports"); ports.is_list()) {
      if (!budget.Spend(1 + 4 * ports.size())) break;
      for (const Value& port : ports.as_list()) {
        const auto number = Integral(port.Get("port"));
        if (number && *number > 0 && *number <= std::numeric_limits<std::int32_t>::max()) {
          service.ports.push_back(*number);
        }
      }
    }
    services.push_back(std::move(service));
  }
  return services;
}

// The Service whose ports match most endpoint ports; the first of equals; a lone one always.
const Service* BestService(const std::vector<Service>& services, const Value& declared,
                           base::Budget& budget) {
  if (services.size() < 2) return services.empty() ? nullptr : &services.front();
  const Service* best = nullptr;
  int best_count = -1;
  for (const Service& service : services) {
    int count = 0;
    for (std::int64_t port : service.ports) {
      if (!budget.Spend(1 + declared.size())) return nullptr;
      for (const value::MapEntry& endpoint : declared.as_map()) {
        if (PortOf(endpoint.value) == port) {
          ++count;
          break;
        }
      }
    }
    if (count > best_count) {
      best_count = count;
      best = &service;
    }
  }
  return best;
}

void AddServiceUrls(std::span<const Value> objects, const Value& declared, Endpoints& endpoints,
                    base::Budget& budget) {
  const std::vector<Service> services = Services(objects, budget);
  const Service* service = BestService(services, declared, budget);
  if (!service) return;
  const std::size_t routed = endpoints.size();
  for (const value::MapEntry& entry : declared.as_map()) {
    const std::int64_t port = PortOf(entry.value);
    bool has = false;
    if (!budget.Spend(1 + service->ports.size() + routed)) return;
    for (std::int64_t candidate : service->ports) has = has || candidate == port;
    if (!has) continue;
    if (!budget.Take(sizeof(Endpoint) + service->name.size() + service->ns.size())) return;
    const std::string_view type = entry.value.Get("type").string_or_empty();
    EndpointUrl url{
        std::string(ServiceScheme(type)),
        std::string(service->name) + "." + std::string(service->ns) + ".svc.cluster.local", port,
        std::string(entry.value.Get("basePath").string_or_empty())};
    Endpoint* endpoint = nullptr;
    for (std::size_t i = 0; i < routed; ++i) {
      if (endpoints[i].name == entry.key.as_string()) endpoint = &endpoints[i];
    }
    if (!endpoint) {
      endpoint = &endpoints.emplace_back();
      endpoint->name = entry.key.as_string();
      endpoint->type = type;
    }
    endpoint->service = std::move(url);
  }
}

Value UrlsValue(const GatewayUrls& urls, base::Arena& arena) {
  value::MapBuilder map(arena);
  if (urls.http) map.Add("http", ToValue(*urls.http, arena));
  if (urls.https) map.Add("https", ToValue(*urls.https, arena));
  if (urls.tls) map.Add("tls", ToValue(*urls.tls, arena));
  return map.Build();
}

}  // namespace

Endpoints ResolveEndpoints(std::span<const Value> objects, const Value& declared,
                           const Value& environment, const Value& data_plane,
                           base::Budget& budget) {
  if (!declared.is_map() || declared.size() == 0) return {};
  Endpoints endpoints = FromRoutes(objects, declared, environment, data_plane, budget);
  AddServiceUrls(objects, declared, endpoints, budget);
  return endpoints;
}

Value ToValue(const EndpointUrl& url, base::Arena& arena) {
  value::MapBuilder map(arena);
  map.Add("host", Value::String(url.host));
  map.AddNonEmpty("path", url.path);
  if (url.port != 0) map.Add("port", Value::Int(url.port));
  map.AddNonEmpty("scheme", url.scheme);
  return map.Build();
}

Value ToValue(const Endpoints& endpoints, base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const Endpoint& endpoint : endpoints) {
    value::MapBuilder map(arena);
    map.Add("name", Value::String(endpoint.name));
    map.AddNonEmpty("type", endpoint.type);
    if (endpoint.service) map.Add("serviceURL", ToValue(*endpoint.service, arena));
    if (endpoint.internal) map.Add("internalURLs", UrlsValue(*endpoint.internal, arena));
    if (endpoint.external) map.Add("externalURLs", UrlsValue(*endpoint.external, arena));
    list.Add(map.Build());
  }
  return list.Build();
}

std::string FormatAddress(const EndpointUrl& url) {
  std::string address;
  for (std::string_view scheme : {"http", "https", "ws", "wss", "tls"}) {
    if (url.scheme == scheme) address = url.scheme + "://";
  }
  address += url.host;
  if (url.port != 0) address += ":" + std::to_string(url.port);
  if (!url.path.empty()) {
    if (url.path.front() != '/') address += '/';
    address += url.path;
  }
  return address;
}

}  // namespace openchoreo::render
