// Follows openchoreo config/crd/bases: status of ReleaseBinding, ProjectReleaseBinding and
// ResourceReleaseBinding.
#include "common/admission/shapes_status.h"

#include "common/admission/shapes_common.h"

namespace openchoreo::admission {
namespace {

using names::Kind;

constexpr Shape kLong = Typed(ShapeType::kInteger);
constexpr Shape kPortNumber = Typed(ShapeType::kInteger).Int32();

constexpr std::string_view kStatuses[] = {"True", "False", "Unknown"};
constexpr Shape kConditionStatus = kText.OneOf(kStatuses);
constexpr Shape kConditionType = kText.MaxLength(316);
constexpr Shape kReason = kName.MaxLength(1024);
constexpr Shape kMessage = kText.MaxLength(32768);
constexpr Field kConditionFields[] = {
    Required("lastTransitionTime", kText), Required("message", kMessage),
    Optional("observedGeneration", kLong), Required("reason", kReason),
    Required("status", kConditionStatus),  Required("type", kConditionType)};
constexpr Shape kCondition = ObjectOf(kConditionFields);
constexpr Shape kConditions = ArrayOf(kCondition);
constexpr Shape kConditionMap = ArrayOf(kCondition).KeyedBy("type");

constexpr Field kUrlFields[] = {Required("host", kName), Optional("path", kText),
                                Optional("port", kPortNumber), Optional("scheme", kText)};
constexpr Shape kUrl = ObjectOf(kUrlFields);
constexpr Field kGatewayUrlFields[] = {Optional("http", kUrl), Optional("https", kUrl),
                                       Optional("tls", kUrl)};
constexpr Shape kGatewayUrls = ObjectOf(kGatewayUrlFields);
constexpr Field kEndpointFields[] = {
    Optional("externalURLs", kGatewayUrls), Optional("internalURLs", kGatewayUrls),
    Optional("invokeURL", kText),           Required("name", kText),
    Optional("serviceURL", kUrl),           Optional("type", kText)};
constexpr Shape kEndpoint = ObjectOf(kEndpointFields);
constexpr Shape kEndpoints = ArrayOf(kEndpoint);

constexpr std::string_view kVisibilities[] = {"project", "namespace", "internal", "external"};
constexpr Shape kVisibility = kText.OneOf(kVisibilities);
constexpr Field kConnectionTargetFields[] = {
    Required("component", kName), Required("endpoint", kName), Optional("environment", kText),
    Required("namespace", kName), Required("project", kName),  Required("visibility", kVisibility)};
constexpr Shape kConnectionTarget = ObjectOf(kConnectionTargetFields);
constexpr Shape kConnectionTargets = ArrayOf(kConnectionTarget);
constexpr Field kPendingConnectionFields[] = {
    Required("component", kName), Required("endpoint", kName), Required("namespace", kName),
    Required("project", kName), Required("reason", kText)};
constexpr Shape kPendingConnection = ObjectOf(kPendingConnectionFields);
constexpr Shape kPendingConnections = ArrayOf(kPendingConnection);
constexpr Field kResolvedConnectionFields[] = {
    Required("component", kName), Required("endpoint", kName), Required("namespace", kName),
    Required("project", kName),   Required("url", kUrl),       Required("visibility", kVisibility)};
constexpr Shape kResolvedConnection = ObjectOf(kResolvedConnectionFields);
constexpr Shape kResolvedConnections = ArrayOf(kResolvedConnection);
constexpr Field kDependencyTargetFields[] = {
    Required("environment", kName), Required("namespace", kName), Required("project", kName),
    Required("resourceName", kName)};
constexpr Shape kDependencyTarget = ObjectOf(kDependencyTargetFields);
constexpr Shape kDependencyTargets = ArrayOf(kDependencyTarget);
constexpr Field kPendingDependencyFields[] = {Required("namespace", kName),
                                              Required("project", kName), Required("reason", kText),
                                              Required("resourceName", kName)};
constexpr Shape kPendingDependency = ObjectOf(kPendingDependencyFields);
constexpr Shape kPendingDependencies = ArrayOf(kPendingDependency);

constexpr Field kReleaseFields[] = {Optional("conditions", kConditions),
                                    Optional("connectionTargets", kConnectionTargets),
                                    Optional("endpoints", kEndpoints),
                                    Optional("lastSpecUpdateTime", kText),
                                    Optional("observedGeneration", kLong),
                                    Optional("pendingConnections", kPendingConnections),
                                    Optional("pendingResourceDependencies", kPendingDependencies),
                                    Optional("resolvedConnections", kResolvedConnections),
                                    Optional("resourceDependencyTargets", kDependencyTargets),
                                    Optional("secretReferenceNames", kTexts)};
constexpr Shape kRelease = ObjectOf(kReleaseFields);

constexpr Field kProjectFields[] = {Optional("conditions", kConditionMap),
                                    Optional("namespace", kText),
                                    Optional("observedGeneration", kLong)};
constexpr Shape kProject = ObjectOf(kProjectFields);

constexpr Field kKeyFields[] = {Required("key", kName), Required("name", kName)};
constexpr Shape kKey = ObjectOf(kKeyFields);
constexpr Field kOutputFields[] = {Optional("configMapKeyRef", kKey), Required("name", kName),
                                   Optional("secretKeyRef", kKey), Optional("value", kText)};
constexpr Shape kOutput = ObjectOf(kOutputFields);
constexpr Shape kOutputs = ArrayOf(kOutput).KeyedBy("name");
constexpr Field kResourceFields[] = {Optional("conditions", kConditionMap),
                                     Optional("outputs", kOutputs)};
constexpr Shape kResource = ObjectOf(kResourceFields);

}  // namespace

const Shape* StatusShape(Kind kind) {
  switch (kind) {
    case Kind::kReleaseBinding:
      return &kRelease;
    case Kind::kProjectReleaseBinding:
      return &kProject;
    case Kind::kResourceReleaseBinding:
      return &kResource;
    default:
      return nullptr;
  }
}

}  // namespace openchoreo::admission
