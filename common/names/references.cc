#include "common/names/references.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <string>
#include <utility>

namespace openchoreo::names {
namespace {

struct Row {
  Kind from;
  std::string_view path;
  Kind target;
  ReferenceForm form;
};

constexpr Row kRows[] = {
    {Kind::kComponent, "spec/owner/projectName", Kind::kProject, ReferenceForm::kName},
    {Kind::kComponent, "spec/componentType", Kind::kComponentType, ReferenceForm::kRef},
    {Kind::kComponent, "spec/traits/*", Kind::kTrait, ReferenceForm::kRef},
    {Kind::kComponent, "spec/workflow", Kind::kClusterWorkflow, ReferenceForm::kRef},
    {Kind::kWorkload, "spec/owner/projectName", Kind::kProject, ReferenceForm::kName},
    {Kind::kWorkload, "spec/owner/componentName", Kind::kComponent, ReferenceForm::kName},
    {Kind::kComponentType, "spec/traits/*", Kind::kTrait, ReferenceForm::kRef},
    {Kind::kComponentType, "spec/allowedTraits/*", Kind::kTrait, ReferenceForm::kRef},
    {Kind::kComponentType, "spec/allowedWorkflows/*", Kind::kClusterWorkflow, ReferenceForm::kRef},
    {Kind::kClusterComponentType, "spec/allowedWorkflows/*", Kind::kClusterWorkflow,
     ReferenceForm::kRef},
    {Kind::kClusterComponentType, "spec/traits/*", Kind::kClusterTrait, ReferenceForm::kRef},
    {Kind::kClusterComponentType, "spec/allowedTraits/*", Kind::kClusterTrait, ReferenceForm::kRef},
    {Kind::kComponentRelease, "spec/owner/projectName", Kind::kProject, ReferenceForm::kName},
    {Kind::kComponentRelease, "spec/owner/componentName", Kind::kComponent, ReferenceForm::kName},
    {Kind::kReleaseBinding, "spec/owner/projectName", Kind::kProject, ReferenceForm::kName},
    {Kind::kReleaseBinding, "spec/owner/componentName", Kind::kComponent, ReferenceForm::kName},
    {Kind::kReleaseBinding, "spec/owner/project", Kind::kProject, ReferenceForm::kName},
    {Kind::kReleaseBinding, "spec/owner/component", Kind::kComponent, ReferenceForm::kName},
    {Kind::kReleaseBinding, "spec/environment", Kind::kEnvironment, ReferenceForm::kName},
    {Kind::kReleaseBinding, "spec/releaseName", Kind::kComponentRelease, ReferenceForm::kName},
    {Kind::kEnvironment, "spec/dataPlaneRef", Kind::kDataPlane, ReferenceForm::kRef},
    {Kind::kDataPlane, "spec/observabilityPlaneRef", Kind::kObservabilityPlane,
     ReferenceForm::kRef},
    {Kind::kClusterDataPlane, "spec/observabilityPlaneRef", Kind::kClusterObservabilityPlane,
     ReferenceForm::kRef},
    {Kind::kWorkflow, "spec/workflowPlaneRef", Kind::kWorkflowPlane, ReferenceForm::kRef},
    {Kind::kClusterWorkflow, "spec/workflowPlaneRef", Kind::kClusterWorkflowPlane,
     ReferenceForm::kRef},
    {Kind::kWorkflowPlane, "spec/observabilityPlaneRef", Kind::kObservabilityPlane,
     ReferenceForm::kRef},
    {Kind::kClusterWorkflowPlane, "spec/observabilityPlaneRef", Kind::kClusterObservabilityPlane,
     ReferenceForm::kRef},
    {Kind::kObservabilityAlertsNotificationChannel, "spec/environment", Kind::kEnvironment,
     ReferenceForm::kName},
    {Kind::kDeploymentPipeline, "spec/promotionPaths/*/sourceEnvironmentRef", Kind::kEnvironment,
     ReferenceForm::kRef},
    {Kind::kDeploymentPipeline, "spec/promotionPaths/*/targetEnvironmentRefs/*", Kind::kEnvironment,
     ReferenceForm::kRef},
    {Kind::kProject, "spec/deploymentPipelineRef", Kind::kDeploymentPipeline, ReferenceForm::kRef},
    {Kind::kProject, "spec/type", Kind::kProjectType, ReferenceForm::kRef},
    {Kind::kProjectRelease, "spec/owner/projectName", Kind::kProject, ReferenceForm::kName},
    {Kind::kProjectReleaseBinding, "spec/owner/projectName", Kind::kProject, ReferenceForm::kName},
    {Kind::kProjectReleaseBinding, "spec/environment", Kind::kEnvironment, ReferenceForm::kName},
    {Kind::kProjectReleaseBinding, "spec/projectRelease", Kind::kProjectRelease,
     ReferenceForm::kName},
    {Kind::kResource, "spec/owner/projectName", Kind::kProject, ReferenceForm::kName},
    {Kind::kResource, "spec/type", Kind::kResourceType, ReferenceForm::kRef},
    {Kind::kResourceRelease, "spec/owner/projectName", Kind::kProject, ReferenceForm::kName},
    {Kind::kResourceRelease, "spec/owner/resourceName", Kind::kResource, ReferenceForm::kName},
    {Kind::kResourceReleaseBinding, "spec/owner/projectName", Kind::kProject, ReferenceForm::kName},
    {Kind::kResourceReleaseBinding, "spec/owner/resourceName", Kind::kResource,
     ReferenceForm::kName},
    {Kind::kResourceReleaseBinding, "spec/environment", Kind::kEnvironment, ReferenceForm::kName},
    {Kind::kResourceReleaseBinding, "spec/resourceRelease", Kind::kResourceRelease,
     ReferenceForm::kName},
};

struct WorkloadRow {
  std::string_view path;
  Kind target;
};

constexpr WorkloadRow kWorkloadRows[] = {
    {"container/env/*/valueFrom/secretKeyRef/name", Kind::kSecretReference},
    {"container/env/*/valueFrom/secretRef/name", Kind::kSecretReference},
    {"container/files/*/valueFrom/secretKeyRef/name", Kind::kSecretReference},
    {"container/files/*/valueFrom/secretRef/name", Kind::kSecretReference},
    {"containers/*/env/*/valueFrom/secretRef/name", Kind::kSecretReference},
    {"containers/*/files/*/valueFrom/secretRef/name", Kind::kSecretReference},
    {"dependencies/endpoints/*/project", Kind::kProject},
    {"dependencies/endpoints/*/component", Kind::kComponent},
    {"dependencies/resources/*/ref", Kind::kResource},
};

// v0.12 writes secretRef.
constexpr NamespaceField kNamespaceFields[] = {
    {"BuildPlane", "spec/clusterAgent/clientCA/secretRef/namespace"},
    {"DataPlane", "spec/clusterAgent/clientCA/secretKeyRef/namespace"},
    {"DataPlane", "spec/clusterAgent/clientCA/secretRef/namespace"},
    {"ObservabilityPlane", "spec/clusterAgent/clientCA/secretKeyRef/namespace"},
    {"ObservabilityPlane", "spec/clusterAgent/clientCA/secretRef/namespace"},
    {"WorkflowPlane", "spec/clusterAgent/clientCA/secretKeyRef/namespace"},
    {"ClusterAuthzRoleBinding", "spec/roleMappings/scope/namespace"},
};

constexpr std::string_view kGateway = "gateway.networking.k8s.io";
constexpr std::string_view kRoutes = "HTTPRoute GRPCRoute TLSRoute TCPRoute UDPRoute";
constexpr std::string_view kSecrets = "external-secrets.io";
constexpr std::string_view kCertificates = "cert-manager.io";

// Backends are of several gateways' groups. An ExternalSecret that names no target makes a Secret
// of its own name.
struct KubernetesRow {
  std::string_view target, target_group, from, from_group, path;
};

constexpr KubernetesRow kKubernetesRows[] = {
    {"Service", "", kRoutes, kGateway, "spec/rules/backendRefs/name"},
    {"Service", "", kRoutes, kGateway, "spec/rules/filters/requestMirror/backendRef/name"},
    {"Service", "", kRoutes, kGateway, "spec/parentRefs/name"},
    {"Service", "", "ReferenceGrant", kGateway, "spec/to/name"},
    {"Service", "", "BackendTLSPolicy", kGateway, "spec/targetRefs/name"},
    {"Service", "", "", "gateway.envoyproxy.io", "spec/targetRefs/name"},
    {"Backend", "", kRoutes, kGateway, "spec/rules/backendRefs/name"},
    {"Backend", "", "", "gateway.kgateway.dev", "spec/targetRefs/name"},
    {"Gateway", kGateway, kRoutes, kGateway, "spec/parentRefs/name"},
    {"", kGateway, "", "gateway.envoyproxy.io", "spec/targetRef/name"},
    {"", kGateway, "", "gateway.envoyproxy.io", "spec/targetRefs/name"},
    {"", kGateway, "", "gateway.kgateway.dev", "spec/targetRefs/name"},
    {"", "gateway.envoyproxy.io", kRoutes, kGateway, "spec/rules/filters/extensionRef/name"},
    {"", "gateway.kgateway.dev", kRoutes, kGateway, "spec/rules/filters/extensionRef/name"},
    {"SecretStore", kSecrets, "ExternalSecret", kSecrets, "spec/secretStoreRef/name"},
    {"ClusterSecretStore", kSecrets, "ExternalSecret", kSecrets, "spec/secretStoreRef/name"},
    {"", "generators.external-secrets.io", "ExternalSecret", kSecrets,
     "spec/dataFrom/sourceRef/generatorRef/name"},
    {"ExternalSecret", kSecrets, "ExternalSecret", kSecrets, "spec/target/name"},
    {"ExternalSecret", kSecrets, "ServiceAccount", "", "imagePullSecrets/name"},
    {"ExternalSecret", kSecrets, "Ingress", "", "spec/tls/secretName"},
    {"Secret", "", "Gateway", kGateway, "spec/listeners/tls/certificateRefs/name"},
    {"Secret", "", "TriggerAuthentication", "keda.sh", "spec/secretTargetRef/name"},
    {"Secret", "", "Job", "", "spec/template/spec/imagePullSecrets/name"},
    {"TriggerAuthentication", "keda.sh", "ScaledObject ScaledJob", "keda.sh",
     "spec/triggers/authenticationRef/name"},
    {"Deployment", "", "ScaledObject", "keda.sh", "spec/scaleTargetRef/name"},
    {"StatefulSet", "", "ScaledObject", "keda.sh", "spec/scaleTargetRef/name"},
    {"Deployment", "", "VerticalPodAutoscaler", "", "spec/targetRef/name"},
    {"StatefulSet", "", "VerticalPodAutoscaler", "", "spec/targetRef/name"},
    {"Issuer", kCertificates, "Certificate", kCertificates, "spec/issuerRef/name"},
    {"ClusterIssuer", kCertificates, "Certificate", kCertificates, "spec/issuerRef/name"},
};

// Where pods stand in the kinds that make them, and what in a pod names a Secret.
constexpr std::pair<std::string_view, std::string_view> kPodPlaces[] = {
    {"Deployment StatefulSet DaemonSet ReplicaSet Job", "spec/template/spec/"},
    {"CronJob", "spec/jobTemplate/spec/template/spec/"}};

constexpr std::string_view kPodSecrets[] = {"containers/env/valueFrom/secretKeyRef/name",
                                            "containers/envFrom/secretRef/name",
                                            "initContainers/env/valueFrom/secretKeyRef/name",
                                            "initContainers/envFrom/secretRef/name",
                                            "volumes/secret/secretName",
                                            "volumes/projected/sources/secret/name",
                                            "imagePullSecrets/name"};

constexpr WorkloadPlace kWorkloadPlaces[] = {{Kind::kWorkload, "spec"},
                                             {Kind::kComponentRelease, "spec/workload"},
                                             {Kind::kReleaseBinding, "spec/workloadOverrides"}};

}  // namespace

std::string_view TakeSegment(std::string_view& path) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(std::min(slash + 1, path.size()));
  return segment;
}

