#include "common/resource/known_kinds.h"

#include <algorithm>
#include <string>

#include "common/base/ascii.h"
#include "common/base/edit_distance.h"
#include "common/base/printable.h"
#include "common/base/utf8.h"
#include "common/names/kind.h"

namespace openchoreo::resource {
namespace {

constexpr std::string_view kOtherKinds[] = {
    "API",
    "APIBinding",
    "APIClass",
    "Addon",
    "AuthzClusterRole",
    "AuthzClusterRoleBinding",
    "AuthzRole",
    "AuthzRoleBinding",
    "Build",
    "BuildPlane",
    "ClusterAuthzRole",
    "ClusterAuthzRoleBinding",
    "ClusterBuildPlane",
    "ComponentDeployment",
    "ComponentEnvSnapshot",
    "ComponentTypeDefinition",
    "ComponentWorkflow",
    "ComponentWorkflowRun",
    "ConfigurationGroup",
    "DeployableArtifact",
    "Deployment",
    "DeploymentRevision",
    "DeploymentTrack",
    "Endpoint",
    "EndpointV2",
    "GitCommitRequest",
    "ObservabilityAlertRule",
    "Release",
    "ReleaseConfig",
    "RenderedRelease",
    "ScheduledTask",
    "ScheduledTaskBinding",
    "ScheduledTaskClass",
    "Service",
    "ServiceBinding",
    "ServiceClass",
    "WebApplication",
    "WebApplicationBinding",
    "WebApplicationClass",
    "WorkflowRun",
};

// Words other projects have kinds of, too.
constexpr std::string_view kCommonWords[] = {
    "API",          "Addon",         "Build",           "Component",
    "DataPlane",    "Deployment",    "Endpoint",        "Environment",
    "Organization", "Project",       "Release",         "Resource",
    "ResourceType", "ScheduledTask", "Service",         "ServiceBinding",
    "ServiceClass", "Trait",         "WebApplication",  "Workflow",
    "WorkflowRun",  "Workload",      "ClusterWorkflow",
};

bool Holds(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Whether `kind`, which is not `known`, was meant to be it.
bool IsMeant(std::string_view kind, std::string_view known) {
  const std::string a = base::AsciiLower(kind), b = base::AsciiLower(known);
  if (a == b || a == b + "s" || a == b + "es") return true;
  // Short words are near each other anyway.
  const std::size_t limit = known.size() < 6 ? 1 : 2;
  return base::EditDistance(a, b, limit) <= limit;
}

}  // namespace

bool IsUnreadKind(std::string_view kind) { return Holds(kOtherKinds, kind); }

bool IsTellingKind(std::string_view kind) {
  return (names::KindNamed(kind) || IsUnreadKind(kind)) && !Holds(kCommonWords, kind);
}

std::string WithoutInvisible(std::string_view text) {
  constexpr char32_t kSoftHyphen = 0xad, kNonJoiner = 0x200c, kJoiner = 0x200d;
  std::string visible;
  while (!text.empty()) {
    const base::DecodedRune decoded = base::DecodeRune(text);
    const auto rune = static_cast<char32_t>(decoded.rune);
    const bool shows = !decoded.valid || !(base::SteersTerminal(rune) || rune == kSoftHyphen ||
                                           rune == kNonJoiner || rune == kJoiner);
    if (shows) visible.append(text.substr(0, decoded.size));
    text.remove_prefix(decoded.size);
  }
  return visible;
}

std::string_view NearestKind(std::string_view kind) {
  if (kind.empty() || names::KindNamed(kind) || IsUnreadKind(kind)) return {};
  if (const auto known = names::KindNamed(WithoutInvisible(kind))) return names::NameOf(*known);
  const std::string lower = base::AsciiLower(kind);
  std::string_view nearest;
  std::size_t best = 4;
  const auto consider = [&](std::string_view known) {
    if (!IsMeant(kind, known)) return;
    const std::size_t distance = base::EditDistance(lower, base::AsciiLower(known), 3);
    if (distance >= best) return;
    best = distance;
    nearest = known;
  };
  for (int i = 0; i < names::kKindCount; ++i) consider(names::NameOf(static_cast<names::Kind>(i)));
  for (const std::string_view known : kOtherKinds) consider(known);
  return nearest;
}

}  // namespace openchoreo::resource
