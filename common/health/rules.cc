#include "common/health/rules.h"

#include "common/health/rule_functions.h"
#include "common/names/api_version.h"

namespace openchoreo::health {

using value::Value;

namespace {

struct Rule {
  std::string_view group, kind;  // "*x": what ends in x
  RuleFunction judge;
};

// OpenChoreo's own rules; whatever is not named is Healthy by being there.
constexpr Rule kUpstream[] = {
    {"apps", "Deployment", UpstreamDeployment},
    {"apps", "StatefulSet", UpstreamStatefulSet},
    {"", "Pod", UpstreamPod},
    {"batch", "CronJob", UpstreamCronJob},
    {"*", "*", ExistenceRule},
};

struct StrictRow {
  RuleText text;
  RuleFunction judge;
};

constexpr StrictRow kStrict[] = {
    {{"apps", "Deployment",
      "paused or 0 replicas: Suspended; not seen by its controller: Progressing; deadline "
      "exceeded, pods that cannot be created, or none available after the rollout: "
      "Degraded; too few available for more than 120 s: Degraded, before: Progressing; all "
      "up to date, ready and available: Healthy; else Progressing"},
     DeploymentRule},
    {{"apps", "StatefulSet",
      "0 replicas: Suspended; not seen by its controller, too few ready or available, or "
      "pods too many: Progressing; OnDelete, or its partition up to date: Healthy; pods of "
      "an old revision: Progressing; else Healthy"},
     StatefulSetRule},
    {{"apps", "DaemonSet",
      "not seen by its controller, too few scheduled, ready or available: Progressing; not "
      "OnDelete and too few up to date: Progressing; else Healthy"},
     DaemonSetRule},
    {{"batch", "Job",
      "Failed or FailureTarget True: Degraded; Complete True: Healthy; suspended: "
      "Suspended; else Progressing"},
     JobRule},
    {{"batch", "CronJob",
      "suspended: Suspended; a run at work: Progressing; never scheduled: Healthy; no "
      "success since it was last scheduled: Degraded; else Healthy"},
     CronJobRule},
    {{"", "Pod",
      "Succeeded: Healthy; Failed: Degraded; no phase: Progressing; another phase than "
      "Pending and Running: Unknown; a container or init container that waits with an error"
      " or a back-off: Degraded; Pending: Progressing; Ready: Healthy; else Progressing"},
     PodRule},
    {{"", "Service", "LoadBalancer without an address: Progressing; else Healthy"}, ServiceRule},
    {{"", "PersistentVolumeClaim", "Bound: Healthy; Lost: Degraded; else Progressing"}, ClaimRule},
    {{"", "Namespace", "Terminating: Progressing; else Healthy"}, NamespaceRule},
    {{"autoscaling", "HorizontalPodAutoscaler",
      "AbleToScale False, or an invalid selector: Degraded; scaling disabled: Healthy; not "
      "active for another reason: Progressing, after 300 s Degraded; AbleToScale True: "
      "Healthy; else Progressing"},
     AutoscalerRule},
    {{"networking.k8s.io", "Ingress", "Healthy: many controllers never publish an address"},
     ExistenceRule},
    {{"gateway.networking.k8s.io", "*Route",
      "for each of its gateways: refused, references unresolved or partly invalid: "
      "Degraded; accepted, resolved and programmed: Healthy; else, or no answer: "
      "Progressing. The worst counts; without gateways: Healthy"},
     RouteRule},
    {{"gateway.networking.k8s.io", "Gateway",
      "not accepted, not programmable, or a listener that cannot work: Degraded; Programmed"
      " True: Healthy; else Progressing"},
     GatewayRule},
    {{"cilium.io", "CiliumNetworkPolicy", "Valid False: Degraded; else Healthy"}, CiliumPolicyRule},
    {{"cilium.io", "CiliumClusterwideNetworkPolicy", "Valid False: Degraded; else Healthy"},
     CiliumPolicyRule},
    {{"external-secrets.io", "*",
      "last sync is older than its last change: Progressing; Ready True: Healthy; False: "
      "Degraded; else Progressing"},
     ExternalSecretsRule},
    {{"*.toolkit.fluxcd.io", "*",
      "suspended: Suspended; Stalled: Degraded; Ready not told of its last change: "
      "Progressing; Ready False: Degraded, unless it waits for a dependency or is at work; "
      "Reconciling: Progressing; Ready True: Healthy; else Progressing"},
     ToolkitRule},
    {{"*", "*",
      "no status: Healthy (an operator's kind in its first 15 s: Progressing); Stalled, "
      "Degraded or Failed True: Degraded; refused by a gateway (status.ancestors): "
      "Degraded, not yet accepted: Progressing; Synced False: Degraded, paused: Suspended; "
      "Reconciling: Progressing; Ready, else Available: True Healthy, otherwise "
      "Progressing; last change not seen: Progressing; else Healthy"},
     ConventionRule},
};

bool Matches(std::string_view pattern, std::string_view text) {
  return pattern.starts_with('*') ? text.ends_with(pattern.substr(1)) : text == pattern;
}

RuleFunction UpstreamRule(std::string_view group, std::string_view kind) {
  for (const Rule& rule : kUpstream) {
    if (Matches(rule.group, group) && Matches(rule.kind, kind)) return rule.judge;
  }
  return ExistenceRule;
}

RuleFunction StrictRule(std::string_view group, std::string_view kind) {
  for (const StrictRow& row : kStrict) {
    if (Matches(row.text.group, group) && Matches(row.text.kind, kind)) return row.judge;
  }
  return ConventionRule;
}

}  // namespace

std::vector<RuleText> StrictRules() {
  std::vector<RuleText> texts;
  for (const StrictRow& row : kStrict) texts.push_back(row.text);
  return texts;
}

Judgement JudgeObject(std::string_view api_version, std::string_view kind, const Value& live,
                      const Terms& terms) {
  if (live.is_null()) return Unknown("it is not there");
  if (!live.is_map()) return Unknown("it is no object");
  const std::string_view group = names::GroupOf(api_version);
  LiveObject object(live, group);
  if (terms.mode == Mode::kUpstream) {
    return UpstreamRule(group, kind)(object, terms);
  }
  const bool leaving = !object.Text(object.At("metadata", "deletionTimestamp")).empty();
  const Judgement verdict =
      leaving ? Progressing("it is being deleted") : StrictRule(group, kind)(object, terms);
  return object.misfit() ? Unknown("it is not of the shape its rule needs") : verdict;
}

}  // namespace openchoreo::health
