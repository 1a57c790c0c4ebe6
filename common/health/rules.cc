#include "common/health/rules.h"

#include "common/health/rule_functions.h"

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

constexpr Rule kStrict[] = {
    {"apps", "Deployment", DeploymentRule},
    {"apps", "StatefulSet", StatefulSetRule},
    {"apps", "DaemonSet", DaemonSetRule},
    {"batch", "Job", JobRule},
    {"batch", "CronJob", CronJobRule},
    {"", "Pod", PodRule},
    {"", "Service", ServiceRule},
    {"", "PersistentVolumeClaim", ClaimRule},
    {"", "Namespace", NamespaceRule},
    {"autoscaling", "HorizontalPodAutoscaler", AutoscalerRule},
    {"networking.k8s.io", "Ingress", ExistenceRule},
    {"gateway.networking.k8s.io", "*Route", RouteRule},
    {"gateway.networking.k8s.io", "Gateway", GatewayRule},
    {"cilium.io", "CiliumNetworkPolicy", CiliumPolicyRule},
    {"cilium.io", "CiliumClusterwideNetworkPolicy", CiliumPolicyRule},
    {"external-secrets.io", "*", ExternalSecretsRule},
    {"*.toolkit.fluxcd.io", "*", ToolkitRule},
    {"*", "*", ConventionRule},
};

bool Matches(std::string_view pattern, std::string_view text) {
  return pattern.starts_with('*') ? text.ends_with(pattern.substr(1)) : text == pattern;
}

RuleFunction RuleFor(std::span<const Rule> rules, std::string_view group, std::string_view kind) {
  for (const Rule& rule : rules) {
    if (Matches(rule.group, group) && Matches(rule.kind, kind)) return rule.judge;
  }
  return ExistenceRule;
}

}  // namespace

std::string_view GroupOf(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

Judgement JudgeObject(std::string_view api_version, std::string_view kind, const Value& live,
                      const Terms& terms) {
  if (live.is_null()) return Unknown("it is not there");
  if (!live.is_map()) return Unknown("it is no object");
  const std::string_view group = GroupOf(api_version);
  LiveObject object(live, group);
  if (terms.mode == Mode::kUpstream) {
    return RuleFor(kUpstream, group, kind)(object, terms);
  }
  const bool leaving = !object.Text(object.At("metadata", "deletionTimestamp")).empty();
  const Judgement verdict =
      leaving ? Progressing("it is being deleted") : RuleFor(kStrict, group, kind)(object, terms);
  return object.misfit() ? Unknown("it is not of the shape its rule needs") : verdict;
}

}  // namespace openchoreo::health
