#include "flux-source/doctor.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>

#include "common/base/exit_code.h"
#include "common/base/printable.h"
#include "common/platform/http/client.h"
#include "common/platform/kube/client.h"
#include "common/platform/kube/conditions.h"
#include "flux-source/external_artifact.h"
#include "flux-source/spec.h"

namespace openchoreo::flux {

namespace {

using value::Value;

constexpr std::string_view kGate = "ExternalArtifact=true";

const kube::Condition* Ready(const kube::Live& live, kube::Conditions& conditions) {
  conditions = kube::Conditions::Read(live.object().Get("status", "conditions"));
  return conditions.Find("Ready");
}

// Conditions' messages and answers of servers are others' words.
std::string Shown(std::string_view text) {
  return base::Shown(text, base::LineBreaks::kKeepQuoted);
}

// The arguments of the containers of a Deployment.
std::vector<std::string_view> Arguments(const kube::Live& deployment) {
  std::vector<std::string_view> arguments;
  const Value containers = deployment.object().Get("spec", "template").Get("spec", "containers");
  if (!containers.is_list()) return arguments;
  for (const Value& container : containers.as_list()) {
    const Value args = container.Get("args");
    if (!args.is_list()) continue;
    for (const Value& arg : args.as_list()) arguments.push_back(arg.string_or_empty());
  }
  return arguments;
}

bool HasGate(const kube::Live& deployment) {
  const auto arguments = Arguments(deployment);
  return std::any_of(arguments.begin(), arguments.end(), [](std::string_view argument) {
    return argument.starts_with("--feature-gates") &&
           argument.find(kGate) != std::string_view::npos;
  });
}

bool ReadsArtifacts(const kube::Live& kustomization) {
  return kustomization.object().Get("spec", "sourceRef", "kind").string_or_empty() ==
         "ExternalArtifact";
}

bool SpeaksOfNoConnection(std::string_view message) {
  for (const std::string_view words :
       {"timed out", "timeout", "connection refused", "no route to host", "Could not resolve",
        "no such host", "Failed to connect", "no answer within", "giving up after"}) {
    if (message.find(words) != std::string_view::npos) return true;
  }
  return false;
}

void CheckGate(const ClusterView& view, std::vector<DoctorFinding>& findings) {
  const char* change =
      "add to the patches of flux-system's kustomization.yaml:\n"
      "    - target: {kind: Deployment, name: kustomize-controller}\n"
      "      patch: '[{op: add, path: /spec/template/spec/containers/0/args/-, value: "
      "--feature-gates=ExternalArtifact=true}]'";
  for (const kube::Live& deployment : view.deployments) {
    if (deployment.name() != "kustomize-controller" || HasGate(deployment)) continue;
    findings.push_back({"kustomize-controller in " + std::string(deployment.ns()) +
                            " reads no ExternalArtifacts: its feature gate is off",
                        change});
    return;
  }
  for (const kube::Live& kustomization : view.kustomizations) {
    kube::Conditions conditions;
    const kube::Condition* ready = Ready(kustomization, conditions);
    if (ready == nullptr || !ReadsArtifacts(kustomization)) continue;
    if (ready->message.find("feature gate is disabled") == std::string::npos) continue;
    findings.push_back(
        {"Kustomization " + kube::Text(kustomization.key()) + " says: " + ready->message, change});
    return;
  }
}

void CheckDownloads(const ClusterView& view, std::vector<DoctorFinding>& findings) {
  for (const kube::Live& kustomization : view.kustomizations) {
    kube::Conditions conditions;
    const kube::Condition* ready = Ready(kustomization, conditions);
    if (ready == nullptr || ready->status == "True" || !ReadsArtifacts(kustomization)) continue;
    if (!SpeaksOfNoConnection(ready->message)) continue;
    findings.push_back({"kustomize-controller cannot download for Kustomization " +
                            kube::Text(kustomization.key()) + ": " + ready->message,
                        "check --storage-adv-addr and the Service, and that a NetworkPolicy lets "
                        "flux-system reach "
                        "port 9090 of openchoreo-flux-source"});
    break;
  }
  for (const kube::Live& object : view.objects) {
    kube::Conditions conditions;
    const kube::Condition* ready = Ready(object, conditions);
    if (ready == nullptr || ready->reason != "SourceFetchFailed" ||
        !SpeaksOfNoConnection(ready->message)) {
      continue;
    }
    findings.push_back(
        {"OpenChoreoSource " + kube::Text(object.key()) + " cannot download: " + ready->message,
         "kubectl apply -f flux-source/install/own-namespace/source-controller.yaml "
         "(flux-system's NetworkPolicies let in nobody from other namespaces)"});
    break;
  }
}

// Outside flux-system its policies keep us from source-controller.
void CheckPlacement(const ClusterView& view, std::vector<DoctorFinding>& findings) {
  const bool closed = std::any_of(
      view.network_policies.begin(), view.network_policies.end(), [](const kube::Live& policy) {
        return policy.ns() == "flux-system" && policy.name() == "allow-egress";
      });
  const bool opened = std::any_of(
      view.network_policies.begin(), view.network_policies.end(), [](const kube::Live& policy) {
        return policy.ns() == "flux-system" && policy.name() == "allow-openchoreo-flux-source";
      });
  for (const kube::Live& deployment : view.deployments) {
    if (deployment.name() != kManager || deployment.ns() == "flux-system" || !closed || opened) {
      continue;
    }
    findings.push_back(
        {"openchoreo-flux-source runs in " + std::string(deployment.ns()) +
             ", and flux-system's NetworkPolicies do not let it download",
         "kubectl apply -f flux-source/install/own-namespace/source-controller.yaml"});
  }
}

}  // namespace

std::vector<DoctorFinding> Diagnose(const ClusterView& view) {
  std::vector<DoctorFinding> findings;
  if (!view.our_kind) {
    findings.push_back({"the API server does not know OpenChoreoSource",
                        "openchoreo-flux-source crd | kubectl apply --server-side -f -"});
  }
  if (!view.artifact_kind) {
    findings.push_back({"the API server does not know ExternalArtifact",
                        "install or upgrade Flux: flux install (2.7 or later)"});
  }
  CheckGate(view, findings);
  CheckDownloads(view, findings);
  CheckPlacement(view, findings);
  return findings;
}

int RunDoctor(const Settings& settings) {
  http::Client http;
  auto access = kube::FindAccess(settings.kube.kubeconfig);
  const base::Cancel cancel;
  const auto unreadable = [](const base::Error& error) {
    std::fprintf(stderr, "error: %s\n", Shown(error.message).c_str());
    return base::kUnreadable;
  };
  if (!access) return unreadable(access.error());
  auto client = kube::Client::Connect(*std::move(access), http);
  if (!client) return unreadable(client.error());
  if (auto version = (*client)->GetRaw("/version", cancel); !version)
    return unreadable(version.error());

  ClusterView view;
  const auto has = [&](const kube::Resource& resource) {
    auto kinds = (*client)->Discover(resource.group, resource.version, cancel);
    return kinds && std::any_of(kinds->begin(), kinds->end(), [&](const kube::Resource& kind) {
             return kind.plural == resource.plural;
           });
  };
  view.our_kind = has(OpenChoreoSources());
  view.artifact_kind = has(ExternalArtifacts());
  const auto list = [&](const kube::Resource& resource, std::vector<kube::Live>& into) {
    std::string next;
    do {
      auto page = (*client)->List(
          resource, {}, next,
          [&](const Value& object) { into.push_back(kube::Live::Copy(object)); }, cancel);
      if (!page) {
        if (page.error().code != base::ErrorCode::kNotFound) {
          std::printf("? %s cannot be read: %s\n", resource.plural.c_str(),
                      Shown(page.error().message).c_str());
        }
        return;
      }
      next = page->next;
    } while (!next.empty());
  };
  list({"apps", "v1", "deployments", "Deployment", true}, view.deployments);
  list({"kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization", true},
       view.kustomizations);
  list({"networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true},
       view.network_policies);
  if (view.our_kind) list(OpenChoreoSources(), view.objects);
  const std::vector<DoctorFinding> findings = Diagnose(view);
  for (const DoctorFinding& finding : findings) {
    std::printf("! %s\n  change: %s\n", Shown(finding.what).c_str(), finding.change.c_str());
  }
  if (findings.empty()) std::printf("ok: nothing is in the way\n");
  return findings.empty() ? base::kOk : base::kFailed;
}

}  // namespace openchoreo::flux
