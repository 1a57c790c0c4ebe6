#include "common/names/kind.h"

namespace openchoreo::names {
namespace {

constexpr std::string_view kNames[kKindCount] = {
    "ComponentType",
    "ClusterComponentType",
    "Trait",
    "ClusterTrait",
    "ProjectType",
    "ClusterProjectType",
    "ResourceType",
    "ClusterResourceType",
    "DataPlane",
    "ClusterDataPlane",
    "ObservabilityPlane",
    "ClusterObservabilityPlane",
    "ObservabilityAlertsNotificationChannel",
    "Environment",
    "DeploymentPipeline",
    "SecretReference",
    "Project",
    "ProjectRelease",
    "ProjectReleaseBinding",
    "Component",
    "Workload",
    "ComponentRelease",
    "ReleaseBinding",
    "Resource",
    "ResourceRelease",
    "ResourceReleaseBinding",
    "Organization",
    "Workflow",
    "ClusterWorkflow",
    "WorkflowPlane",
    "ClusterWorkflowPlane",
};

}  // namespace

std::string_view NameOf(Kind kind) { return kNames[static_cast<int>(kind)]; }

std::optional<Kind> KindNamed(std::string_view name) {
  for (int i = 0; i < kKindCount; ++i) {
    if (kNames[i] == name) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

bool IsClusterScoped(Kind kind) {
  return kind == Kind::kOrganization || NameOf(kind).starts_with("Cluster");
}

}  // namespace openchoreo::names
