// Endpoint URLs of a binding, from the manifests it renders. Follows openchoreo
// internal/controller/releasebinding (resolveEndpointURLStatuses, resolveServiceURLs).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::render {

struct EndpointUrl {
  std::string scheme, host;
  std::int64_t port = 0;
  std::string path;

  bool operator==(const EndpointUrl&) const = default;
};

struct GatewayUrls {
  std::optional<EndpointUrl> http, https, tls;

  bool operator==(const GatewayUrls&) const = default;
};

struct Endpoint {
  std::string name, type;
  std::optional<EndpointUrl> service;
  std::optional<GatewayUrls> internal, external;

  bool operator==(const Endpoint&) const = default;
};

using Endpoints = std::vector<Endpoint>;

// `objects` are those for the data plane, in final order; `declared` is Workload.spec.endpoints of
// the release (a map or null); the last two are specs of Environment and DataPlane.
Endpoints ResolveEndpoints(std::span<const value::Value> objects, const value::Value& declared,
                           const value::Value& environment, const value::Value& data_plane,
                           base::Budget& budget);

// As upstream writes an EndpointURL. Strings point into `url`.
value::Value ToValue(const EndpointUrl& url, base::Arena& arena);

// As upstream writes status.endpoints. Strings point into `endpoints`.
value::Value ToValue(const Endpoints& endpoints, base::Arena& arena);

// "http://host:80/path", or "host:port/path" for schemes without a URL form.
std::string FormatAddress(const EndpointUrl& url);

}  // namespace openchoreo::render
