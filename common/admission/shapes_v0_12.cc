// The rules of the v0.8–v0.15 family's kinds: v0.12's CRDs, and beside them (kSinceV013) what
// v0.13–v0.17 added to the same shapes. Follows openchoreo config/crd/bases @ v0.12.0.
#include "common/admission/shape_tables.h"
#include "common/admission/shapes_common.h"

namespace openchoreo::admission {
namespace {

using value::Value;

constexpr int kLater = Field::kSinceV013;

// Types and traits.

constexpr Field kSchemaFields[] = {Optional("envOverrides", kOpenObject),
                                   Optional("parameters", kOpenObject),
                                   Optional("types", kOpenObject)};
constexpr Shape kSchema = ObjectOf(kSchemaFields);
// Names in v0.12, {kind, name} since v0.17.
constexpr Shape kAllowedWorkflow = Typed(ShapeType::kTextOrReference);
constexpr Shape kAllowedWorkflows = ArrayOf(kAllowedWorkflow);

// Names in v0.14 and v0.15, {kind, name} since v0.16.
constexpr Shape kAllowedTrait = Typed(ShapeType::kTextOrReference);
constexpr Shape kAllowedTraits = ArrayOf(kAllowedTrait);
constexpr Field kEmbeddedTraitFields[] = {
    Optional("envOverrides", kAnything), Required("instanceName", kName),
    Optional("kind", kTraitKind), Required("name", kName), Optional("parameters", kAnything)};
constexpr Shape kEmbeddedTrait = ObjectOf(kEmbeddedTraitFields);
constexpr Shape kEmbeddedTraits = ArrayOf(kEmbeddedTrait);

constexpr ValidationRule kComponentTypeRules[] = {ValidationRule::kPrimaryResource};
constexpr Field kComponentTypeFields[] = {Optional("allowedTraits", kAllowedTraits, kLater),
                                          Optional("allowedWorkflows", kAllowedWorkflows),
                                          Required("resources", kResourceTemplates),
                                          Optional("schema", kSchema),
                                          Optional("traits", kEmbeddedTraits, kLater),
                                          Optional("validations", kValidations, kLater),
                                          Required("workloadType", kWorkloadType)};
constexpr Shape kComponentType = ObjectOf(kComponentTypeFields).Rules(kComponentTypeRules);

constexpr Field kTraitFields[] = {Optional("creates", kTraitCreates),
                                  Optional("patches", kTraitPatches), Optional("schema", kSchema),
                                  Optional("validations", kValidations, kLater)};
constexpr Shape kTrait = ObjectOf(kTraitFields);

// Planes and environments.

constexpr Field kAgentSecretFields[] = {Required("key", kText), Required("name", kText),
                                        Optional("namespace", kText)};
constexpr Shape kAgentSecret = ObjectOf(kAgentSecretFields);
constexpr Field kClientCaFields[] = {Optional("secretRef", kAgentSecret), Optional("value", kText)};
constexpr Shape kClientCa = ObjectOf(kClientCaFields);
constexpr Field kClusterAgentFields[] = {Required("clientCA", kClientCa, Field::kUnread)};
constexpr Shape kClusterAgent = ObjectOf(kClusterAgentFields);
constexpr Shape kGatewayPort = Typed(ShapeType::kInteger).Int32();
constexpr Field kGatewayFields[] = {
    Optional("organizationGatewayName", kText, kLater),
    Optional("organizationGatewayNamespace", kText, kLater),
    Defaulted("organizationHTTPPort", kGatewayPort, Value::Int(19081)),
    Defaulted("organizationHTTPSPort", kGatewayPort, Value::Int(19444)),
    Required("organizationVirtualHost", kText, Field::kUnread),
    Optional("publicGatewayName", kText, kLater),
    Optional("publicGatewayNamespace", kText, kLater),
    Defaulted("publicHTTPPort", kGatewayPort, Value::Int(19080)),
    Defaulted("publicHTTPSPort", kGatewayPort, Value::Int(19443)),
    Required("publicVirtualHost", kText, Field::kUnread)};
constexpr Shape kGateway = ObjectOf(kGatewayFields);
constexpr Shape kObservabilityPlane = Typed(ShapeType::kTextOrReference);
constexpr Field kDataPlaneFields[] = {Required("clusterAgent", kClusterAgent, Field::kUnread),
                                      Required("gateway", kGateway, Field::kUnread),
                                      Optional("imagePullSecretRefs", kTexts),
                                      Optional("observabilityPlaneRef", kObservabilityPlane),
                                      Optional("planeID", kPlaneId),
                                      Optional("secretStoreRef", kReference)};
constexpr Shape kDataPlane = ObjectOf(kDataPlaneFields);

constexpr Field kJwksFields[] = {Required("uri", kText, Field::kUnread)};
constexpr Shape kJwks = ObjectOf(kJwksFields);
constexpr Field kSecurityFields[] = {Optional("remoteJwks", kJwks)};
constexpr Shape kSecurity = ObjectOf(kSecurityFields);
// The data plane's fields again since v0.15.
constexpr Field kEnvironmentGatewayFields[] = {
    Optional("dnsPrefix", kText),
    Optional("organizationGatewayName", kText, kLater),
    Optional("organizationGatewayNamespace", kText, kLater),
    Optional("organizationHTTPPort", kGatewayPort, kLater),
    Optional("organizationHTTPSPort", kGatewayPort, kLater),
    Optional("organizationVirtualHost", kText, kLater),
    Optional("publicGatewayName", kText, kLater),
    Optional("publicGatewayNamespace", kText, kLater),
    Optional("publicHTTPPort", kGatewayPort, kLater),
    Optional("publicHTTPSPort", kGatewayPort, kLater),
    Optional("publicVirtualHost", kText, kLater),
    Optional("security", kSecurity)};
constexpr Shape kEnvironmentGateway = ObjectOf(kEnvironmentGatewayFields);
constexpr Shape kDataPlaneRef = Typed(ShapeType::kTextOrReference);
constexpr Field kEnvironmentFields[] = {Optional("dataPlaneRef", kDataPlaneRef),
                                        Optional("gateway", kEnvironmentGateway),
                                        Optional("isProduction", kBoolean)};
constexpr Shape kEnvironment = ObjectOf(kEnvironmentFields);

constexpr Field kPromotionTargetFields[] = {Optional("isManualApprovalRequired", kBoolean),
                                            Required("name", kText),
                                            Optional("requiresApproval", kBoolean)};
constexpr Shape kPromotionTarget = ObjectOf(kPromotionTargetFields);
constexpr Shape kPromotionTargets = ArrayOf(kPromotionTarget);
constexpr Field kPromotionPathFields[] = {Required("sourceEnvironmentRef", kText),
                                          Required("targetEnvironmentRefs", kPromotionTargets)};
constexpr Shape kPromotionPath = ObjectOf(kPromotionPathFields);
constexpr Shape kPromotionPaths = ArrayOf(kPromotionPath);
constexpr Field kPipelineFields[] = {Optional("promotionPaths", kPromotionPaths)};
constexpr Shape kPipeline = ObjectOf(kPipelineFields);

constexpr Field kProjectFields[] = {Required("deploymentPipelineRef", kText)};
constexpr Shape kProject = ObjectOf(kProjectFields);

constexpr Shape kOrganization = ObjectOf({});

// Components.

constexpr Field kTraitUseFields[] = {Required("instanceName", kName),
                                     Optional("kind", kTraitKind, kLater), Required("name", kName),
                                     Optional("parameters", kAnything)};
constexpr Shape kTraitUse = ObjectOf(kTraitUseFields);
constexpr Shape kTraitUses = ArrayOf(kTraitUse);
constexpr Shape kCommit = kText.Matching(TextPattern::kCommit);
constexpr Field kRevisionFields[] = {Required("branch", kName), Optional("commit", kCommit)};
constexpr Shape kRevision = ObjectOf(kRevisionFields);
constexpr Shape kHttpUrl = kText.Matching(TextPattern::kHttpUrl);
constexpr Field kRepositoryFields[] = {Required("appPath", kName), Required("revision", kRevision),
                                       Required("url", kHttpUrl)};
constexpr Shape kRepository = ObjectOf(kRepositoryFields);
constexpr Field kSystemParametersFields[] = {Required("repository", kRepository)};
constexpr Shape kSystemParameters = ObjectOf(kSystemParametersFields);
constexpr Field kWorkflowUseFields[] = {Required("name", kName),
                                        Optional("parameters", kOpenObject),
                                        Required("systemParameters", kSystemParameters)};
constexpr Shape kWorkflowUse = ObjectOf(kWorkflowUseFields);
constexpr ValidationRule kComponentRules[] = {ValidationRule::kTypeOrComponentType};
constexpr Field kComponentFields[] = {Optional("autoBuild", kBoolean),
                                      Optional("autoDeploy", kBoolean),
                                      Optional("componentType", kTypeReference),
                                      Required("owner", kProjectOwner),
                                      Optional("parameters", kAnything),
                                      Optional("traits", kTraitUses),
                                      Optional("type", kText),
                                      Optional("workflow", kWorkflowUse, Field::kNoEffect)};
constexpr Shape kComponent = ObjectOf(kComponentFields).Rules(kComponentRules);

constexpr Field kKeyReferenceFields[] = {Required("key", kText), Required("name", kText)};
constexpr Shape kKeyReference = ObjectOf(kKeyReferenceFields);
constexpr Field kValueSourceFields[] = {Optional("configurationGroupRef", kKeyReference),
                                        Optional("secretRef", kKeyReference)};
constexpr Shape kValueSource = ObjectOf(kValueSourceFields);
constexpr Field kEnvFields[] = {Required("key", kText), Optional("value", kText),
                                Optional("valueFrom", kValueSource)};
constexpr Shape kEnv = ObjectOf(kEnvFields);
constexpr Shape kEnvs = ArrayOf(kEnv);
constexpr Field kFileFields[] = {Required("key", kText), Required("mountPath", kText),
                                 Optional("value", kText), Optional("valueFrom", kValueSource)};
constexpr Shape kFile = ObjectOf(kFileFields).Rules(kValueOrValueFrom);
constexpr Shape kFiles = ArrayOf(kFile);
constexpr Field kContainerFields[] = {Optional("args", kTexts), Optional("command", kTexts),
                                      Optional("env", kEnvs), Optional("files", kFiles),
                                      Required("image", kName)};
constexpr Shape kContainer = ObjectOf(kContainerFields);
constexpr Shape kContainers = MapOf(kContainer);

constexpr Field kInjectedEnvFields[] = {Required("name", kText), Required("value", kText)};
constexpr Shape kInjectedEnv = ObjectOf(kInjectedEnvFields);
constexpr Shape kInjectedEnvs = ArrayOf(kInjectedEnv);
constexpr Field kInjectFields[] = {Required("env", kInjectedEnvs)};
constexpr Shape kInject = ObjectOf(kInjectFields);
constexpr std::string_view kConnectionTypes[] = {"api"};
constexpr Shape kConnectionType = kText.OneOf(kConnectionTypes);
constexpr Field kConnectionFields[] = {Required("inject", kInject), Optional("params", kTextMap),
                                       Required("type", kConnectionType)};
constexpr Shape kConnection = ObjectOf(kConnectionFields);
constexpr Shape kConnections = MapOf(kConnection);

constexpr std::string_view kEndpointTypes[] = {"HTTP",      "REST", "gRPC", "GraphQL",
                                               "Websocket", "TCP",  "UDP"};
constexpr Shape kEndpointType = kText.OneOf(kEndpointTypes);
constexpr Field kEndpointFields[] = {Optional("basePath", kText, kLater),
                                     Optional("displayName", kText, kLater),
                                     Required("port", kPort),
                                     Optional("schema", kEndpointSchema),
                                     Optional("targetPort", kPort, kLater),
                                     Required("type", kEndpointType),
                                     Optional("visibility", kAnything, kLater)};
constexpr Shape kEndpoint = ObjectOf(kEndpointFields);
constexpr Shape kEndpoints = MapOf(kEndpoint);

constexpr Field kWorkloadFields[] = {
    Optional("connections", kConnections), Optional("container", kContainer, kLater),
    Optional("containers", kContainers), Optional("endpoints", kEndpoints),
    Required("owner", kComponentOwner, Field::kInferred)};
constexpr Shape kWorkload = ObjectOf(kWorkloadFields);

constexpr Field kReleasedWorkloadFields[] = {
    Optional("connections", kConnections), Optional("container", kContainer, kLater),
    Optional("containers", kContainers), Optional("endpoints", kEndpoints)};
constexpr Shape kReleasedWorkload = ObjectOf(kReleasedWorkloadFields);
constexpr Field kProfileFields[] = {Optional("parameters", kAnything),
                                    Optional("traits", kTraitUses)};
constexpr Shape kProfile = ObjectOf(kProfileFields);
constexpr Shape kReleasedTraits = MapOf(kTrait);
constexpr Field kComponentReleaseFields[] = {
    Required("componentProfile", kProfile, Field::kUnread),
    Required("componentType", kComponentType), Required("owner", kComponentOwner),
    Optional("traits", kReleasedTraits), Required("workload", kReleasedWorkload)};
constexpr Shape kComponentRelease = ObjectOf(kComponentReleaseFields);

constexpr Field kContainerOverrideFields[] = {Optional("env", kEnvs), Optional("files", kFiles)};
constexpr Shape kContainerOverride = ObjectOf(kContainerOverrideFields);
constexpr Shape kContainerOverrides = MapOf(kContainerOverride);
constexpr Field kWorkloadOverridesFields[] = {Optional("container", kContainerOverride, kLater),
                                              Optional("containers", kContainerOverrides)};
constexpr Shape kWorkloadOverrides = ObjectOf(kWorkloadOverridesFields).Open();
constexpr Shape kTraitOverrides = MapOf(kOpenObject);
constexpr Field kReleaseBindingFields[] = {
    Optional("componentTypeEnvOverrides", kOpenObject),
    Required("environment", kText),
    Required("owner", kComponentOwner),
    Optional("releaseName", kText),
    Defaulted("state", kState, Value::String("Active"), kLater),
    Optional("traitOverrides", kTraitOverrides),
    Optional("workloadOverrides", kWorkloadOverrides)};
constexpr Shape kReleaseBinding = ObjectOf(kReleaseBindingFields);

// Workflows: looked at for their existence only.
constexpr Shape kWorkflow = kOpenObject;

}  // namespace

const KindRules* RulesOfV012(names::Kind kind) {
  static constexpr KindRules kComponentTypeRulesOf{&kComponentType};
  static constexpr KindRules kTraitRulesOf{&kTrait};
  static constexpr KindRules kDataPlaneRules{&kDataPlane};
  static constexpr KindRules kEnvironmentRules{&kEnvironment};
  static constexpr KindRules kPipelineRules{&kPipeline};
  static constexpr KindRules kProjectRules{&kProject};
  static constexpr KindRules kComponentRulesOf{&kComponent};
  static constexpr KindRules kWorkloadRules{&kWorkload};
  static constexpr KindRules kComponentReleaseRules{&kComponentRelease};
  static constexpr KindRules kReleaseBindingRules{&kReleaseBinding};
  static constexpr KindRules kOrganizationRules{&kOrganization};
  static constexpr KindRules kWorkflowRules{&kWorkflow};
  switch (kind) {
    case names::Kind::kComponentType:
    case names::Kind::kClusterComponentType:  // since v0.15
      return &kComponentTypeRulesOf;
    case names::Kind::kTrait:
    case names::Kind::kClusterTrait:
      return &kTraitRulesOf;
    case names::Kind::kDataPlane:
    case names::Kind::kClusterDataPlane:
      return &kDataPlaneRules;
    case names::Kind::kEnvironment:
      return &kEnvironmentRules;
    case names::Kind::kDeploymentPipeline:
      return &kPipelineRules;
    case names::Kind::kProject:
      return &kProjectRules;
    case names::Kind::kComponent:
      return &kComponentRulesOf;
    case names::Kind::kWorkload:
      return &kWorkloadRules;
    case names::Kind::kComponentRelease:
      return &kComponentReleaseRules;
    case names::Kind::kReleaseBinding:
      return &kReleaseBindingRules;
    case names::Kind::kOrganization:
      return &kOrganizationRules;
    case names::Kind::kWorkflow:
    case names::Kind::kClusterWorkflow:
      return &kWorkflowRules;
    default:
      return nullptr;
  }
}

const KindRules& RulesOf(names::Kind kind, names::Dialect dialect) {
  const KindRules* rules = dialect == names::Dialect::kV012 ? RulesOfV012(kind) : RulesOfV1(kind);
  if (!rules) rules = RulesOfV1(kind);
  if (!rules) rules = RulesOfV012(kind);
  return *rules;
}

}  // namespace openchoreo::admission
