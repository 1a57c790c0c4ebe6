// The kinds rendering reads (design: those with a CRD of openchoreo.dev), and what sets each apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace openchoreo::names {

enum class Kind : std::uint8_t {
  kComponentType,
  kClusterComponentType,
  kTrait,
  kClusterTrait,
  kProjectType,
  kClusterProjectType,
  kResourceType,
  kClusterResourceType,
  kDataPlane,
  kClusterDataPlane,
  kObservabilityPlane,
  kClusterObservabilityPlane,
  kObservabilityAlertsNotificationChannel,
  kEnvironment,
  kDeploymentPipeline,
  kSecretReference,
  kProject,
  kProjectRelease,
  kProjectReleaseBinding,
  kComponent,
  kWorkload,
  kComponentRelease,
  kReleaseBinding,
  kResource,
  kResourceRelease,
  kResourceReleaseBinding,
  kOrganization,
  kWorkflow,
  kClusterWorkflow,
  kWorkflowPlane,
  kClusterWorkflowPlane,
};

inline constexpr int kKindCount = static_cast<int>(Kind::kClusterWorkflowPlane) + 1;

std::string_view NameOf(Kind kind);  // "ReleaseBinding"
std::optional<Kind> KindNamed(std::string_view name);
bool IsClusterScoped(Kind kind);

// Which shapes a resource was written in, and so which rendering rules its bindings follow.
enum class Dialect : std::uint8_t {
  kV1,    // v1.x
  kV012,  // v0.9–v0.12 (and the shapes up to v0.17 that differ from both)
};

}  // namespace openchoreo::names
