#include "common/networkpolicy/network_policy.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/base/go_format.h"
#include "common/names/k8s_name.h"
#include "common/value/map_builder.h"

namespace openchoreo::networkpolicy {

namespace {

using value::MakeList;
using value::MakeMap;
using value::Value;

constexpr std::string_view kSystemComponentLabel = "openchoreo.dev/system-component";
constexpr std::string_view kPodNamespaceKey = "k8s:io.kubernetes.pod.namespace";

// What one endpoint contributes, in the order the rules list it.
struct Port {
  Value port;  // {port, protocol} as the provider writes it
  std::string_view number;
  bool layer7 = false;
  Value visibility;
};

// Ports by who may reach them. An endpoint that lists both internal and external is in `broad`
// twice.
struct Reach {
  std::vector<const Port*> project, ns, broad;
};

bool IsLayer7(std::string_view type) {
  return type == "HTTP" || type == "GraphQL" || type == "Websocket" || type == "gRPC";
}

std::int64_t PortNumber(const Value& endpoint) {
  const Value port = endpoint.Get("port");
  return port.is_double() ? static_cast<std::int64_t>(port.as_double())
         : port.is_int()  ? port.as_int()
                          : 0;
}

// Endpoints sorted by name (a map is).
std::vector<Port> CollectPorts(const PolicyInput& input, base::Arena& arena) {
  std::vector<Port> ports;
  if (!input.endpoints.is_map()) return ports;
  for (const auto& [name, endpoint] : input.endpoints.as_map()) {
    const std::string_view type = endpoint.Get("type").string_or_empty();
    const Value protocol = Value::String(type == "UDP" ? "UDP" : "TCP");
    std::string text;
    base::AppendInt(text, PortNumber(endpoint));
    Port port;
    port.number = arena.CopyString(text);
    port.layer7 = IsLayer7(type);
    port.visibility = endpoint.Get("visibility");
    const Value number = input.provider == Provider::kCilium ? Value::String(port.number)
                                                             : Value::Int(PortNumber(endpoint));
    port.port = MakeMap(arena, {{"port", number}, {"protocol", protocol}});
    ports.push_back(port);
  }
  return ports;
}

Reach GroupByReach(const std::vector<Port>& ports) {
  Reach reach;
  for (const Port& port : ports) {
    reach.project.push_back(&port);
    if (!port.visibility.is_list()) continue;
    for (const Value& visibility : port.visibility.as_list()) {
      const std::string_view name = visibility.string_or_empty();
      if (name == "namespace") reach.ns.push_back(&port);
      if (name == "internal" || name == "external") reach.broad.push_back(&port);
    }
  }
  return reach;
}

Value PortList(const std::vector<const Port*>& ports, base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const Port* port : ports) list.Add(port->port);
  return list.Build();
}

Value Exists(std::string_view key, base::Arena& arena) {
  return MakeMap(arena, {{"key", Value::String(key)}, {"operator", Value::String("Exists")}});
}

Value SameEnvironmentLabels(const PolicyInput& input, base::Arena& arena) {
  return MakeMap(arena, {{"openchoreo.dev/environment", Value::String(input.environment)},
                         {"openchoreo.dev/namespace", Value::String(input.control_plane_ns)}});
}

Value PolicyMetadata(const PolicyInput& input, base::Arena& arena) {
  std::string name = "openchoreo-";
  name += input.component;
  if (name.size() > names::kMaxResourceName) {
    name = names::GenerateK8sName(names::kMaxResourceName, {"openchoreo", input.component});
  }
  return MakeMap(arena, {{"name", Value::String(arena.CopyString(name))},
                         {"namespace", Value::String(input.ns)}});
}

Value KubernetesRule(Value from, const std::vector<const Port*>& ports, base::Arena& arena) {
  return MakeMap(arena, {{"from", MakeList(arena, {from})}, {"ports", PortList(ports, arena)}});
}

Value KubernetesPolicy(const PolicyInput& input, base::Arena& arena) {
  const std::vector<Port> ports = CollectPorts(input, arena);
  const Reach reach = GroupByReach(ports);
  const Value nothing = MakeMap(arena, {});
  value::ListBuilder rules(arena);
  if (!reach.project.empty()) {
    rules.Add(KubernetesRule(MakeMap(arena, {{"podSelector", nothing}}), reach.project, arena));
  }
  if (!reach.ns.empty()) {
    const Value selector = MakeMap(arena, {{"matchLabels", SameEnvironmentLabels(input, arena)}});
    rules.Add(KubernetesRule(MakeMap(arena, {{"namespaceSelector", selector}}), reach.ns, arena));
  }
  if (!reach.broad.empty()) {
    const Value selector = MakeMap(
        arena, {{"matchExpressions", MakeList(arena, {Exists(kSystemComponentLabel, arena)})}});
    rules.Add(
        KubernetesRule(MakeMap(arena, {{"namespaceSelector", nothing}, {"podSelector", selector}}),
                       reach.broad, arena));
  }
  const bool any = rules.size() > 0;
  const Value spec =
      MakeMap(arena, {{"ingress", any ? rules.Build() : Value::Omit()},
                      {"podSelector", MakeMap(arena, {{"matchLabels", input.pod_selectors}})},
                      {"policyTypes", MakeList(arena, {Value::String("Ingress")})}});
  return MakeMap(arena, {{"apiVersion", Value::String("networking.k8s.io/v1")},
                         {"kind", Value::String("NetworkPolicy")},
                         {"metadata", PolicyMetadata(input, arena)},
                         {"spec", spec}});
}

// Ports that Cilium sends through its HTTP proxy apart from the others.
Value CiliumToPorts(const std::vector<const Port*>& ports, base::Arena& arena) {
  std::vector<const Port*> layer7, layer4;
  for (const Port* port : ports) (port->layer7 ? layer7 : layer4).push_back(port);
  value::ListBuilder result(arena);
  if (!layer7.empty()) {
    const Value http = MakeMap(arena, {{"http", MakeList(arena, {MakeMap(arena, {})})}});
    result.Add(MakeMap(arena, {{"ports", PortList(layer7, arena)}, {"rules", http}}));
  }
  if (!layer4.empty()) result.Add(MakeMap(arena, {{"ports", PortList(layer4, arena)}}));
  return result.Build();
}

Value CiliumRule(Value from, const std::vector<const Port*>& ports, base::Arena& arena) {
  return MakeMap(arena, {{"fromEndpoints", MakeList(arena, {from})},
                         {"toPorts", CiliumToPorts(ports, arena)}});
}

Value CiliumPolicy(const PolicyInput& input, base::Arena& arena) {
  std::vector<Port> ports = CollectPorts(input, arena);
  // By the text of the number, as upstream; ports of one number keep the order of their names.
  std::stable_sort(ports.begin(), ports.end(),
                   [](const Port& a, const Port& b) { return a.number < b.number; });
  const Reach reach = GroupByReach(ports);
  value::ListBuilder rules(arena);
  if (!reach.project.empty()) rules.Add(CiliumRule(MakeMap(arena, {}), reach.project, arena));
  if (!reach.ns.empty()) {
    const Value from =
        MakeMap(arena, {{"matchExpressions", MakeList(arena, {Exists(kPodNamespaceKey, arena)})},
                        {"matchLabels", SameEnvironmentLabels(input, arena)}});
    rules.Add(CiliumRule(from, reach.ns, arena));
  }
  if (!reach.broad.empty()) {
    const Value from =
        MakeMap(arena, {{"matchExpressions", MakeList(arena, {Exists(kSystemComponentLabel, arena),
                                                              Exists(kPodNamespaceKey, arena)})}});
    rules.Add(CiliumRule(from, reach.broad, arena));
  }
  const Value spec =
      MakeMap(arena, {{"endpointSelector", MakeMap(arena, {{"matchLabels", input.pod_selectors}})},
                      {"ingress", rules.Build()}});
  return MakeMap(arena, {{"apiVersion", Value::String("cilium.io/v2")},
                         {"kind", Value::String("CiliumNetworkPolicy")},
                         {"metadata", PolicyMetadata(input, arena)},
                         {"spec", spec}});
}

}  // namespace

Provider ProviderOf(const value::Value& data_plane_annotations) {
  const bool cilium =
      data_plane_annotations.Get("openchoreo.dev/networkpolicyprovider").string_or_empty() ==
      "cilium";
  return cilium ? Provider::kCilium : Provider::kKubernetes;
}

value::Value MakeComponentPolicy(const PolicyInput& input, base::Arena& arena) {
  return input.provider == Provider::kCilium ? CiliumPolicy(input, arena)
                                             : KubernetesPolicy(input, arena);
}

}  // namespace openchoreo::networkpolicy
