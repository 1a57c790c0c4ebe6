#include "common/admission/validation_rule.h"

#include <algorithm>

namespace openchoreo::admission {
namespace {

using value::Value;

bool HasPrimaryResource(const Value& self) {
  const std::string_view workload_type = self.Get("workloadType").string_or_empty();
  const Value resources = self.Get("resources");
  if (!resources.is_list()) return false;
  const auto items = resources.as_list();
  return std::any_of(items.begin(), items.end(), [&](const Value& item) {
    const Value id = item.Get("id");
    return id.is_string() && id.as_string() == workload_type;
  });
}

bool AllNonEmpty(const Value& self) {
  if (!self.is_map()) return true;
  const auto entries = self.as_map();
  return std::all_of(entries.begin(), entries.end(), [](const value::MapEntry& entry) {
    return !entry.key.string_or_empty().empty() && !entry.value.string_or_empty().empty();
  });
}

bool Has(const Value& self, std::string_view key) { return self.Find(key) != nullptr; }

bool TypeImpliesConfig(const Value& self, std::string_view type, std::string_view config) {
  return self.Get("type").string_or_empty() != type || Has(self, config);
}

}  // namespace

std::string_view MessageOf(ValidationRule rule) {
  switch (rule) {
    case ValidationRule::kPrimaryResource:
      return "resources must contain a primary resource with id matching workloadType";
    case ValidationRule::kPrimaryResourceUnlessProxy:
      return "resources must contain a primary resource with id matching workloadType (unless "
             "workloadType is 'proxy')";
    case ValidationRule::kOneKindOfValidations:
      return "set only one of spec.validations or spec.preRenderValidations; validations is "
             "deprecated, use preRenderValidations";
    case ValidationRule::kVarWithForEach:
      return "var is required when forEach is specified";
    case ValidationRule::kClusterObservabilityPlaneOnly:
      return "ClusterDataPlane can only reference ClusterObservabilityPlane";
    case ValidationRule::kEmailConfig:
      return "emailConfig is required when type is email";
    case ValidationRule::kWebhookConfig:
      return "webhookConfig is required when type is webhook";
    case ValidationRule::kValueOrValueFrom:
      return "exactly one of value or valueFrom must be set";
    case ValidationRule::kNotValueAndValueFrom:
      return "value and valueFrom are mutually exclusive";
    case ValidationRule::kEnvBindingsNotEmpty:
      return "envBindings keys (output names) and values (env var names) cannot be empty";
    case ValidationRule::kFileBindingsNotEmpty:
      return "fileBindings keys (output names) and values (mount paths) cannot be empty";
    case ValidationRule::kOneOutputSource:
      return "exactly one of value, secretKeyRef, or configMapKeyRef must be set";
    case ValidationRule::kTypeOrComponentType:
      return "Component must have either spec.type or spec.componentType set";
  }
  return "";
}

std::string_view ExpressionOf(ValidationRule rule) {
  switch (rule) {
    case ValidationRule::kPrimaryResource:
      return "self.resources.exists(r, r.id == self.workloadType)";
    case ValidationRule::kPrimaryResourceUnlessProxy:
      return "self.workloadType == 'proxy' || self.resources.exists(r, r.id == self.workloadType)";
    case ValidationRule::kOneKindOfValidations:
      return "!(has(self.validations) && size(self.validations) > 0 && "
             "has(self.preRenderValidations) && size(self.preRenderValidations) > 0)";
    case ValidationRule::kVarWithForEach:
      return "!has(self.forEach) || has(self.var)";
    case ValidationRule::kClusterObservabilityPlaneOnly:
      return "!has(self.kind) || self.kind == 'ClusterObservabilityPlane'";
    case ValidationRule::kEmailConfig:
      return "self.type == 'email' ? has(self.emailConfig) : true";
    case ValidationRule::kWebhookConfig:
      return "self.type == 'webhook' ? has(self.webhookConfig) : true";
    case ValidationRule::kValueOrValueFrom:
      return "has(self.value) != has(self.valueFrom)";
    case ValidationRule::kNotValueAndValueFrom:
      return "!(has(self.value) && has(self.valueFrom))";
    case ValidationRule::kEnvBindingsNotEmpty:
    case ValidationRule::kFileBindingsNotEmpty:
      return "self.all(k, k.size() > 0 && self[k].size() > 0)";
    case ValidationRule::kOneOutputSource:
      return "(has(self.value)?1:0) + (has(self.secretKeyRef)?1:0) + "
             "(has(self.configMapKeyRef)?1:0) == 1";
    case ValidationRule::kTypeOrComponentType:
      return "has(self.type) || has(self.componentType)";
  }
  return "";
}

bool Holds(ValidationRule rule, const Value& self) {
  switch (rule) {
    case ValidationRule::kPrimaryResource:
      return HasPrimaryResource(self);
    case ValidationRule::kPrimaryResourceUnlessProxy:
      return self.Get("workloadType").string_or_empty() == "proxy" || HasPrimaryResource(self);
    case ValidationRule::kOneKindOfValidations:
      return self.Get("validations").size() == 0 || self.Get("preRenderValidations").size() == 0;
    case ValidationRule::kVarWithForEach:
      return !Has(self, "forEach") || Has(self, "var");
    case ValidationRule::kClusterObservabilityPlaneOnly:
      return !Has(self, "kind") ||
             self.Get("kind").string_or_empty() == "ClusterObservabilityPlane";
    case ValidationRule::kEmailConfig:
      return TypeImpliesConfig(self, "email", "emailConfig");
    case ValidationRule::kWebhookConfig:
      return TypeImpliesConfig(self, "webhook", "webhookConfig");
    case ValidationRule::kValueOrValueFrom:
      return Has(self, "value") != Has(self, "valueFrom");
    case ValidationRule::kNotValueAndValueFrom:
      return !(Has(self, "value") && Has(self, "valueFrom"));
    case ValidationRule::kEnvBindingsNotEmpty:
    case ValidationRule::kFileBindingsNotEmpty:
      return AllNonEmpty(self);
    case ValidationRule::kOneOutputSource:
      return Has(self, "value") + Has(self, "secretKeyRef") + Has(self, "configMapKeyRef") == 1;
    case ValidationRule::kTypeOrComponentType:
      return Has(self, "type") || Has(self, "componentType");
  }
  return true;
}

}  // namespace openchoreo::admission
