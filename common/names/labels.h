// Keys of the labels and annotations that rendered objects carry (openchoreo
// internal/labels/labels.go).
#pragma once

#include <string_view>

namespace openchoreo::names::labels {

inline constexpr std::string_view kManager = "openchoreo-gitops";  // value of the first two
inline constexpr std::string_view kManagedBy = "openchoreo.dev/managed-by";
inline constexpr std::string_view kCreatedBy = "openchoreo.dev/created-by";

inline constexpr std::string_view kOrganization = "openchoreo.dev/organization";
inline constexpr std::string_view kNamespace = "openchoreo.dev/namespace";
inline constexpr std::string_view kProject = "openchoreo.dev/project";
inline constexpr std::string_view kProjectUid = "openchoreo.dev/project-uid";
inline constexpr std::string_view kComponent = "openchoreo.dev/component";
inline constexpr std::string_view kComponentUid = "openchoreo.dev/component-uid";
inline constexpr std::string_view kEnvironment = "openchoreo.dev/environment";
inline constexpr std::string_view kEnvironmentUid = "openchoreo.dev/environment-uid";
inline constexpr std::string_view kResource = "openchoreo.dev/resource";
inline constexpr std::string_view kResourceUid = "openchoreo.dev/resource-uid";

inline constexpr std::string_view kReleaseResourceId =
    "openchoreo.dev/rendered-release-resource-id";
inline constexpr std::string_view kReleaseName = "openchoreo.dev/rendered-release-name";
inline constexpr std::string_view kReleaseNamespace = "openchoreo.dev/rendered-release-namespace";
inline constexpr std::string_view kOldReleaseResourceId = "openchoreo.dev/release-resource-id";
inline constexpr std::string_view kOldReleaseName = "openchoreo.dev/release-name";
inline constexpr std::string_view kOldReleaseNamespace = "openchoreo.dev/release-namespace";

inline constexpr std::string_view kRestartedAt = "openchoreo.dev/restartedAt";
inline constexpr std::string_view kRecord = "gitops.openchoreo.dev/record";
inline constexpr std::string_view kDigest = "gitops.openchoreo.dev/digest";
inline constexpr std::string_view kOrigin = "gitops.openchoreo.dev/origin";
// Flux's post-build substitution leaves the object alone where this says so.
inline constexpr std::string_view kSubstitute = "kustomize.toolkit.fluxcd.io/substitute";
inline constexpr std::string_view kSubstituteOff = "disabled";

}  // namespace openchoreo::names::labels
