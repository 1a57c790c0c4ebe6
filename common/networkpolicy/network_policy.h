// The ingress policy OpenChoreo adds to every v1.x component, from the endpoints its workload
// declares. Follows openchoreo internal/networkpolicy and internal/controller/releasebinding
// (v1.x). Bindings of the old dialect have none.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::networkpolicy {

enum class Provider : std::uint8_t {
  kKubernetes,  // networking.k8s.io/v1 NetworkPolicy
  kCilium,      // cilium.io/v2 CiliumNetworkPolicy, with L7 rules for HTTP-like endpoints
};

// From a data plane's metadata.annotations (a map or null): Cilium iff
// openchoreo.dev/networkpolicyprovider is "cilium".
Provider ProviderOf(const value::Value& data_plane_annotations);

struct PolicyInput {
  std::string_view ns;                // where the policy lives (target namespace)
  std::string_view control_plane_ns;  // the component's own namespace
  std::string_view environment;
  std::string_view component;
  value::Value pod_selectors;  // string map
  value::Value endpoints;      // Workload.spec.endpoints by name; map or null
  Provider provider = Provider::kKubernetes;
};

// The one policy object; also without endpoints. Its memory is in `arena` and the input.
value::Value MakeComponentPolicy(const PolicyInput& input, base::Arena& arena);

}  // namespace openchoreo::networkpolicy
