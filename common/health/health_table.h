// The health rules in the languages of the tools that show them, made from the tables of reasons
// and rules: what `openchoreo-gitops health-table` prints. The files in argocd-cmp/install/health,
// flux-source/install and docs/health.md are these texts.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace openchoreo::health {

// An Argo CD health script (Lua without its string library).
struct HealthScript {
  std::string_view name;                    // as on the command line
  std::span<const std::string_view> kinds;  // of openchoreo.dev
};

// binding, binding-zero-is-healthy (a binding at rest is Healthy, not Suspended), rendered-release,
// component.
std::span<const HealthScript> HealthScripts();

// The script's text; "" for a name that is not in HealthScripts().
std::string HealthScriptText(std::string_view name);

// The `data` of an argocd-cm with one script per kind, as YAML.
std::string ArgoConfigText(bool zero_is_healthy);

// The three expressions of Flux's healthCheckExprs for a binding.
struct HealthExpressions {
  std::string in_progress, failed, current;
};

HealthExpressions BindingExpressions();

// `spec.healthCheckExprs` of a Kustomization, as YAML.
std::string FluxChecksText();

// docs/health.md's tables of states and reasons, with the page around them.
std::string HealthPage();

}  // namespace openchoreo::health
