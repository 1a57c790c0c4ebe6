// The rules of OpenChoreo v1.x's kinds. Follows openchoreo config/crd/bases.
// Long: one table.
#include "common/admission/shape_tables.h"
#include "common/admission/shapes_common.h"

namespace openchoreo::admission {
namespace {

using value::Value;

// Types and traits.

constexpr Field kSchemaSectionFields[] = {Optional("openAPIV3Schema", kOpenObject)};
constexpr Shape kSchemaSection = ObjectOf(kSchemaSectionFields);

constexpr Field kPostRenderTargetFields[] = {Required("group", kText), Required("kind", kName),
                                             Defaulted("mustMatch", kBoolean, Value::Bool(true)),
                                             Required("version", kName),
                                             Optional("where", kExpression)};
constexpr Shape kPostRenderTarget = ObjectOf(kPostRenderTargetFields);
constexpr Field kPostRenderFields[] = {Optional("forEach", kExpression),
                                       Required("message", kName),
                                       Required("rule", kExpression),
                                       Required("target", kPostRenderTarget),
                                       kTargetPlane,
                                       Optional("var", kIdentifier),
                                       Optional("when", kExpression)};
constexpr Shape kPostRender = ObjectOf(kPostRenderFields).Rules(kVarWithForEach);
constexpr Shape kPostRenders = ArrayOf(kPostRender);

constexpr std::string_view kClusterTraitKinds[] = {"ClusterTrait"};
constexpr Shape kClusterTraitKind = kText.OneOf(kClusterTraitKinds);
constexpr std::string_view kWorkflowKinds[] = {"Workflow", "ClusterWorkflow"};
constexpr Shape kWorkflowKind = kText.OneOf(kWorkflowKinds);
constexpr Field kWorkflowKindField =
    Defaulted("kind", kWorkflowKind, Value::String("ClusterWorkflow"));
constexpr std::string_view kClusterWorkflowKinds[] = {"ClusterWorkflow"};
constexpr Shape kClusterWorkflowKind = kText.OneOf(kClusterWorkflowKinds);

constexpr Field kAllowedTraitFields[] = {kTraitKindField, Required("name", kName)};
constexpr Shape kAllowedTrait = ObjectOf(kAllowedTraitFields);
constexpr Shape kAllowedTraits = ArrayOf(kAllowedTrait);
constexpr Field kAllowedWorkflowFields[] = {kWorkflowKindField, Required("name", kName)};
constexpr Shape kAllowedWorkflow = ObjectOf(kAllowedWorkflowFields);
constexpr Shape kAllowedWorkflows = ArrayOf(kAllowedWorkflow);
constexpr Field kEmbeddedTraitFields[] = {
    Optional("environmentConfigs", kAnything), Required("instanceName", kName), kTraitKindField,
    Required("name", kName), Optional("parameters", kAnything)};
constexpr Shape kEmbeddedTrait = ObjectOf(kEmbeddedTraitFields);
constexpr Shape kEmbeddedTraits = ArrayOf(kEmbeddedTrait);

constexpr Field kAllowedClusterTraitFields[] = {Required("kind", kClusterTraitKind),
                                                Required("name", kName)};
constexpr Shape kAllowedClusterTrait = ObjectOf(kAllowedClusterTraitFields);
constexpr Shape kAllowedClusterTraits = ArrayOf(kAllowedClusterTrait);
constexpr Field kAllowedClusterWorkflowFields[] = {Required("kind", kClusterWorkflowKind),
                                                   Required("name", kName)};
constexpr Shape kAllowedClusterWorkflow = ObjectOf(kAllowedClusterWorkflowFields);
constexpr Shape kAllowedClusterWorkflows = ArrayOf(kAllowedClusterWorkflow);
constexpr Field kEmbeddedClusterTraitFields[] = {
    Optional("environmentConfigs", kAnything), Required("instanceName", kName),
    Defaulted("kind", kClusterTraitKind, Value::String("ClusterTrait")), Required("name", kName),
    Optional("parameters", kAnything)};
constexpr Shape kEmbeddedClusterTrait = ObjectOf(kEmbeddedClusterTraitFields);
constexpr Shape kEmbeddedClusterTraits = ArrayOf(kEmbeddedClusterTrait);

constexpr ValidationRule kComponentTypeRules[] = {ValidationRule::kPrimaryResourceUnlessProxy,
                                                  ValidationRule::kOneKindOfValidations};
constexpr Field kComponentTypeFields[] = {Optional("allowedTraits", kAllowedTraits),
                                          Optional("allowedWorkflows", kAllowedWorkflows),
                                          Optional("environmentConfigs", kSchemaSection),
                                          Optional("parameters", kSchemaSection),
                                          Optional("postRenderValidations", kPostRenders),
                                          Optional("preRenderValidations", kValidations),
                                          Required("resources", kResourceTemplates),
                                          Optional("traits", kEmbeddedTraits),
                                          Optional("validations", kValidations),
                                          Required("workloadType", kWorkloadType)};
constexpr Shape kComponentType = ObjectOf(kComponentTypeFields).Rules(kComponentTypeRules);
constexpr Field kClusterComponentTypeFields[] = {
    Optional("allowedTraits", kAllowedClusterTraits),
    Optional("allowedWorkflows", kAllowedClusterWorkflows),
    Optional("environmentConfigs", kSchemaSection),
    Optional("parameters", kSchemaSection),
    Optional("postRenderValidations", kPostRenders),
    Optional("preRenderValidations", kValidations),
    Required("resources", kResourceTemplates),
    Optional("traits", kEmbeddedClusterTraits),
    Optional("validations", kValidations),
    Required("workloadType", kWorkloadType)};
constexpr Shape kClusterComponentType =
    ObjectOf(kClusterComponentTypeFields).Rules(kComponentTypeRules);

constexpr Field kTraitRemoveFields[] = {Optional("forEach", kExpression),
                                        Required("target", kPatchTarget), kTargetPlane,
                                        Optional("var", kIdentifier)};
constexpr Shape kTraitRemove = ObjectOf(kTraitRemoveFields).Rules(kVarWithForEach);
constexpr Shape kTraitRemoves = ArrayOf(kTraitRemove);
constexpr ValidationRule kTraitRules[] = {ValidationRule::kOneKindOfValidations};
constexpr Field kTraitFields[] = {Optional("creates", kTraitCreates),
                                  Optional("environmentConfigs", kSchemaSection),
                                  Optional("parameters", kSchemaSection),
                                  Optional("patches", kTraitPatches),
                                  Optional("postRenderValidations", kPostRenders),
                                  Optional("preRenderValidations", kValidations),
                                  Optional("removes", kTraitRemoves),
                                  Optional("validations", kValidations)};
constexpr Shape kTrait = ObjectOf(kTraitFields).Rules(kTraitRules);

constexpr Shape kKeyedResourceTemplates = kResourceTemplates.KeyedBy("id");
constexpr Field kProjectTypeFields[] = {
    Optional("environmentConfigs", kSchemaSection), Optional("parameters", kSchemaSection),
    Required("resources", kKeyedResourceTemplates), Optional("validations", kValidations)};
constexpr Shape kProjectType = ObjectOf(kProjectTypeFields);

constexpr Field kKeyReferenceFields[] = {Required("key", kName), Required("name", kName)};
constexpr Shape kKeyReference = ObjectOf(kKeyReferenceFields);

constexpr ValidationRule kOutputRules[] = {ValidationRule::kOneOutputSource};
constexpr Field kOutputFields[] = {Optional("configMapKeyRef", kKeyReference),
                                   Required("name", kName), Optional("secretKeyRef", kKeyReference),
                                   Optional("value", kText)};
constexpr Shape kOutput = ObjectOf(kOutputFields).Rules(kOutputRules);
constexpr Shape kOutputs = ArrayOf(kOutput).KeyedBy("name");
constexpr Field kOwnedResourceFields[] = {
    Required("id", kName), Optional("includeWhen", kExpression), Optional("readyWhen", kExpression),
    Required("template", kOpenObject)};
constexpr Shape kOwnedResource = ObjectOf(kOwnedResourceFields);
constexpr Shape kOwnedResources = ArrayOf(kOwnedResource).MinItems(1).KeyedBy("id");
constexpr std::string_view kRetainPolicies[] = {"Delete", "Retain"};
constexpr Shape kRetainPolicy = kText.OneOf(kRetainPolicies);
constexpr Field kResourceTypeFields[] = {
    Optional("environmentConfigs", kSchemaSection), Optional("outputs", kOutputs),
    Optional("parameters", kSchemaSection), Required("resources", kOwnedResources),
    Defaulted("retainPolicy", kRetainPolicy, Value::String("Delete"))};
constexpr Shape kResourceType = ObjectOf(kResourceTypeFields);

// Planes and environments.

constexpr Field kAgentSecretFields[] = {Required("key", kText), Required("name", kText),
                                        Optional("namespace", kText)};
constexpr Shape kAgentSecret = ObjectOf(kAgentSecretFields);
constexpr Field kClientCaFields[] = {Optional("secretKeyRef", kAgentSecret),
                                     Optional("value", kText)};
constexpr Shape kClientCa = ObjectOf(kClientCaFields);
constexpr Field kClusterAgentFields[] = {Required("clientCA", kClientCa, Field::kUnread)};
constexpr Shape kClusterAgent = ObjectOf(kClusterAgentFields);

constexpr Field kListenerFields[] = {Required("host", kText), Optional("listenerName", kText),
                                     Required("port", kPort)};
constexpr Shape kListener = ObjectOf(kListenerFields);
constexpr Field kGatewayEndpointFields[] = {
    Optional("http", kListener), Optional("https", kListener), Required("name", kText),
    Required("namespace", kText), Optional("tls", kListener)};
constexpr Shape kGatewayEndpoint = ObjectOf(kGatewayEndpointFields);
constexpr Field kGatewayDirectionFields[] = {Optional("external", kGatewayEndpoint),
                                             Optional("internal", kGatewayEndpoint)};
constexpr Shape kGatewayDirection = ObjectOf(kGatewayDirectionFields);
constexpr Field kGatewayFields[] = {Optional("egress", kGatewayDirection),
                                    Optional("ingress", kGatewayDirection)};
constexpr Shape kGateway = ObjectOf(kGatewayFields);

constexpr Shape kPlaneName = kDnsLabel.MinLength(1).MaxLength(63);
constexpr std::string_view kObservabilityKinds[] = {"ObservabilityPlane",
                                                    "ClusterObservabilityPlane"};
constexpr Shape kObservabilityKind = kText.OneOf(kObservabilityKinds);
constexpr Field kObservabilityRefFields[] = {Required("kind", kObservabilityKind),
                                             Required("name", kPlaneName)};
constexpr Shape kObservabilityRef = ObjectOf(kObservabilityRefFields);
constexpr std::string_view kClusterObservabilityKinds[] = {"ClusterObservabilityPlane"};
constexpr Shape kClusterObservabilityKind = kText.OneOf(kClusterObservabilityKinds);
constexpr Field kClusterObservabilityRefFields[] = {Required("kind", kClusterObservabilityKind),
                                                    Required("name", kPlaneName)};
constexpr ValidationRule kClusterObservabilityRules[] = {
    ValidationRule::kClusterObservabilityPlaneOnly};
constexpr Shape kClusterObservabilityRef =
    ObjectOf(kClusterObservabilityRefFields).Rules(kClusterObservabilityRules);

constexpr Field kDataPlaneFields[] = {
    Required("clusterAgent", kClusterAgent, Field::kUnread), Optional("gateway", kGateway),
    Optional("observabilityPlaneRef", kObservabilityRef), Optional("planeID", kPlaneId),
    Optional("secretStoreRef", kReference)};
constexpr Shape kDataPlane = ObjectOf(kDataPlaneFields);
constexpr Field kClusterDataPlaneFields[] = {
    Required("clusterAgent", kClusterAgent, Field::kUnread), Optional("gateway", kGateway),
    Optional("observabilityPlaneRef", kClusterObservabilityRef),
    Required("planeID", kPlaneId, Field::kUnread), Optional("secretStoreRef", kReference)};
constexpr Shape kClusterDataPlane = ObjectOf(kClusterDataPlaneFields);

constexpr Field kObservabilityPlaneFields[] = {
    Required("clusterAgent", kClusterAgent, Field::kUnread), Optional("finOpsAgentURL", kText),
    Required("observerURL", kText, Field::kUnread), Optional("planeID", kPlaneId),
    Optional("rcaAgentURL", kText)};
constexpr Shape kObservabilityPlane = ObjectOf(kObservabilityPlaneFields);
constexpr Field kClusterObservabilityPlaneFields[] = {
    Required("clusterAgent", kClusterAgent, Field::kUnread), Optional("finOpsAgentURL", kText),
    Required("observerURL", kText, Field::kUnread), Required("planeID", kPlaneId, Field::kUnread),
    Optional("rcaAgentURL", kText)};
constexpr Shape kClusterObservabilityPlane = ObjectOf(kClusterObservabilityPlaneFields);

constexpr Field kSecretSourceFields[] = {Optional("secretKeyRef", kKeyReference)};
constexpr Shape kSecretSource = ObjectOf(kSecretSourceFields);
constexpr Shape kEmail = kText.Matching(TextPattern::kEmail);
constexpr Shape kEmails = ArrayOf(kEmail).MinItems(1);
constexpr Field kSmtpAuthFields[] = {Required("password", kSecretSource),
                                     Required("username", kSecretSource)};
constexpr Shape kSmtpAuth = ObjectOf(kSmtpAuthFields);
constexpr Field kSmtpTlsFields[] = {
    Field{"insecureSkipVerify", &kBoolean, Field::kRequired, Value::Bool(false)}};
constexpr Shape kSmtpTls = ObjectOf(kSmtpTlsFields);
constexpr Field kSmtpFields[] = {Required("auth", kSmtpAuth), Required("host", kText),
                                 Required("port", kPort), Required("tls", kSmtpTls)};
constexpr Shape kSmtp = ObjectOf(kSmtpFields);
constexpr Field kEmailTemplateFields[] = {Required("body", kText), Required("subject", kText)};
constexpr Shape kEmailTemplate = ObjectOf(kEmailTemplateFields);
constexpr Field kEmailConfigFields[] = {Required("from", kEmail), Required("smtp", kSmtp),
                                        Required("template", kEmailTemplate),
                                        Required("to", kEmails)};
constexpr Shape kEmailConfig = ObjectOf(kEmailConfigFields);
constexpr Field kHeaderFields[] = {Optional("value", kText), Optional("valueFrom", kSecretSource)};
constexpr Shape kHeader = ObjectOf(kHeaderFields).Rules(kValueOrValueFrom);
constexpr Shape kHeaders = MapOf(kHeader);
constexpr Shape kUri = kText.Matching(TextPattern::kUriFormat);
constexpr Field kWebhookConfigFields[] = {
    Optional("headers", kHeaders), Optional("payloadTemplate", kText), Required("url", kUri)};
constexpr Shape kWebhookConfig = ObjectOf(kWebhookConfigFields);
constexpr std::string_view kChannelTypes[] = {"email", "webhook"};
constexpr Shape kChannelType = kText.OneOf(kChannelTypes);
constexpr ValidationRule kChannelRules[] = {ValidationRule::kEmailConfig,
                                            ValidationRule::kWebhookConfig};
constexpr Field kChannelFields[] = {
    Optional("emailConfig", kEmailConfig), Required("environment", kText),
    Defaulted("isEnvDefault", kBoolean, Value::Bool(false)), Required("type", kChannelType),
    Optional("webhookConfig", kWebhookConfig)};
constexpr Shape kChannel = ObjectOf(kChannelFields).Rules(kChannelRules);

constexpr std::string_view kDataPlaneKinds[] = {"DataPlane", "ClusterDataPlane"};
constexpr Shape kDataPlaneKind = kText.OneOf(kDataPlaneKinds);
constexpr Field kDataPlaneRefFields[] = {Required("kind", kDataPlaneKind), Required("name", kText)};
constexpr Shape kDataPlaneRef = ObjectOf(kDataPlaneRefFields);
constexpr Field kEnvironmentFields[] = {Optional("dataPlaneRef", kDataPlaneRef),
                                        Optional("gateway", kGateway),
                                        Optional("isProduction", kBoolean)};
constexpr Shape kEnvironment = ObjectOf(kEnvironmentFields);

constexpr std::string_view kEnvironmentKinds[] = {"Environment"};
constexpr Shape kEnvironmentKind = kText.OneOf(kEnvironmentKinds);
constexpr Field kEnvironmentRefFields[] = {
    Defaulted("kind", kEnvironmentKind, Value::String("Environment")),
    Required("name", kShortName)};
constexpr Shape kEnvironmentRef = ObjectOf(kEnvironmentRefFields);
constexpr Shape kEnvironmentRefs = ArrayOf(kEnvironmentRef);
constexpr Field kPromotionPathFields[] = {Required("sourceEnvironmentRef", kEnvironmentRef),
                                          Required("targetEnvironmentRefs", kEnvironmentRefs)};
constexpr Shape kPromotionPath = ObjectOf(kPromotionPathFields);
constexpr Shape kPromotionPaths = ArrayOf(kPromotionPath);
constexpr Field kPipelineFields[] = {Optional("promotionPaths", kPromotionPaths)};
constexpr Shape kPipeline = ObjectOf(kPipelineFields);

constexpr Field kRemoteRefFields[] = {Required("key", kName), Optional("property", kText),
                                      Optional("version", kText)};
constexpr Shape kRemoteRef = ObjectOf(kRemoteRefFields);
constexpr Field kSecretDataFields[] = {Required("remoteRef", kRemoteRef),
                                       Required("secretKey", kName)};
constexpr Shape kSecretData = ObjectOf(kSecretDataFields);
constexpr Shape kSecretDataList = ArrayOf(kSecretData).MinItems(1);
constexpr std::string_view kSecretPlaneKinds[] = {"WorkflowPlane", "ClusterWorkflowPlane",
                                                  "DataPlane", "ClusterDataPlane"};
constexpr Shape kSecretPlaneKind = kText.OneOf(kSecretPlaneKinds);
constexpr Field kSecretPlaneFields[] = {Required("kind", kSecretPlaneKind),
                                        Required("name", kName)};
constexpr Shape kSecretPlane = ObjectOf(kSecretPlaneFields);
constexpr std::string_view kSecretTypes[] = {"Opaque",
                                             "kubernetes.io/dockerconfigjson",
                                             "kubernetes.io/dockercfg",
                                             "kubernetes.io/basic-auth",
                                             "kubernetes.io/ssh-auth",
                                             "kubernetes.io/tls",
                                             "bootstrap.kubernetes.io/token"};
constexpr Shape kSecretType = kText.OneOf(kSecretTypes);
constexpr Field kSecretMetadataFields[] = {Optional("annotations", kTextMap),
                                           Optional("labels", kTextMap)};
constexpr Shape kSecretMetadata = ObjectOf(kSecretMetadataFields);
constexpr Field kSecretTemplateFields[] = {Optional("metadata", kSecretMetadata),
                                           Defaulted("type", kSecretType, Value::String("Opaque"))};
constexpr Shape kSecretTemplate = ObjectOf(kSecretTemplateFields);
constexpr Field kSecretReferenceFields[] = {
    Required("data", kSecretDataList), Defaulted("refreshInterval", kText, Value::String("1h")),
    Optional("targetPlane", kSecretPlane), Required("template", kSecretTemplate)};
constexpr Shape kSecretReference = ObjectOf(kSecretReferenceFields);

// Projects.

constexpr std::string_view kPipelineKinds[] = {"DeploymentPipeline"};
constexpr Shape kPipelineKind = kText.OneOf(kPipelineKinds);
constexpr Field kPipelineRefFields[] = {
    Defaulted("kind", kPipelineKind, Value::String("DeploymentPipeline")),
    Required("name", kShortName)};
constexpr Shape kPipelineRef = ObjectOf(kPipelineRefFields);
constexpr std::string_view kProjectTypeKinds[] = {"ProjectType", "ClusterProjectType"};
constexpr Shape kProjectTypeKind = kText.OneOf(kProjectTypeKinds);
constexpr Shape kTypeName = kDnsLabel.MinLength(1);
constexpr Field kProjectTypeRefFields[] = {
    Defaulted("kind", kProjectTypeKind, Value::String("ProjectType")), Required("name", kTypeName)};
constexpr Shape kProjectTypeRef = ObjectOf(kProjectTypeRefFields);
constexpr Field kProjectFields[] = {Required("deploymentPipelineRef", kPipelineRef),
                                    Optional("parameters", kAnything),
                                    Required("type", kProjectTypeRef, Field::kUnread)};
constexpr Shape kProject = ObjectOf(kProjectFields);

constexpr Field kReleasedProjectTypeFields[] = {
    Required("kind", kProjectTypeKind), Required("name", kName), Required("spec", kProjectType)};
constexpr Shape kReleasedProjectType = ObjectOf(kReleasedProjectTypeFields);
constexpr Field kProjectReleaseFields[] = {Required("owner", kProjectOwner),
                                           Optional("parameters", kAnything),
                                           Required("projectType", kReleasedProjectType)};
constexpr Shape kProjectRelease = ObjectOf(kProjectReleaseFields);
constexpr Field kProjectReleaseBindingFields[] = {
    Required("environment", kName), Optional("environmentConfigs", kAnything),
    Required("owner", kProjectOwner), Optional("projectRelease", kText)};
constexpr Shape kProjectReleaseBinding = ObjectOf(kProjectReleaseBindingFields);

// Components.

constexpr Field kComponentTypeRefFields[] = {
    Defaulted("kind", kComponentTypeKind, Value::String("ComponentType")),
    Required("name", kTypeReference)};
constexpr Shape kComponentTypeRef = ObjectOf(kComponentTypeRefFields);
constexpr Field kTraitUseFields[] = {Required("instanceName", kName), kTraitKindField,
                                     Required("name", kName), Optional("parameters", kAnything)};
constexpr Shape kTraitUse = ObjectOf(kTraitUseFields);
constexpr Shape kTraitUses = ArrayOf(kTraitUse);
constexpr Field kWorkflowUseFields[] = {kWorkflowKindField, Required("name", kName),
                                        Optional("parameters", kOpenObject)};
constexpr Shape kWorkflowUse = ObjectOf(kWorkflowUseFields);
constexpr Field kComponentFields[] = {Optional("autoBuild", kBoolean),
                                      Optional("autoDeploy", kBoolean),
                                      Required("componentType", kComponentTypeRef),
                                      Required("owner", kProjectOwner),
                                      Optional("parameters", kAnything),
                                      Optional("traits", kTraitUses),
                                      Optional("workflow", kWorkflowUse)};
constexpr Shape kComponent = ObjectOf(kComponentFields);

constexpr ValidationRule kNotBothRules[] = {ValidationRule::kNotValueAndValueFrom};
constexpr Field kEnvFields[] = {Required("key", kText), Optional("value", kText),
                                Optional("valueFrom", kSecretSource)};
constexpr Shape kEnv = ObjectOf(kEnvFields).Rules(kNotBothRules);
constexpr Shape kEnvs = ArrayOf(kEnv);
constexpr Field kFileFields[] = {Required("key", kText), Required("mountPath", kText),
                                 Optional("value", kText), Optional("valueFrom", kSecretSource)};
constexpr Shape kFile = ObjectOf(kFileFields).Rules(kNotBothRules);
constexpr Shape kFiles = ArrayOf(kFile);
constexpr Field kContainerFields[] = {Optional("args", kTexts), Optional("command", kTexts),
                                      Optional("env", kEnvs), Optional("files", kFiles),
                                      Required("image", kName)};
constexpr Shape kContainer = ObjectOf(kContainerFields);

constexpr Field kEndpointBindingsFields[] = {Optional("address", kText),
                                             Optional("basePath", kText), Optional("host", kText),
                                             Optional("port", kText)};
constexpr Shape kEndpointBindings = ObjectOf(kEndpointBindingsFields);
constexpr std::string_view kDependencyVisibilities[] = {"project", "namespace"};
constexpr Shape kDependencyVisibility = kText.OneOf(kDependencyVisibilities);
constexpr Field kEndpointDependencyFields[] = {Required("component", kName),
                                               Required("envBindings", kEndpointBindings),
                                               Required("name", kName), Optional("project", kText),
                                               Required("visibility", kDependencyVisibility)};
constexpr Shape kEndpointDependency = ObjectOf(kEndpointDependencyFields);
constexpr Shape kEndpointDependencies = ArrayOf(kEndpointDependency).MaxItems(50);
constexpr ValidationRule kEnvBindingsRules[] = {ValidationRule::kEnvBindingsNotEmpty};
constexpr Shape kEnvBindings = kTextMap.MaxProperties(50).Rules(kEnvBindingsRules);
constexpr ValidationRule kFileBindingsRules[] = {ValidationRule::kFileBindingsNotEmpty};
constexpr Shape kFileBindings = kTextMap.MaxProperties(50).Rules(kFileBindingsRules);
constexpr Field kResourceDependencyFields[] = {Optional("envBindings", kEnvBindings),
                                               Optional("fileBindings", kFileBindings),
                                               Required("ref", kName)};
constexpr Shape kResourceDependency = ObjectOf(kResourceDependencyFields);
constexpr Shape kResourceDependencies = ArrayOf(kResourceDependency).MaxItems(50).KeyedBy("ref");
constexpr Field kDependenciesFields[] = {Optional("endpoints", kEndpointDependencies),
                                         Optional("resources", kResourceDependencies)};
constexpr Shape kDependencies = ObjectOf(kDependenciesFields);

constexpr std::string_view kEndpointTypes[] = {"HTTP",      "gRPC", "GraphQL",
                                               "Websocket", "TCP",  "UDP"};
constexpr Shape kEndpointType = kText.OneOf(kEndpointTypes);
constexpr std::string_view kVisibilityNames[] = {"project", "namespace", "internal", "external"};
constexpr Shape kVisibility = kText.OneOf(kVisibilityNames);
constexpr Shape kVisibilities = ArrayOf(kVisibility).Set();
constexpr Field kEndpointFields[] = {Optional("basePath", kText),
                                     Optional("displayName", kText),
                                     Required("port", kPort),
                                     Optional("schema", kEndpointSchema),
                                     Optional("targetPort", kPort),
                                     Required("type", kEndpointType),
                                     Optional("visibility", kVisibilities)};
constexpr Shape kEndpoint = ObjectOf(kEndpointFields);
constexpr Shape kEndpoints = MapOf(kEndpoint);

constexpr Field kWorkloadFields[] = {
    Required("container", kContainer), Optional("dependencies", kDependencies),
    Optional("endpoints", kEndpoints), Required("owner", kComponentOwner, Field::kInferred)};
constexpr Shape kWorkload = ObjectOf(kWorkloadFields);

constexpr Field kReleasedWorkloadFields[] = {Required("container", kContainer),
                                             Optional("dependencies", kDependencies),
                                             Optional("endpoints", kEndpoints)};
constexpr Shape kReleasedWorkload = ObjectOf(kReleasedWorkloadFields);
constexpr Field kReleasedTraitUseFields[] = {Required("instanceName", kName),
                                             Required("kind", kTraitKind), Required("name", kName),
                                             Optional("parameters", kAnything)};
constexpr Shape kReleasedTraitUse = ObjectOf(kReleasedTraitUseFields);
constexpr Shape kReleasedTraitUses = ArrayOf(kReleasedTraitUse);
constexpr Field kProfileFields[] = {Optional("parameters", kAnything),
                                    Optional("traits", kReleasedTraitUses)};
constexpr Shape kProfile = ObjectOf(kProfileFields);
constexpr Field kReleasedComponentTypeFields[] = {Required("kind", kComponentTypeKind),
                                                  Required("name", kName),
                                                  Required("spec", kComponentType)};
constexpr Shape kReleasedComponentType = ObjectOf(kReleasedComponentTypeFields);
constexpr Field kReleasedTraitFields[] = {Required("kind", kTraitKind), Required("name", kName),
                                          Required("spec", kTrait)};
constexpr Shape kReleasedTrait = ObjectOf(kReleasedTraitFields);
constexpr Shape kReleasedTraits = ArrayOf(kReleasedTrait).MaxItems(100);
constexpr Field kComponentReleaseFields[] = {
    Optional("componentProfile", kProfile), Required("componentType", kReleasedComponentType),
    Required("owner", kComponentOwner), Optional("traits", kReleasedTraits),
    Required("workload", kReleasedWorkload)};
constexpr Shape kComponentRelease = ObjectOf(kComponentReleaseFields);

constexpr Field kContainerOverrideFields[] = {Optional("env", kEnvs), Optional("files", kFiles)};
constexpr Shape kContainerOverride = ObjectOf(kContainerOverrideFields);
constexpr Field kWorkloadOverridesFields[] = {Optional("container", kContainerOverride)};
constexpr Shape kWorkloadOverrides = ObjectOf(kWorkloadOverridesFields).Open();
constexpr Shape kTraitConfigs = MapOf(kOpenObject);
constexpr Field kReleaseBindingFields[] = {Optional("componentTypeEnvironmentConfigs", kOpenObject),
                                           Required("environment", kText),
                                           Required("owner", kComponentOwner),
                                           Optional("releaseName", kText),
                                           Defaulted("state", kState, Value::String("Active")),
                                           Optional("traitEnvironmentConfigs", kTraitConfigs),
                                           Optional("workloadOverrides", kWorkloadOverrides)};
constexpr Shape kReleaseBinding = ObjectOf(kReleaseBindingFields);

// Resources.

constexpr std::string_view kResourceTypeKinds[] = {"ResourceType", "ClusterResourceType"};
constexpr Shape kResourceTypeKind = kText.OneOf(kResourceTypeKinds);
constexpr Field kResourceTypeRefFields[] = {
    Defaulted("kind", kResourceTypeKind, Value::String("ResourceType")),
    Required("name", kTypeName)};
constexpr Shape kResourceTypeRef = ObjectOf(kResourceTypeRefFields);
constexpr Field kResourceFields[] = {Required("owner", kProjectOwner),
                                     Optional("parameters", kAnything),
                                     Required("type", kResourceTypeRef)};
constexpr Shape kResource = ObjectOf(kResourceFields);
constexpr Field kResourceOwnerFields[] = {Required("projectName", kName),
                                          Required("resourceName", kName)};
constexpr Shape kResourceOwner = ObjectOf(kResourceOwnerFields);
constexpr Field kReleasedResourceTypeFields[] = {
    Required("kind", kResourceTypeKind), Required("name", kName), Required("spec", kResourceType)};
constexpr Shape kReleasedResourceType = ObjectOf(kReleasedResourceTypeFields);
constexpr Field kResourceReleaseFields[] = {Required("owner", kResourceOwner),
                                            Optional("parameters", kAnything),
                                            Required("resourceType", kReleasedResourceType)};
constexpr Shape kResourceRelease = ObjectOf(kResourceReleaseFields);
constexpr Field kResourceReleaseBindingFields[] = {
    Required("environment", kName), Required("owner", kResourceOwner),
    Optional("resourceRelease", kText), Optional("resourceTypeEnvironmentConfigs", kAnything),
    Optional("retainPolicy", kRetainPolicy)};
constexpr Shape kResourceReleaseBinding = ObjectOf(kResourceReleaseBindingFields);

// Workflows: looked at for their existence only.

constexpr Shape kReferenceId = kText.MinLength(2).MaxLength(63).Matching(TextPattern::kReferenceId);
constexpr std::string_view kExternalKinds[] = {"SecretReference"};
constexpr Shape kExternalKind = kText.OneOf(kExternalKinds);
constexpr Field kExternalRefFields[] = {Required("apiVersion", kName), Required("id", kReferenceId),
                                        Required("kind", kExternalKind), Required("name", kName)};
constexpr Shape kExternalRef = ObjectOf(kExternalRefFields);
constexpr Shape kExternalRefs = ArrayOf(kExternalRef).KeyedBy("id");
constexpr Field kWorkflowResourceFields[] = {
    Required("id", kName), Optional("includeWhen", kExpression), Required("template", kOpenObject)};
constexpr Shape kWorkflowResource = ObjectOf(kWorkflowResourceFields);
constexpr Shape kWorkflowResources = ArrayOf(kWorkflowResource);
constexpr Shape kTimeToLive = kText.Matching(TextPattern::kTimeToLive);
constexpr std::string_view kWorkflowPlaneKinds[] = {"WorkflowPlane", "ClusterWorkflowPlane"};
constexpr Shape kWorkflowPlaneKind = kText.OneOf(kWorkflowPlaneKinds);
constexpr Field kWorkflowPlaneRefFields[] = {Required("kind", kWorkflowPlaneKind),
                                             Required("name", kShortName)};
constexpr Shape kWorkflowPlaneRef = ObjectOf(kWorkflowPlaneRefFields);
constexpr std::string_view kClusterWorkflowPlaneKinds[] = {"ClusterWorkflowPlane"};
constexpr Shape kClusterWorkflowPlaneKind = kText.OneOf(kClusterWorkflowPlaneKinds);
constexpr Field kClusterWorkflowPlaneRefFields[] = {Required("kind", kClusterWorkflowPlaneKind),
                                                    Required("name", kShortName)};
constexpr Shape kClusterWorkflowPlaneRef = ObjectOf(kClusterWorkflowPlaneRefFields);
constexpr value::MapEntry kDefaultWorkflowPlane[] = {
    {Value::String("kind"), Value::String("ClusterWorkflowPlane")},
    {Value::String("name"), Value::String("default")}};
constexpr Field kWorkflowFields[] = {
    Optional("externalRefs", kExternalRefs),
    Optional("parameters", kSchemaSection),
    Optional("resources", kWorkflowResources),
    Required("runTemplate", kOpenObject),
    Optional("ttlAfterCompletion", kTimeToLive),
    Defaulted("workflowPlaneRef", kWorkflowPlaneRef, Value::Map(kDefaultWorkflowPlane))};
constexpr Shape kWorkflow = ObjectOf(kWorkflowFields);
constexpr Field kClusterWorkflowFields[] = {
    Optional("externalRefs", kExternalRefs),
    Optional("parameters", kSchemaSection),
    Optional("resources", kWorkflowResources),
    Required("runTemplate", kOpenObject),
    Optional("ttlAfterCompletion", kTimeToLive),
    Defaulted("workflowPlaneRef", kClusterWorkflowPlaneRef, Value::Map(kDefaultWorkflowPlane))};
constexpr Shape kClusterWorkflow = ObjectOf(kClusterWorkflowFields);

}  // namespace

const KindRules* RulesOfV1(names::Kind kind) {
  static constexpr KindRules kRules[names::kKindCount] = {
      {&kComponentType},
      {&kClusterComponentType},
      {&kTrait},
      {&kTrait},  // ClusterTrait
      {&kProjectType},
      {&kProjectType},  // ClusterProjectType
      {&kResourceType},
      {&kResourceType},  // ClusterResourceType
      {&kDataPlane},
      {&kClusterDataPlane},
      {&kObservabilityPlane},
      {&kClusterObservabilityPlane},
      {&kChannel},
      {&kEnvironment},
      {&kPipeline},
      {&kSecretReference},
      {&kProject},
      {&kProjectRelease},
      {&kProjectReleaseBinding},
      {&kComponent},
      {&kWorkload},
      {&kComponentRelease},
      {&kReleaseBinding},
      {&kResource},
      {&kResourceRelease},
      {&kResourceReleaseBinding},
      {nullptr},  // Organization: old only
      {&kWorkflow, true},
      {&kClusterWorkflow},
  };
  const KindRules& rules = kRules[static_cast<int>(kind)];
  return rules.spec ? &rules : nullptr;
}

}  // namespace openchoreo::admission
