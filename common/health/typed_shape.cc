#include "common/health/typed_shape.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <span>
#include <string_view>

#include "common/base/rfc3339.h"

namespace openchoreo::health {

using value::Value;

enum class Type : std::uint8_t {
  kText,
  kBool,
  kInt,
  kTime,       // metav1.Time
  kIntOrText,  // intstr.IntOrString
  kQuantity,   // resource.Quantity
  kObject,     // a struct or map of which nothing more is asked
  kList,       // of `item`
  kMap,        // with texts as keys, of `item`
  kStruct,     // of `members`
};

struct Member {
  std::string_view name;
  const Shape* shape;
};

struct Shape {
  Type type;
  const Shape* item = nullptr;
  std::span<const Member> members = {};
};

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// apimachinery pkg/api/resource ParseQuantity.
bool IsQuantity(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  std::size_t digits = 0;
  bool point = false;
  while (!text.empty() && (IsDigit(text.front()) || (text.front() == '.' && !point))) {
    digits += IsDigit(text.front()) ? 1 : 0;
    point |= text.front() == '.';
    text.remove_prefix(1);
  }
  if (digits == 0) return false;
  if (text.size() > 1 && (text.front() == 'e' || text.front() == 'E')) {
    std::string_view exponent = text.substr(1);
    if (exponent.front() == '+' || exponent.front() == '-') exponent.remove_prefix(1);
    return !exponent.empty() && std::all_of(exponent.begin(), exponent.end(), IsDigit);
  }
  constexpr std::string_view kSuffixes[] = {"",  "n", "u",  "m",  "k",  "M",  "G",  "T",
                                            "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  return std::find(std::begin(kSuffixes), std::end(kSuffixes), text) != std::end(kSuffixes);
}

bool IsWhole(const Value& value) {
  if (value.is_int()) return true;
  return value.is_double() && value.as_double() == std::trunc(value.as_double());
}

constexpr Shape kText{Type::kText}, kBool{Type::kBool}, kInt{Type::kInt}, kTime{Type::kTime};
constexpr Shape kIntOrText{Type::kIntOrText}, kQuantity{Type::kQuantity}, kObject{Type::kObject};
constexpr Shape kTexts{Type::kList, &kText}, kObjects{Type::kList, &kObject};
constexpr Shape kTextMap{Type::kMap, &kText}, kQuantities{Type::kMap, &kQuantity};

constexpr Member kOwnerMembers[] = {{"apiVersion", &kText}, {"kind", &kText},
                                    {"name", &kText},       {"uid", &kText},
                                    {"controller", &kBool}, {"blockOwnerDeletion", &kBool}};
constexpr Shape kOwner{Type::kStruct, nullptr, kOwnerMembers}, kOwners{Type::kList, &kOwner};
constexpr Member kManagerMembers[] = {{"manager", &kText},    {"operation", &kText},
                                      {"apiVersion", &kText}, {"time", &kTime},
                                      {"fieldsType", &kText}, {"subresource", &kText}};
constexpr Shape kManager{Type::kStruct, nullptr, kManagerMembers};
constexpr Shape kManagers{Type::kList, &kManager};
constexpr Member kMetaMembers[] = {{"name", &kText},
                                   {"generateName", &kText},
                                   {"namespace", &kText},
                                   {"selfLink", &kText},
                                   {"uid", &kText},
                                   {"resourceVersion", &kText},
                                   {"generation", &kInt},
                                   {"creationTimestamp", &kTime},
                                   {"deletionTimestamp", &kTime},
                                   {"deletionGracePeriodSeconds", &kInt},
                                   {"labels", &kTextMap},
                                   {"annotations", &kTextMap},
                                   {"ownerReferences", &kOwners},
                                   {"finalizers", &kTexts},
                                   {"managedFields", &kManagers}};
constexpr Shape kMeta{Type::kStruct, nullptr, kMetaMembers};

constexpr Member kRequirementMembers[] = {
    {"key", &kText}, {"operator", &kText}, {"values", &kTexts}};
constexpr Shape kRequirement{Type::kStruct, nullptr, kRequirementMembers};
constexpr Shape kRequirements{Type::kList, &kRequirement};
constexpr Member kSelectorMembers[] = {{"matchLabels", &kTextMap},
                                       {"matchExpressions", &kRequirements}};
constexpr Shape kSelector{Type::kStruct, nullptr, kSelectorMembers};

constexpr Member kEnvMembers[] = {{"name", &kText}, {"value", &kText}, {"valueFrom", &kObject}};
constexpr Shape kEnv{Type::kStruct, nullptr, kEnvMembers}, kEnvs{Type::kList, &kEnv};
constexpr Member kPortMembers[] = {{"name", &kText},
                                   {"hostPort", &kInt},
                                   {"containerPort", &kInt},
                                   {"protocol", &kText},
                                   {"hostIP", &kText}};
constexpr Shape kPort{Type::kStruct, nullptr, kPortMembers}, kPorts{Type::kList, &kPort};
constexpr Member kMountMembers[] = {{"name", &kText},        {"readOnly", &kBool},
                                    {"mountPath", &kText},   {"subPath", &kText},
                                    {"subPathExpr", &kText}, {"mountPropagation", &kText}};
constexpr Shape kMount{Type::kStruct, nullptr, kMountMembers}, kMounts{Type::kList, &kMount};
constexpr Member kNeedsMembers[] = {
    {"limits", &kQuantities}, {"requests", &kQuantities}, {"claims", &kObjects}};
constexpr Shape kNeeds{Type::kStruct, nullptr, kNeedsMembers};
constexpr Member kContainerMembers[] = {{"name", &kText},
                                        {"image", &kText},
                                        {"command", &kTexts},
                                        {"args", &kTexts},
                                        {"workingDir", &kText},
                                        {"ports", &kPorts},
                                        {"envFrom", &kObjects},
                                        {"env", &kEnvs},
                                        {"resources", &kNeeds},
                                        {"restartPolicy", &kText},
                                        {"volumeMounts", &kMounts},
                                        {"livenessProbe", &kObject},
                                        {"readinessProbe", &kObject},
                                        {"startupProbe", &kObject},
                                        {"lifecycle", &kObject},
                                        {"terminationMessagePath", &kText},
                                        {"terminationMessagePolicy", &kText},
                                        {"imagePullPolicy", &kText},
                                        {"securityContext", &kObject},
                                        {"stdin", &kBool},
                                        {"stdinOnce", &kBool},
                                        {"tty", &kBool}};
constexpr Shape kContainer{Type::kStruct, nullptr, kContainerMembers};
constexpr Shape kContainers{Type::kList, &kContainer};
constexpr Member kVolumeMembers[] = {{"name", &kText}};
constexpr Shape kVolume{Type::kStruct, nullptr, kVolumeMembers}, kVolumes{Type::kList, &kVolume};
constexpr Member kReferenceMembers[] = {{"name", &kText}};
constexpr Shape kReference{Type::kStruct, nullptr, kReferenceMembers};
constexpr Shape kReferences{Type::kList, &kReference};
constexpr Member kPodSpecMembers[] = {{"volumes", &kVolumes},
                                      {"initContainers", &kContainers},
                                      {"containers", &kContainers},
                                      {"ephemeralContainers", &kContainers},
                                      {"restartPolicy", &kText},
                                      {"terminationGracePeriodSeconds", &kInt},
                                      {"activeDeadlineSeconds", &kInt},
                                      {"dnsPolicy", &kText},
                                      {"nodeSelector", &kTextMap},
                                      {"serviceAccountName", &kText},
                                      {"serviceAccount", &kText},
                                      {"automountServiceAccountToken", &kBool},
                                      {"nodeName", &kText},
                                      {"hostNetwork", &kBool},
                                      {"hostPID", &kBool},
                                      {"hostIPC", &kBool},
                                      {"shareProcessNamespace", &kBool},
                                      {"securityContext", &kObject},
                                      {"imagePullSecrets", &kReferences},
                                      {"hostname", &kText},
                                      {"subdomain", &kText},
                                      {"affinity", &kObject},
                                      {"schedulerName", &kText},
                                      {"tolerations", &kObjects},
                                      {"hostAliases", &kObjects},
                                      {"priorityClassName", &kText},
                                      {"priority", &kInt},
                                      {"dnsConfig", &kObject},
                                      {"readinessGates", &kObjects},
                                      {"runtimeClassName", &kText},
                                      {"enableServiceLinks", &kBool},
                                      {"preemptionPolicy", &kText},
                                      {"overhead", &kQuantities},
                                      {"topologySpreadConstraints", &kObjects},
                                      {"setHostnameAsFQDN", &kBool},
                                      {"os", &kObject},
                                      {"hostUsers", &kBool},
                                      {"schedulingGates", &kObjects},
                                      {"resourceClaims", &kObjects}};
constexpr Shape kPodSpec{Type::kStruct, nullptr, kPodSpecMembers};
constexpr Member kPodTemplateMembers[] = {{"metadata", &kMeta}, {"spec", &kPodSpec}};
constexpr Shape kPodTemplate{Type::kStruct, nullptr, kPodTemplateMembers};

constexpr Member kConditionMembers[] = {{"type", &kText},           {"status", &kText},
                                        {"reason", &kText},         {"message", &kText},
                                        {"lastUpdateTime", &kTime}, {"lastTransitionTime", &kTime}};
constexpr Shape kConditionShape{Type::kStruct, nullptr, kConditionMembers};
constexpr Shape kConditions{Type::kList, &kConditionShape};

constexpr Member kRollingMembers[] = {
    {"maxUnavailable", &kIntOrText}, {"maxSurge", &kIntOrText}, {"partition", &kInt}};
constexpr Shape kRolling{Type::kStruct, nullptr, kRollingMembers};
constexpr Member kStrategyMembers[] = {{"type", &kText}, {"rollingUpdate", &kRolling}};
constexpr Shape kStrategy{Type::kStruct, nullptr, kStrategyMembers};

constexpr Member kDeploymentSpecMembers[] = {
    {"replicas", &kInt},      {"selector", &kSelector},          {"template", &kPodTemplate},
    {"strategy", &kStrategy}, {"minReadySeconds", &kInt},        {"revisionHistoryLimit", &kInt},
    {"paused", &kBool},       {"progressDeadlineSeconds", &kInt}};
constexpr Shape kDeploymentSpec{Type::kStruct, nullptr, kDeploymentSpecMembers};
constexpr Member kDeploymentStatusMembers[] = {
    {"observedGeneration", &kInt},  {"replicas", &kInt},          {"updatedReplicas", &kInt},
    {"readyReplicas", &kInt},       {"availableReplicas", &kInt}, {"unavailableReplicas", &kInt},
    {"terminatingReplicas", &kInt}, {"conditions", &kConditions}, {"collisionCount", &kInt}};
constexpr Shape kDeploymentStatus{Type::kStruct, nullptr, kDeploymentStatusMembers};
constexpr Member kDeploymentMembers[] = {{"kind", &kText},
                                         {"apiVersion", &kText},
                                         {"metadata", &kMeta},
                                         {"spec", &kDeploymentSpec},
                                         {"status", &kDeploymentStatus}};

constexpr Member kStatefulSetSpecMembers[] = {{"replicas", &kInt},
                                              {"selector", &kSelector},
                                              {"template", &kPodTemplate},
                                              {"volumeClaimTemplates", &kObjects},
                                              {"serviceName", &kText},
                                              {"podManagementPolicy", &kText},
                                              {"updateStrategy", &kStrategy},
                                              {"revisionHistoryLimit", &kInt},
                                              {"minReadySeconds", &kInt},
                                              {"ordinals", &kObject},
                                              {"persistentVolumeClaimRetentionPolicy", &kObject}};
constexpr Shape kStatefulSetSpec{Type::kStruct, nullptr, kStatefulSetSpecMembers};
constexpr Member kStatefulSetStatusMembers[] = {
    {"observedGeneration", &kInt}, {"replicas", &kInt},        {"readyReplicas", &kInt},
    {"currentReplicas", &kInt},    {"updatedReplicas", &kInt}, {"currentRevision", &kText},
    {"updateRevision", &kText},    {"collisionCount", &kInt},  {"conditions", &kConditions},
    {"availableReplicas", &kInt}};
constexpr Shape kStatefulSetStatus{Type::kStruct, nullptr, kStatefulSetStatusMembers};
constexpr Member kStatefulSetMembers[] = {{"kind", &kText},
                                          {"apiVersion", &kText},
                                          {"metadata", &kMeta},
                                          {"spec", &kStatefulSetSpec},
                                          {"status", &kStatefulSetStatus}};

constexpr Member kJobSpecMembers[] = {
    {"parallelism", &kInt},           {"completions", &kInt},
    {"activeDeadlineSeconds", &kInt}, {"backoffLimit", &kInt},
    {"selector", &kSelector},         {"manualSelector", &kBool},
    {"template", &kPodTemplate},      {"ttlSecondsAfterFinished", &kInt},
    {"completionMode", &kText},       {"suspend", &kBool},
    {"podReplacementPolicy", &kText}, {"managedBy", &kText}};
constexpr Shape kJobSpec{Type::kStruct, nullptr, kJobSpecMembers};
constexpr Member kJobTemplateMembers[] = {{"metadata", &kMeta}, {"spec", &kJobSpec}};
constexpr Shape kJobTemplate{Type::kStruct, nullptr, kJobTemplateMembers};
constexpr Member kCronJobSpecMembers[] = {{"schedule", &kText},
                                          {"timeZone", &kText},
                                          {"startingDeadlineSeconds", &kInt},
                                          {"concurrencyPolicy", &kText},
                                          {"suspend", &kBool},
                                          {"jobTemplate", &kJobTemplate},
                                          {"successfulJobsHistoryLimit", &kInt},
                                          {"failedJobsHistoryLimit", &kInt}};
constexpr Shape kCronJobSpec{Type::kStruct, nullptr, kCronJobSpecMembers};
constexpr Member kActiveMembers[] = {
    {"kind", &kText},       {"namespace", &kText},       {"name", &kText},     {"uid", &kText},
    {"apiVersion", &kText}, {"resourceVersion", &kText}, {"fieldPath", &kText}};
constexpr Shape kActive{Type::kStruct, nullptr, kActiveMembers}, kActives{Type::kList, &kActive};
constexpr Member kCronJobStatusMembers[] = {
    {"active", &kActives}, {"lastScheduleTime", &kTime}, {"lastSuccessfulTime", &kTime}};
constexpr Shape kCronJobStatus{Type::kStruct, nullptr, kCronJobStatusMembers};
constexpr Member kCronJobMembers[] = {{"kind", &kText},
                                      {"apiVersion", &kText},
                                      {"metadata", &kMeta},
                                      {"spec", &kCronJobSpec},
                                      {"status", &kCronJobStatus}};

constexpr Member kWaitingMembers[] = {{"reason", &kText}, {"message", &kText}};
constexpr Shape kWaiting{Type::kStruct, nullptr, kWaitingMembers};
constexpr Member kRunningMembers[] = {{"startedAt", &kTime}};
constexpr Shape kRunning{Type::kStruct, nullptr, kRunningMembers};
constexpr Member kTerminatedMembers[] = {
    {"exitCode", &kInt},   {"signal", &kInt},      {"reason", &kText},     {"message", &kText},
    {"startedAt", &kTime}, {"finishedAt", &kTime}, {"containerID", &kText}};
constexpr Shape kTerminated{Type::kStruct, nullptr, kTerminatedMembers};
constexpr Member kContainerStateMembers[] = {
    {"waiting", &kWaiting}, {"running", &kRunning}, {"terminated", &kTerminated}};
constexpr Shape kContainerState{Type::kStruct, nullptr, kContainerStateMembers};
constexpr Member kContainerStatusMembers[] = {{"name", &kText},
                                              {"state", &kContainerState},
                                              {"lastState", &kContainerState},
                                              {"ready", &kBool},
                                              {"restartCount", &kInt},
                                              {"image", &kText},
                                              {"imageID", &kText},
                                              {"containerID", &kText},
                                              {"started", &kBool},
                                              {"allocatedResources", &kQuantities},
                                              {"resources", &kNeeds},
                                              {"volumeMounts", &kObjects},
                                              {"user", &kObject},
                                              {"allocatedResourcesStatus", &kObjects},
                                              {"stopSignal", &kText}};
constexpr Shape kContainerStatus{Type::kStruct, nullptr, kContainerStatusMembers};
constexpr Shape kContainerStatuses{Type::kList, &kContainerStatus};
constexpr Member kPodConditionMembers[] = {
    {"type", &kText},   {"observedGeneration", &kInt}, {"status", &kText},
    {"reason", &kText}, {"lastProbeTime", &kTime},     {"lastTransitionTime", &kTime},
    {"message", &kText}};
constexpr Shape kPodCondition{Type::kStruct, nullptr, kPodConditionMembers};
constexpr Shape kPodConditions{Type::kList, &kPodCondition};
constexpr Member kPodStatusMembers[] = {{"observedGeneration", &kInt},
                                        {"phase", &kText},
                                        {"conditions", &kPodConditions},
                                        {"message", &kText},
                                        {"reason", &kText},
                                        {"nominatedNodeName", &kText},
                                        {"hostIP", &kText},
                                        {"hostIPs", &kObjects},
                                        {"podIP", &kText},
                                        {"podIPs", &kObjects},
                                        {"startTime", &kTime},
                                        {"initContainerStatuses", &kContainerStatuses},
                                        {"containerStatuses", &kContainerStatuses},
                                        {"qosClass", &kText},
                                        {"ephemeralContainerStatuses", &kContainerStatuses},
                                        {"resize", &kText},
                                        {"resourceClaimStatuses", &kObjects}};
constexpr Shape kPodStatus{Type::kStruct, nullptr, kPodStatusMembers};
constexpr Member kPodMembers[] = {{"kind", &kText},
                                  {"apiVersion", &kText},
                                  {"metadata", &kMeta},
                                  {"spec", &kPodSpec},
                                  {"status", &kPodStatus}};

}  // namespace

constexpr Shape kDeploymentShape{Type::kStruct, nullptr, kDeploymentMembers};
constexpr Shape kStatefulSetShape{Type::kStruct, nullptr, kStatefulSetMembers};
constexpr Shape kCronJobShape{Type::kStruct, nullptr, kCronJobMembers};
constexpr Shape kPodShape{Type::kStruct, nullptr, kPodMembers};

bool Converts(const Value& object, const Shape& shape) {
  if (object.is_null()) return true;
  switch (shape.type) {
    case Type::kText:
      return object.is_string();
    case Type::kBool:
      return object.is_bool();
    case Type::kInt:
      return IsWhole(object);
    case Type::kTime:
      return object.is_string() && base::ParseRfc3339(object.as_string()).has_value();
    case Type::kIntOrText:
      return object.is_string() || IsWhole(object);
    case Type::kQuantity:
      return object.is_number() || IsQuantity(object.string_or_empty());
    case Type::kObject:
      return object.is_map();
    case Type::kList:
      return object.is_list() &&
             std::all_of(object.as_list().begin(), object.as_list().end(),
                         [&](const Value& item) { return Converts(item, *shape.item); });
    case Type::kMap:
      return object.is_map() && std::all_of(object.as_map().begin(), object.as_map().end(),
                                            [&](const value::MapEntry& entry) {
                                              return Converts(entry.value, *shape.item);
                                            });
    case Type::kStruct:
      return object.is_map() &&
             std::all_of(shape.members.begin(), shape.members.end(), [&](const Member& member) {
               return Converts(object.Get(member.name), *member.shape);
             });
  }
  return false;
}

}  // namespace openchoreo::health
