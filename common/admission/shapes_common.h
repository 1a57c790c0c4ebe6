// Shapes that occur in resources of both dialects.
#pragma once

#include "common/admission/shape.h"

namespace openchoreo::admission {

inline constexpr Shape kText = Typed(ShapeType::kString);
inline constexpr Shape kName = kText.MinLength(1);
inline constexpr Shape kBoolean = Typed(ShapeType::kBoolean);
inline constexpr Shape kPort = Typed(ShapeType::kInteger).Int32().Between(1, 65535);
inline constexpr Shape kAnything = Shape().Open();
inline constexpr Shape kOpenObject = Typed(ShapeType::kObject).Open();
inline constexpr Shape kTexts = ArrayOf(kText);
inline constexpr Shape kTextMap = MapOf(kText);
inline constexpr Shape kDnsLabel = kText.Matching(TextPattern::kDnsLabel);
inline constexpr Shape kPlaneId = kDnsLabel.MaxLength(63);
inline constexpr Shape kShortName = kName.MaxLength(63);
inline constexpr Shape kExpression = kText.Matching(TextPattern::kExpression);
inline constexpr Shape kIdentifier = kText.Matching(TextPattern::kIdentifier);

inline constexpr std::string_view kPlaneNames[] = {"dataplane", "observabilityplane"};
inline constexpr Shape kPlane = kText.OneOf(kPlaneNames);
inline constexpr Field kTargetPlane =
    Defaulted("targetPlane", kPlane, value::Value::String("dataplane"));

inline constexpr std::string_view kWorkloadTypes[] = {"deployment", "statefulset", "cronjob", "job",
                                                      "proxy"};
inline constexpr Shape kWorkloadType = kText.OneOf(kWorkloadTypes);

inline constexpr ValidationRule kVarWithForEach[] = {ValidationRule::kVarWithForEach};
inline constexpr ValidationRule kValueOrValueFrom[] = {ValidationRule::kValueOrValueFrom};

// A resource a ComponentType (or, with id as list key, a ProjectType) renders.
inline constexpr Field kResourceTemplateFields[] = {
    Optional("forEach", kExpression),     Required("id", kName),
    Optional("includeWhen", kExpression), kTargetPlane,
    Required("template", kOpenObject),    Optional("var", kIdentifier)};
inline constexpr Shape kResourceTemplate = ObjectOf(kResourceTemplateFields).Rules(kVarWithForEach);
inline constexpr Shape kResourceTemplates = ArrayOf(kResourceTemplate).MinItems(1);

inline constexpr Field kTraitCreateFields[] = {
    Optional("forEach", kExpression), Optional("includeWhen", kExpression), kTargetPlane,
    Required("template", kOpenObject), Optional("var", kIdentifier)};
inline constexpr Shape kTraitCreate = ObjectOf(kTraitCreateFields).Rules(kVarWithForEach);
inline constexpr Shape kTraitCreates = ArrayOf(kTraitCreate);

inline constexpr Field kPatchTargetFields[] = {Required("group", kText), Required("kind", kName),
                                               Required("version", kName),
                                               Optional("where", kExpression)};
inline constexpr Shape kPatchTarget = ObjectOf(kPatchTargetFields);

inline constexpr std::string_view kPatchOperationNames[] = {"add", "replace", "remove"};
inline constexpr Shape kPatchOperationName = kText.OneOf(kPatchOperationNames);
inline constexpr Field kPatchOperationFields[] = {
    Required("op", kPatchOperationName), Required("path", kText), Optional("value", kAnything)};
inline constexpr Shape kPatchOperation = ObjectOf(kPatchOperationFields);
inline constexpr Shape kPatchOperations = ArrayOf(kPatchOperation).MinItems(1);

inline constexpr Field kTraitPatchFields[] = {
    Optional("forEach", kExpression), Required("operations", kPatchOperations),
    Required("target", kPatchTarget), kTargetPlane, Optional("var", kIdentifier)};
inline constexpr Shape kTraitPatch = ObjectOf(kTraitPatchFields).Rules(kVarWithForEach);
inline constexpr Shape kTraitPatches = ArrayOf(kTraitPatch);

// A rule with its message: `validations` of types and traits.
inline constexpr Field kValidationFields[] = {Required("message", kName),
                                              Required("rule", kExpression)};
inline constexpr Shape kValidation = ObjectOf(kValidationFields);
inline constexpr Shape kValidations = ArrayOf(kValidation);

inline constexpr Field kReferenceFields[] = {Required("name", kText)};
inline constexpr Shape kReference = ObjectOf(kReferenceFields);

inline constexpr Field kProjectOwnerFields[] = {Required("projectName", kName)};
inline constexpr Shape kProjectOwner = ObjectOf(kProjectOwnerFields);
inline constexpr Field kComponentOwnerFields[] = {Required("componentName", kName),
                                                  Required("projectName", kName)};
inline constexpr Shape kComponentOwner = ObjectOf(kComponentOwnerFields);

inline constexpr Field kEndpointSchemaFields[] = {Optional("content", kText),
                                                  Optional("type", kText)};
inline constexpr Shape kEndpointSchema = ObjectOf(kEndpointSchemaFields);

inline constexpr std::string_view kComponentTypeKinds[] = {"ComponentType", "ClusterComponentType"};
inline constexpr Shape kComponentTypeKind = kText.OneOf(kComponentTypeKinds);
inline constexpr std::string_view kTraitKinds[] = {"Trait", "ClusterTrait"};
inline constexpr Shape kTraitKind = kText.OneOf(kTraitKinds);
inline constexpr Field kTraitKindField =
    Defaulted("kind", kTraitKind, value::Value::String("Trait"));
inline constexpr Shape kTypeReference = kText.Matching(TextPattern::kTypeReference);

inline constexpr std::string_view kStateNames[] = {"Active", "Undeploy"};
inline constexpr Shape kState = kText.OneOf(kStateNames);

}  // namespace openchoreo::admission
