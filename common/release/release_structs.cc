#include "common/release/release_structs.h"

namespace openchoreo::release {
namespace {

// Follows openchoreo api/v1alpha1 (field order is declaration order).
constexpr GoType kString{GoForm::kString, "string"};
constexpr GoType kInt32{GoForm::kInt32, "int32"};
constexpr GoType kBool{GoForm::kBool, "bool"};
constexpr GoType kRaw{GoForm::kRaw, "runtime.RawExtension"};
constexpr GoType kRawPointer{GoForm::kPointer, "", &kRaw};
constexpr GoType kStrings{GoForm::kSlice, "", &kString};
constexpr GoType kStringMap{GoForm::kMap, "", &kString};
constexpr GoType kBoolPointer{GoForm::kPointer, "", &kBool};

constexpr GoType PointerTo(const GoType& type) { return {GoForm::kPointer, "", &type}; }

constexpr GoType SliceOf(const GoType& type) { return {GoForm::kSlice, "", &type}; }

constexpr GoType MapOf(const GoType& type) { return {GoForm::kMap, "", &type}; }

constexpr GoType Struct(std::string_view name, std::span<const GoField> fields) {
  return {GoForm::kStruct, name, nullptr, fields};
}

// componenttype_types.go, types.go
constexpr GoField kSchemaSectionFields[] = {{"OpenAPIV3Schema", "openAPIV3Schema", &kRawPointer}};
constexpr GoType kSchemaSection = Struct("v1alpha1.SchemaSection", kSchemaSectionFields);
constexpr GoType kSchemaSectionPointer = PointerTo(kSchemaSection);

constexpr GoType kWorkflowRefKind{GoForm::kString, "v1alpha1.WorkflowRefKind"};
constexpr GoField kWorkflowRefFields[] = {{"Kind", "kind", &kWorkflowRefKind},
                                          {"Name", "name", &kString}};
constexpr GoType kWorkflowRef = Struct("v1alpha1.WorkflowRef", kWorkflowRefFields);
constexpr GoType kWorkflowRefs = SliceOf(kWorkflowRef);

constexpr GoType kTraitRefKind{GoForm::kString, "v1alpha1.TraitRefKind"};
constexpr GoField kTraitRefFields[] = {{"Kind", "kind", &kTraitRefKind},
                                       {"Name", "name", &kString}};
constexpr GoType kTraitRef = Struct("v1alpha1.TraitRef", kTraitRefFields);
constexpr GoType kTraitRefs = SliceOf(kTraitRef);

constexpr GoField kComponentTypeTraitFields[] = {
    {"Kind", "kind", &kTraitRefKind},
    {"Name", "name", &kString},
    {"InstanceName", "instanceName", &kString},
    {"Parameters", "parameters", &kRawPointer},
    {"EnvironmentConfigs", "environmentConfigs", &kRawPointer},
};
constexpr GoType kComponentTypeTrait =
    Struct("v1alpha1.ComponentTypeTrait", kComponentTypeTraitFields);
constexpr GoType kComponentTypeTraits = SliceOf(kComponentTypeTrait);

constexpr GoField kValidationRuleFields[] = {{"Rule", "rule", &kString},
                                             {"Message", "message", &kString}};
constexpr GoType kValidationRule = Struct("v1alpha1.ValidationRule", kValidationRuleFields);
constexpr GoType kValidationRules = SliceOf(kValidationRule);

constexpr GoField kPatchTargetFields[] = {
    {"Group", "group", &kString},
    {"Version", "version", &kString},
    {"Kind", "kind", &kString},
    {"Where", "where", &kString},
};
constexpr GoType kPatchTarget = Struct("v1alpha1.PatchTarget", kPatchTargetFields);

constexpr GoField kPostRenderTargetFields[] = {{"PatchTarget", "", &kPatchTarget},
                                               {"MustMatch", "mustMatch", &kBoolPointer}};
constexpr GoType kPostRenderTarget = Struct("v1alpha1.PostRenderTarget", kPostRenderTargetFields);

constexpr GoField kPostRenderValidationFields[] = {
    {"When", "when", &kString},
    {"ForEach", "forEach", &kString},
    {"Var", "var", &kString},
    {"Target", "target", &kPostRenderTarget},
    {"TargetPlane", "targetPlane", &kString},
    {"Rule", "rule", &kString},
    {"Message", "message", &kString},
};
constexpr GoType kPostRenderValidation =
    Struct("v1alpha1.PostRenderValidation", kPostRenderValidationFields);
constexpr GoType kPostRenderValidations = SliceOf(kPostRenderValidation);

constexpr GoField kResourceTemplateFields[] = {
    {"ID", "id", &kString},
    {"TargetPlane", "targetPlane", &kString},
    {"IncludeWhen", "includeWhen", &kString},
    {"ForEach", "forEach", &kString},
    {"Var", "var", &kString},
    {"Template", "template", &kRawPointer},
};
constexpr GoType kResourceTemplate = Struct("v1alpha1.ResourceTemplate", kResourceTemplateFields);
constexpr GoType kResourceTemplates = SliceOf(kResourceTemplate);

constexpr GoField kComponentTypeFields[] = {
    {"WorkloadType", "workloadType", &kString},
    {"AllowedWorkflows", "allowedWorkflows", &kWorkflowRefs},
    {"Parameters", "parameters", &kSchemaSectionPointer},
    {"EnvironmentConfigs", "environmentConfigs", &kSchemaSectionPointer},
    {"Traits", "traits", &kComponentTypeTraits},
    {"AllowedTraits", "allowedTraits", &kTraitRefs},
    {"Validations", "validations", &kValidationRules},
    {"PreRenderValidations", "preRenderValidations", &kValidationRules},
    {"PostRenderValidations", "postRenderValidations", &kPostRenderValidations},
    {"Resources", "resources", &kResourceTemplates},
};
constexpr GoType kComponentType = Struct("v1alpha1.ComponentTypeSpec", kComponentTypeFields);

// trait_types.go
constexpr GoField kTraitCreateFields[] = {
    {"TargetPlane", "targetPlane", &kString}, {"IncludeWhen", "includeWhen", &kString},
    {"ForEach", "forEach", &kString},         {"Var", "var", &kString},
    {"Template", "template", &kRawPointer},
};
constexpr GoType kTraitCreate = Struct("v1alpha1.TraitCreate", kTraitCreateFields);
constexpr GoType kTraitCreates = SliceOf(kTraitCreate);

constexpr GoField kPatchOperationFields[] = {
    {"Op", "op", &kString}, {"Path", "path", &kString}, {"Value", "value", &kRawPointer}};
constexpr GoType kPatchOperation = Struct("v1alpha1.JSONPatchOperation", kPatchOperationFields);
constexpr GoType kPatchOperations = SliceOf(kPatchOperation);

constexpr GoField kTraitPatchFields[] = {
    {"ForEach", "forEach", &kString},
    {"Var", "var", &kString},
    {"Target", "target", &kPatchTarget},
    {"TargetPlane", "targetPlane", &kString},
    {"Operations", "operations", &kPatchOperations},
};
constexpr GoType kTraitPatch = Struct("v1alpha1.TraitPatch", kTraitPatchFields);
constexpr GoType kTraitPatches = SliceOf(kTraitPatch);

constexpr GoField kTraitRemoveFields[] = {
    {"ForEach", "forEach", &kString},
    {"Var", "var", &kString},
    {"Target", "target", &kPatchTarget},
    {"TargetPlane", "targetPlane", &kString},
};
constexpr GoType kTraitRemove = Struct("v1alpha1.TraitRemove", kTraitRemoveFields);
constexpr GoType kTraitRemoves = SliceOf(kTraitRemove);

constexpr GoField kTraitFields[] = {
    {"Parameters", "parameters", &kSchemaSectionPointer},
    {"EnvironmentConfigs", "environmentConfigs", &kSchemaSectionPointer},
    {"Validations", "validations", &kValidationRules},
    {"PreRenderValidations", "preRenderValidations", &kValidationRules},
    {"PostRenderValidations", "postRenderValidations", &kPostRenderValidations},
    {"Creates", "creates", &kTraitCreates},
    {"Patches", "patches", &kTraitPatches},
    {"Removes", "removes", &kTraitRemoves},
};
constexpr GoType kTrait = Struct("v1alpha1.TraitSpec", kTraitFields);

// workload_types.go
constexpr GoField kSecretKeyRefFields[] = {{"Name", "name", &kString}, {"Key", "key", &kString}};
constexpr GoType kSecretKeyRef = Struct("v1alpha1.SecretKeyRef", kSecretKeyRefFields);
constexpr GoType kSecretKeyRefPointer = PointerTo(kSecretKeyRef);

constexpr GoField kValueFromFields[] = {{"SecretKeyRef", "secretKeyRef", &kSecretKeyRefPointer}};
constexpr GoType kValueFrom = Struct("v1alpha1.EnvVarValueFrom", kValueFromFields);
constexpr GoType kValueFromPointer = PointerTo(kValueFrom);

constexpr GoField kEnvVarFields[] = {{"Key", "key", &kString},
                                     {"Value", "value", &kString},
                                     {"ValueFrom", "valueFrom", &kValueFromPointer}};
constexpr GoType kEnvVar = Struct("v1alpha1.EnvVar", kEnvVarFields);
constexpr GoType kEnvVars = SliceOf(kEnvVar);

constexpr GoField kFileVarFields[] = {
    {"Key", "key", &kString},
    {"MountPath", "mountPath", &kString},
    {"Value", "value", &kString},
    {"ValueFrom", "valueFrom", &kValueFromPointer},
};
constexpr GoType kFileVar = Struct("v1alpha1.FileVar", kFileVarFields);
constexpr GoType kFileVars = SliceOf(kFileVar);

constexpr GoField kContainerFields[] = {
    {"Image", "image", &kString}, {"Command", "command", &kStrings}, {"Args", "args", &kStrings},
    {"Env", "env", &kEnvVars},    {"Files", "files", &kFileVars},
};
constexpr GoType kContainer = Struct("v1alpha1.Container", kContainerFields);

constexpr GoType kVisibility{GoForm::kString, "v1alpha1.EndpointVisibility"};
constexpr GoType kVisibilities = SliceOf(kVisibility);
constexpr GoType kEndpointType{GoForm::kString, "v1alpha1.EndpointType"};

constexpr GoField kSchemaFields[] = {{"Type", "type", &kString}, {"Content", "content", &kString}};
constexpr GoType kSchema = Struct("v1alpha1.Schema", kSchemaFields);
constexpr GoType kSchemaPointer = PointerTo(kSchema);

constexpr GoField kEndpointFields[] = {
    {"Visibility", "visibility", &kVisibilities},
    {"Type", "type", &kEndpointType},
    {"Port", "port", &kInt32},
    {"TargetPort", "targetPort", &kInt32},
    {"DisplayName", "displayName", &kString},
    {"BasePath", "basePath", &kString},
    {"Schema", "schema", &kSchemaPointer},
};
constexpr GoType kEndpoint = Struct("v1alpha1.WorkloadEndpoint", kEndpointFields);
constexpr GoType kEndpoints = MapOf(kEndpoint);

constexpr GoField kEnvBindingsFields[] = {
    {"Address", "address", &kString},
    {"Host", "host", &kString},
    {"Port", "port", &kString},
    {"BasePath", "basePath", &kString},
};
constexpr GoType kEnvBindings = Struct("v1alpha1.ConnectionEnvBindings", kEnvBindingsFields);

constexpr GoField kConnectionFields[] = {
    {"Project", "project", &kString},
    {"Component", "component", &kString},
    {"Name", "name", &kString},
    {"Visibility", "visibility", &kString},
    {"EnvBindings", "envBindings", &kEnvBindings},
};
constexpr GoType kConnection = Struct("v1alpha1.WorkloadConnection", kConnectionFields);
constexpr GoType kConnections = SliceOf(kConnection);

constexpr GoField kResourceDependencyFields[] = {
    {"Ref", "ref", &kString},
    {"EnvBindings", "envBindings", &kStringMap},
    {"FileBindings", "fileBindings", &kStringMap},
};
constexpr GoType kResourceDependency =
    Struct("v1alpha1.WorkloadResourceDependency", kResourceDependencyFields);
constexpr GoType kResourceDependencies = SliceOf(kResourceDependency);

constexpr GoField kDependenciesFields[] = {{"Endpoints", "endpoints", &kConnections},
                                           {"Resources", "resources", &kResourceDependencies}};
constexpr GoType kDependencies = Struct("v1alpha1.WorkloadDependencies", kDependenciesFields);
constexpr GoType kDependenciesPointer = PointerTo(kDependencies);

constexpr GoField kWorkloadFields[] = {
    {"Container", "container", &kContainer},
    {"Endpoints", "endpoints", &kEndpoints},
    {"Dependencies", "dependencies", &kDependenciesPointer},
};
constexpr GoType kWorkload = Struct("v1alpha1.WorkloadTemplateSpec", kWorkloadFields);

// componentrelease_types.go
constexpr GoType kComponentTypeRefKind{GoForm::kString, "v1alpha1.ComponentTypeRefKind"};
constexpr GoField kReleaseComponentTypeFields[] = {{"Kind", "kind", &kComponentTypeRefKind},
                                                   {"Name", "name", &kString},
                                                   {"Spec", "spec", &kComponentType}};
constexpr GoType kReleaseComponentType =
    Struct("v1alpha1.ComponentReleaseComponentType", kReleaseComponentTypeFields);

constexpr GoField kReleaseTraitFields[] = {
    {"Kind", "kind", &kTraitRefKind}, {"Name", "name", &kString}, {"Spec", "spec", &kTrait}};
constexpr GoType kReleaseTrait = Struct("v1alpha1.ComponentReleaseTrait", kReleaseTraitFields);
constexpr GoType kReleaseTraits = SliceOf(kReleaseTrait);

constexpr GoField kProfileTraitFields[] = {
    {"Kind", "kind", &kTraitRefKind},
    {"Name", "name", &kString},
    {"InstanceName", "instanceName", &kString},
    {"Parameters", "parameters", &kRawPointer},
};
constexpr GoType kProfileTrait = Struct("v1alpha1.ComponentProfileTrait", kProfileTraitFields);
constexpr GoType kProfileTraits = SliceOf(kProfileTrait);

constexpr GoField kProfileFields[] = {{"Parameters", "parameters", &kRawPointer},
                                      {"Traits", "traits", &kProfileTraits}};
constexpr GoType kProfile = Struct("v1alpha1.ComponentProfile", kProfileFields);
constexpr GoType kProfilePointer = PointerTo(kProfile);

constexpr GoField kComponentReleaseSpecFields[] = {
    {"ComponentType", "componentType", &kReleaseComponentType},
    {"Traits", "traits", &kReleaseTraits},
    {"ComponentProfile", "componentProfile", &kProfilePointer},
    {"Workload", "workload", &kWorkload},
};

// projecttype_types.go, projectrelease_types.go
constexpr GoField kProjectTypeFields[] = {
    {"Parameters", "parameters", &kSchemaSectionPointer},
    {"EnvironmentConfigs", "environmentConfigs", &kSchemaSectionPointer},
    {"Validations", "validations", &kValidationRules},
    {"Resources", "resources", &kResourceTemplates},
};
constexpr GoType kProjectType = Struct("v1alpha1.ProjectTypeSpec", kProjectTypeFields);
constexpr GoType kProjectTypeRefKind{GoForm::kString, "v1alpha1.ProjectTypeRefKind"};
constexpr GoField kReleaseProjectTypeFields[] = {{"Kind", "kind", &kProjectTypeRefKind},
                                                 {"Name", "name", &kString},
                                                 {"Spec", "spec", &kProjectType}};
constexpr GoType kReleaseProjectType =
    Struct("v1alpha1.ProjectReleaseProjectType", kReleaseProjectTypeFields);
constexpr GoField kProjectReleaseSpecFields[] = {
    {"ProjectType", "projectType", &kReleaseProjectType},
    {"Parameters", "parameters", &kRawPointer}};

// resourcetype_types.go, resourcerelease_types.go
constexpr GoField kConfigMapKeyRefFields[] = {{"Name", "name", &kString}, {"Key", "key", &kString}};
constexpr GoType kConfigMapKeyRef = Struct("v1alpha1.ConfigMapKeyRef", kConfigMapKeyRefFields);
constexpr GoType kConfigMapKeyRefPointer = PointerTo(kConfigMapKeyRef);
constexpr GoField kOutputFields[] = {
    {"Name", "name", &kString},
    {"Value", "value", &kString},
    {"SecretKeyRef", "secretKeyRef", &kSecretKeyRefPointer},
    {"ConfigMapKeyRef", "configMapKeyRef", &kConfigMapKeyRefPointer},
};
constexpr GoType kOutput = Struct("v1alpha1.ResourceTypeOutput", kOutputFields);
constexpr GoType kOutputs = SliceOf(kOutput);
constexpr GoField kManifestFields[] = {
    {"ID", "id", &kString},
    {"IncludeWhen", "includeWhen", &kString},
    {"Template", "template", &kRawPointer},
    {"ReadyWhen", "readyWhen", &kString},
};
constexpr GoType kManifest = Struct("v1alpha1.ResourceTypeManifest", kManifestFields);
constexpr GoType kManifests = SliceOf(kManifest);
constexpr GoType kRetainPolicy{GoForm::kString, "v1alpha1.ResourceRetainPolicy"};
constexpr GoField kResourceTypeFields[] = {
    {"Parameters", "parameters", &kSchemaSectionPointer},
    {"EnvironmentConfigs", "environmentConfigs", &kSchemaSectionPointer},
    {"RetainPolicy", "retainPolicy", &kRetainPolicy},
    {"Outputs", "outputs", &kOutputs},
    {"Resources", "resources", &kManifests},
};
constexpr GoType kResourceType = Struct("v1alpha1.ResourceTypeSpec", kResourceTypeFields);
constexpr GoType kResourceTypeRefKind{GoForm::kString, "v1alpha1.ResourceTypeRefKind"};
constexpr GoField kReleaseResourceTypeFields[] = {{"Kind", "kind", &kResourceTypeRefKind},
                                                  {"Name", "name", &kString},
                                                  {"Spec", "spec", &kResourceType}};
constexpr GoType kReleaseResourceType =
    Struct("v1alpha1.ResourceReleaseResourceType", kReleaseResourceTypeFields);
constexpr GoField kResourceReleaseSpecFields[] = {
    {"ResourceType", "resourceType", &kReleaseResourceType},
    {"Parameters", "parameters", &kRawPointer}};

// v0.12.0: the same names, other fields. Loaded Workloads say secretKeyRef where v0.12 said
// secretRef (resource/dialect.h).
constexpr GoField kOldSchemaFields[] = {{"Types", "types", &kRawPointer},
                                        {"Parameters", "parameters", &kRawPointer},
                                        {"EnvOverrides", "envOverrides", &kRawPointer}};
constexpr GoType kOldComponentTypeSchema = Struct("v1alpha1.ComponentTypeSchema", kOldSchemaFields);
constexpr GoType kOldTraitSchema = Struct("v1alpha1.TraitSchema", kOldSchemaFields);

constexpr GoField kOldComponentTypeFields[] = {
    {"WorkloadType", "workloadType", &kString},
    {"AllowedWorkflows", "allowedWorkflows", &kStrings},
    {"Schema", "schema", &kOldComponentTypeSchema},
    {"Resources", "resources", &kResourceTemplates},
};
constexpr GoType kOldComponentType = Struct("v1alpha1.ComponentTypeSpec", kOldComponentTypeFields);

constexpr GoField kOldTraitFields[] = {{"Schema", "schema", &kOldTraitSchema},
                                       {"Creates", "creates", &kTraitCreates},
                                       {"Patches", "patches", &kTraitPatches}};
constexpr GoType kOldTrait = Struct("v1alpha1.TraitSpec", kOldTraitFields);
constexpr GoType kOldTraits = MapOf(kOldTrait);

constexpr GoField kOldComponentTraitFields[] = {{"Name", "name", &kString},
                                                {"InstanceName", "instanceName", &kString},
                                                {"Parameters", "parameters", &kRawPointer}};
constexpr GoType kOldComponentTrait = Struct("v1alpha1.ComponentTrait", kOldComponentTraitFields);
constexpr GoType kOldComponentTraits = SliceOf(kOldComponentTrait);
constexpr GoField kOldProfileFields[] = {{"Parameters", "parameters", &kRawPointer},
                                         {"Traits", "traits", &kOldComponentTraits}};
constexpr GoType kOldProfile = Struct("v1alpha1.ComponentProfile", kOldProfileFields);

constexpr GoField kGroupRefFields[] = {{"Name", "name", &kString}, {"Key", "key", &kString}};
constexpr GoType kGroupRef = Struct("v1alpha1.ConfigurationGroupKeyRef", kGroupRefFields);
constexpr GoType kGroupRefPointer = PointerTo(kGroupRef);
constexpr GoField kOldValueFromFields[] = {
    {"ConfigurationGroupRef", "configurationGroupRef", &kGroupRefPointer},
    {"SecretRef", "secretKeyRef", &kSecretKeyRefPointer}};
constexpr GoType kOldValueFrom = Struct("v1alpha1.EnvVarValueFrom", kOldValueFromFields);
constexpr GoType kOldValueFromPointer = PointerTo(kOldValueFrom);
constexpr GoField kOldEnvVarFields[] = {{"Key", "key", &kString},
                                        {"Value", "value", &kString},
                                        {"ValueFrom", "valueFrom", &kOldValueFromPointer}};
constexpr GoType kOldEnvVar = Struct("v1alpha1.EnvVar", kOldEnvVarFields);
constexpr GoType kOldEnvVars = SliceOf(kOldEnvVar);
constexpr GoField kOldFileVarFields[] = {
    {"Key", "key", &kString},
    {"MountPath", "mountPath", &kString},
    {"Value", "value", &kString},
    {"ValueFrom", "valueFrom", &kOldValueFromPointer},
};
constexpr GoType kOldFileVar = Struct("v1alpha1.FileVar", kOldFileVarFields);
constexpr GoType kOldFileVars = SliceOf(kOldFileVar);
constexpr GoField kOldContainerFields[] = {
    {"Image", "image", &kString}, {"Command", "command", &kStrings}, {"Args", "args", &kStrings},
    {"Env", "env", &kOldEnvVars}, {"Files", "files", &kOldFileVars},
};
constexpr GoType kOldContainer = Struct("v1alpha1.Container", kOldContainerFields);
constexpr GoType kOldContainers = MapOf(kOldContainer);
constexpr GoField kOldEndpointFields[] = {{"Type", "type", &kEndpointType},
                                          {"Port", "port", &kInt32},
                                          {"Schema", "schema", &kSchemaPointer}};
constexpr GoType kOldEndpoint = Struct("v1alpha1.WorkloadEndpoint", kOldEndpointFields);
constexpr GoType kOldEndpoints = MapOf(kOldEndpoint);
constexpr GoField kConnectionEnvVarFields[] = {{"Name", "name", &kString},
                                               {"Value", "value", &kString}};
constexpr GoType kConnectionEnvVar =
    Struct("v1alpha1.WorkloadConnectionEnvVar", kConnectionEnvVarFields);
constexpr GoType kConnectionEnvVars = SliceOf(kConnectionEnvVar);
constexpr GoField kInjectFields[] = {{"Env", "env", &kConnectionEnvVars}};
constexpr GoType kInject = Struct("v1alpha1.WorkloadConnectionInject", kInjectFields);
constexpr GoField kOldConnectionFields[] = {
    {"Type", "type", &kString}, {"Params", "params", &kStringMap}, {"Inject", "inject", &kInject}};
constexpr GoType kOldConnection = Struct("v1alpha1.WorkloadConnection", kOldConnectionFields);
constexpr GoType kOldConnections = MapOf(kOldConnection);
constexpr GoField kOldWorkloadFields[] = {
    {"Containers", "containers", &kOldContainers},
    {"Endpoints", "endpoints", &kOldEndpoints},
    {"Connections", "connections", &kOldConnections},
};
constexpr GoType kOldWorkload = Struct("v1alpha1.WorkloadTemplateSpec", kOldWorkloadFields);

constexpr GoField kOldComponentReleaseSpecFields[] = {
    {"ComponentType", "componentType", &kOldComponentType},
    {"Traits", "traits", &kOldTraits},
    {"ComponentProfile", "componentProfile", &kOldProfile},
    {"Workload", "workload", &kOldWorkload},
};

}  // namespace

constexpr GoType kComponentReleaseSpec =
    Struct("component.ReleaseSpec", kComponentReleaseSpecFields);
constexpr GoType kProjectReleaseSpec = Struct("project.ReleaseSpec", kProjectReleaseSpecFields);
constexpr GoType kResourceReleaseSpec = Struct("resource.ReleaseSpec", kResourceReleaseSpecFields);
constexpr GoType kOldComponentReleaseSpec =
    Struct("component.ReleaseSpec", kOldComponentReleaseSpecFields);

}  // namespace openchoreo::release
