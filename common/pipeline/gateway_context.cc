#include "common/pipeline/gateway_context.h"

#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::MakeMap;
using value::NonEmpty;
using value::Value;

// Null and absent are alike: upstream's pointers are nil for both.
Value OrOmit(const Value& value) { return value.is_map() ? value : Value::Omit(); }

Value Text(const Value& owner, std::string_view key) {
  return NonEmpty(owner.Get(key).string_or_empty());
}

Value Port(const Value& port) {
  if (!port.is_int()) return port.is_double() && port.as_double() != 0 ? port : Value::Omit();
  return port.as_int() == 0 ? Value::Omit() : Value::Double(static_cast<double>(port.as_int()));
}

Value Listener(const Value& listener, base::Arena& arena) {
  if (!listener.is_map()) return Value::Omit();
  return MakeMap(arena, {{"host", Text(listener, "host")},
                         {"listenerName", Text(listener, "listenerName")},
                         {"port", Port(listener.Get("port"))}});
}

Value Endpoint(const Value& endpoint, base::Arena& arena) {
  if (!endpoint.is_map()) return Value::Omit();
  return MakeMap(arena, {{"http", Listener(endpoint.Get("http"), arena)},
                         {"https", Listener(endpoint.Get("https"), arena)},
                         {"name", Text(endpoint, "name")},
                         {"namespace", Text(endpoint, "namespace")},
                         {"tls", Listener(endpoint.Get("tls"), arena)}});
}

Value Network(const Value& external, const Value& internal, EmptyNetwork empty,
              base::Arena& arena) {
  const Value network = MakeMap(
      arena, {{"external", Endpoint(external, arena)}, {"internal", Endpoint(internal, arena)}});
  return network.size() == 0 && empty == EmptyNetwork::kDrop ? Value::Omit() : network;
}

Value NetworkOf(const Value& network, EmptyNetwork empty, base::Arena& arena) {
  if (!network.is_map()) return Value::Omit();
  return Network(network.Get("external"), network.Get("internal"), empty, arena);
}

Value Gateway(const Value& ingress, const Value& egress, base::Arena& arena) {
  if (ingress.is_omit() && egress.is_omit()) return Value::Omit();
  return MakeMap(arena, {{"egress", egress}, {"ingress", ingress}});
}

Value MergedNetwork(const Value& environment, const Value& data_plane, base::Arena& arena) {
  const auto pick = [&](std::string_view key) {
    const Value own = OrOmit(environment.Get(key));
    return own.is_omit() ? data_plane.Get(key) : own;
  };
  return Network(pick("external"), pick("internal"), EmptyNetwork::kDrop, arena);
}

}  // namespace

Value GatewayOf(const Value& gateway, EmptyNetwork empty, base::Arena& arena) {
  return Gateway(NetworkOf(gateway.Get("ingress"), empty, arena),
                 NetworkOf(gateway.Get("egress"), empty, arena), arena);
}

Value MergedGateway(const Value& environment_gateway, const Value& data_plane_gateway,
                    base::Arena& arena) {
  const auto merged = [&](std::string_view key) {
    return MergedNetwork(environment_gateway.Get(key), data_plane_gateway.Get(key), arena);
  };
  return Gateway(merged("ingress"), merged("egress"), arena);
}

}  // namespace openchoreo::pipeline
