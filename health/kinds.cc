#include "health/kinds.h"

#include <map>
#include <memory>
#include <utility>

#include "common/names/labels.h"

namespace openchoreo::mapper {

namespace labels = names::labels;

namespace {

using Mask = std::shared_ptr<const value::FieldMask>;

// Of objects of any kind: what rules may look at.
Mask MostOfIt() {
  static const auto kMask = std::make_shared<const value::FieldMask>(value::FieldMask::Without(
      {"/metadata/managedFields",
       "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration", "/spec/template",
       "/spec/jobTemplate", "/spec/volumeClaimTemplates", "/data", "/binaryData", "/stringData"}));
  return kMask;
}

// Of kinds whose rules are the table's: just what those read. Thousands of them are kept.
Mask WhatItsRuleReads(const KindName& kind) {
  using Pointers = std::vector<std::string_view>;
  static const std::vector<std::pair<KindName, Pointers>> kRows = {
      {{"apps/v1", "Deployment"}, {"/spec/replicas", "/spec/paused", "/spec/selector", "/status"}},
      {{"apps/v1", "StatefulSet"},
       {"/spec/replicas", "/spec/updateStrategy", "/spec/selector", "/status"}},
      {{"apps/v1", "DaemonSet"}, {"/spec/updateStrategy", "/spec/selector", "/status"}},
      {{"batch/v1", "Job"}, {"/spec/suspend", "/spec/selector", "/status"}},
      {{"batch/v1", "CronJob"}, {"/spec/suspend", "/status"}},
      {{"v1", "Service"}, {"/spec/type", "/status"}},
      {{"v1", "PersistentVolumeClaim"}, {"/status"}},
      {{"autoscaling/v2", "HorizontalPodAutoscaler"}, {"/status"}},
      {{"networking.k8s.io/v1", "NetworkPolicy"}, {"/status"}},
      {{"v1", "ConfigMap"}, {}},
      {{"v1", "ServiceAccount"}, {}}};
  static const auto kMasks = [] {
    std::map<KindName, Mask> masks;
    for (const auto& [row, pointers] : kRows) {
      auto mask = value::FieldMask::Only({"/metadata/labels", "/metadata/creationTimestamp",
                                          "/metadata/deletionTimestamp",
                                          "/metadata/annotations/gitops.openchoreo.dev~1digest"});
      for (const std::string_view pointer : pointers) mask.Add(pointer);
      masks[row] = std::make_shared<const value::FieldMask>(std::move(mask));
    }
    return masks;
  }();
  const auto found = kMasks.find(kind);
  return found == kMasks.end() ? MostOfIt() : found->second;
}

}  // namespace

kube::Selector ObjectSelector(const KindName& kind, bool own_rules) {
  kube::Selector selector;
  selector.labels = std::string(labels::kManagedBy) + "=" + std::string(labels::kManager);
  selector.metadata_only = kind.api_version == "v1" && kind.kind == "Secret";
  selector.keep = own_rules ? MostOfIt() : WhatItsRuleReads(kind);
  return selector;
}

kube::Selector RecordSelector() {
  kube::Selector selector;
  selector.labels = labels::kRecord;
  selector.keep = std::make_shared<const value::FieldMask>(value::FieldMask::Only(
      {"/metadata/labels", "/metadata/annotations/argocd.argoproj.io~1tracking-id",
       "/data/record.json"}));
  return selector;
}

kube::Selector BindingSelector() {
  kube::Selector selector;
  selector.keep = std::make_shared<const value::FieldMask>(value::FieldMask::Only(
      {"/metadata/labels", "/metadata/annotations/argocd.argoproj.io~1tracking-id",
       "/metadata/deletionTimestamp", "/metadata/managedFields", "/spec/owner", "/spec/environment",
       "/spec/releaseName", "/spec/state", "/spec/projectRelease", "/spec/resourceRelease",
       "/spec/retainPolicy", "/status"}));
  return selector;
}

const std::vector<KindName>& BindingKinds() {
  static const std::vector<KindName> kKinds = {
      {"openchoreo.dev/v1alpha1", "ReleaseBinding"},
      {"openchoreo.dev/v1alpha1", "ProjectReleaseBinding"},
      {"openchoreo.dev/v1alpha1", "ResourceReleaseBinding"}};
  return kKinds;
}

const std::set<KindName>& UsualKinds() {
  static const std::set<KindName> kKinds = {
      {"apps/v1", "Deployment"},       {"apps/v1", "StatefulSet"}, {"apps/v1", "DaemonSet"},
      {"batch/v1", "CronJob"},         {"batch/v1", "Job"},        {"v1", "ConfigMap"},
      {"v1", "PersistentVolumeClaim"}, {"v1", "Service"}};
  return kKinds;
}

base::Result<kube::Resource> FindResource(kube::Client& client, const KindName& kind,
                                          const base::Cancel& cancel) {
  const std::size_t slash = kind.api_version.find('/');
  const bool core = slash == std::string::npos;
  const std::string group = core ? "" : kind.api_version.substr(0, slash);
  const std::string version = core ? kind.api_version : kind.api_version.substr(slash + 1);
  OC_TRY(const std::vector<kube::Resource> resources, client.Discover(group, version, cancel));
  for (const kube::Resource& resource : resources) {
    if (resource.kind == kind.kind) return resource;
  }
  return base::Fail(base::ErrorCode::kNotFound, "no such kind");
}

}  // namespace openchoreo::mapper
