// The rules of mode strict, one function a row of docs/health.md, and upstream's. Internal to this
// room. Each takes an object that is there and not being deleted; the caller looks at misfit().
#pragma once

#include "common/health/live_object.h"
#include "common/health/state.h"

namespace openchoreo::health {

using RuleFunction = Judgement (*)(LiveObject&, const Terms&);

// Upstream's four; everything else is Healthy by being there.
Judgement UpstreamDeployment(LiveObject& live, const Terms& terms);
Judgement UpstreamStatefulSet(LiveObject& live, const Terms& terms);
Judgement UpstreamPod(LiveObject& live, const Terms& terms);
Judgement UpstreamCronJob(LiveObject& live, const Terms& terms);

// What UpstreamDeployment says where only "Available is not True" made it Degraded.
inline constexpr std::string_view kTooFewAvailable = "too few of its pods are available";

// workload_rules.cc
Judgement DeploymentRule(LiveObject& live, const Terms& terms);
Judgement StatefulSetRule(LiveObject& live, const Terms& terms);
Judgement DaemonSetRule(LiveObject& live, const Terms& terms);
Judgement JobRule(LiveObject& live, const Terms& terms);
Judgement CronJobRule(LiveObject& live, const Terms& terms);
Judgement PodRule(LiveObject& live, const Terms& terms);

// network_rules.cc
Judgement ServiceRule(LiveObject& live, const Terms& terms);
Judgement RouteRule(LiveObject& live, const Terms& terms);
Judgement GatewayRule(LiveObject& live, const Terms& terms);
Judgement CiliumPolicyRule(LiveObject& live, const Terms& terms);

// operator_rules.cc
Judgement ExistenceRule(LiveObject& live, const Terms& terms);
Judgement ClaimRule(LiveObject& live, const Terms& terms);
Judgement NamespaceRule(LiveObject& live, const Terms& terms);
Judgement AutoscalerRule(LiveObject& live, const Terms& terms);
Judgement ExternalSecretsRule(LiveObject& live, const Terms& terms);
Judgement ToolkitRule(LiveObject& live, const Terms& terms);
Judgement ConventionRule(LiveObject& live, const Terms& terms);

inline Judgement Healthy(std::string_view why) { return {State::kHealthy, why, std::nullopt}; }

inline Judgement Progressing(std::string_view why) {
  return {State::kProgressing, why, std::nullopt};
}

inline Judgement Degraded(std::string_view why) { return {State::kDegraded, why, std::nullopt}; }

inline Judgement Suspended(std::string_view why) { return {State::kSuspended, why, std::nullopt}; }

inline Judgement Unknown(std::string_view why) { return {State::kUnknown, why, std::nullopt}; }

// `first` while no more than `seconds` have passed since `start`, then `after`. Without either time
// the clock says nothing: `timeless`.
Judgement Clocked(const std::optional<base::Instant>& start, std::int64_t seconds,
                  const Terms& terms, Judgement first, Judgement after, Judgement timeless);

}  // namespace openchoreo::health