std::vector<Reference> References() {
  std::vector<Reference> all;
  for (int i = 0; i < kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    for (const Row& row : kRows) {
      if (row.from == kind) all.push_back({kind, std::string(row.path), row.target, row.form});
    }
    for (const WorkloadPlace& place : kWorkloadPlaces) {
      if (place.from != kind) continue;
      for (const WorkloadRow& row : kWorkloadRows) {
        all.push_back({kind, std::string(place.path) + "/" + std::string(row.path), row.target,
                       ReferenceForm::kName});
      }
    }
  }
  return all;
}

Kind TargetOf(Kind from, std::string_view path, std::string_view named) {
  const auto* const row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& one) {
    return one.from == from && one.path == path;
  });
  assert(row != std::end(kRows));
  if (named.empty() || named == NameOf(row->target)) return row->target;
  const Kind twin = TwinOf(row->target);
  return named == NameOf(twin) ? twin : row->target;
}

const BindingFields* BindingFieldsOf(Kind kind) {
  static constexpr BindingFields kComponents{Kind::kComponent, "componentName",
                                             Kind::kComponentRelease, "releaseName"};
  static constexpr BindingFields kProjects{Kind::kProject, "projectName", Kind::kProjectRelease,
                                           "projectRelease"};
  static constexpr BindingFields kResources{Kind::kResource, "resourceName", Kind::kResourceRelease,
                                            "resourceRelease"};
  return kind == Kind::kReleaseBinding           ? &kComponents
         : kind == Kind::kProjectReleaseBinding  ? &kProjects
         : kind == Kind::kResourceReleaseBinding ? &kResources
                                                 : nullptr;
}

std::span<const NamespaceField> NamespaceFields() { return kNamespaceFields; }

std::vector<KubernetesReference> KubernetesReferences() {
  std::vector<KubernetesReference> all;
  for (const KubernetesRow& row : kKubernetesRows) {
    all.push_back({row.target, row.target_group, row.from, row.from_group, std::string(row.path)});
  }
  for (const auto& [kinds, pod] : kPodPlaces) {
    for (const std::string_view field : kPodSecrets)
      all.push_back({"ExternalSecret", kSecrets, kinds, "", std::string(pod).append(field)});
  }
  return all;
}

std::span<const WorkloadPlace> WorkloadPlaces() { return kWorkloadPlaces; }

Kind TwinOf(Kind kind) {
  constexpr std::string_view kCluster = "Cluster";
  const std::string_view name = NameOf(kind);
  const auto twin = name.starts_with(kCluster)
                        ? KindNamed(name.substr(kCluster.size()))
                        : KindNamed(std::string(kCluster) + std::string(name));
  return twin.value_or(kind);
}

}  // namespace openchoreo::names
