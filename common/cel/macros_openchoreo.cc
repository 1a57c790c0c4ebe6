#include "common/cel/macros_openchoreo.h"

#include <array>

namespace openchoreo::cel {

namespace {

using Outcome = MacroResult::Outcome;

MacroResult Expanded(Expr* expr) { return {Outcome::kExpanded, expr}; }

// v1: receiver.function() reads what the pipeline computed beforehand: derived.<field>.
struct DerivedField {
  std::string_view receiver;
  std::string_view function;
  std::string_view field;
};

constexpr std::array<DerivedField, 11> kDerivedFields = {{
    {"configurations", "toConfigFileList", "configFileList"},
    {"configurations", "toSecretFileList", "secretFileList"},
    {"configurations", "toContainerEnvFrom", "containerEnvFrom"},
    {"configurations", "toContainerVolumeMounts", "configVolumeMounts"},
    {"dependencies", "toContainerVolumeMounts", "dependencyVolumeMounts"},
    {"configurations", "toVolumes", "configVolumes"},
    {"dependencies", "toVolumes", "dependencyVolumes"},
    {"configurations", "toConfigEnvsByContainer", "configEnvs"},
    {"configurations", "toSecretEnvsByContainer", "secretEnvs"},
    {"workload", "toServicePorts", "servicePorts"},
    {"dependencies", "toContainerEnvs", "dependencyEnvVars"},
}};

MacroResult ExpandV1(const MacroCall& call, ExprFactory& factory) {
  const std::string_view receiver = call.receiver->name;
  const auto derived = [&](std::string_view field) {
    return factory.Select(call.range, factory.Ident(call.range, "derived"), field);
  };
  if (call.arguments.empty()) {
    for (const DerivedField& entry : kDerivedFields) {
      if (entry.function == call.function && entry.receiver == receiver) {
        return Expanded(derived(entry.field));
      }
    }
  }
  if (call.function == "toEndpointResources" && receiver == "workload" &&
      call.arguments.size() == 1) {
    return Expanded(
        factory.Call(call.range, op::kOptIndex, {derived("endpointResources"), call.arguments[0]}));
  }
  return {};
}

// v0.12: functions over the configurations map (container → configs and secrets) and a name prefix.
struct ConfigurationsFunction {
  std::string_view function;
  std::size_t arguments;
  std::string_view target;
  bool prefix;
};

constexpr std::array<ConfigurationsFunction, 7> kConfigurationsFunctions = {{
    {"toConfigFileList", 0, "configurationsToConfigFileList", true},
    {"toSecretFileList", 0, "configurationsToSecretFileList", true},
    {"toContainerEnvFrom", 1, "configurationsToContainerEnvFrom", true},
    {"toContainerVolumeMounts", 1, "configurationsToContainerVolumeMounts", false},
    {"toVolumes", 0, "configurationsToVolumes", true},
    {"toConfigEnvsByContainer", 0, "configurationsToConfigEnvsByContainer", true},
    {"toSecretEnvsByContainer", 0, "configurationsToSecretEnvsByContainer", true},
}};

// metadata.componentName + "-" + metadata.environmentName
Expr* NamePrefix(const MacroCall& call, ExprFactory& factory) {
  const auto metadata = [&](std::string_view field) {
    return factory.Select(call.range, factory.Ident(call.range, "metadata"), field);
  };
  Expr* dash = factory.Literal(call.range, value::Value::String("-"));
  Expr* component = factory.Call(call.range, op::kAdd, {metadata("componentName"), dash});
  return factory.Call(call.range, op::kAdd, {component, metadata("environmentName")});
}

MacroResult ExpandV012(const MacroCall& call, ExprFactory& factory) {
  if (call.receiver->name != "configurations") return {};
  for (const ConfigurationsFunction& entry : kConfigurationsFunctions) {
    if (entry.function != call.function || entry.arguments != call.arguments.size()) continue;
    std::vector<Expr*> arguments = {call.receiver};
    arguments.insert(arguments.end(), call.arguments.begin(), call.arguments.end());
    if (entry.prefix) arguments.push_back(NamePrefix(call, factory));
    return Expanded(factory.Call(call.range, entry.target, nullptr, arguments));
  }
  return {};
}

}  // namespace

MacroResult ExpandOpenChoreoCall(const MacroCall& call, ExprFactory& factory, Issues& issues) {
  const auto& arguments = call.arguments;
  if (call.function == "oc_generate_name" || call.function == "oc_dns_label") {
    if (arguments.size() == 1) return {};
    return Expanded(factory.Call(call.range, call.function, {factory.List(call.range, arguments)}));
  }
  if (call.function == "oc_merge") {
    if (arguments.size() < 2) {
      issues.Add(call.range, "oc_merge requires at least 2 arguments");
      return {Outcome::kError, nullptr};
    }
    if (arguments.size() == 2) return {};
    Expr* merged = factory.Call(call.range, "oc_merge", {arguments[0], arguments[1]});
    for (std::size_t i = 2; i < arguments.size(); ++i) {
      merged = factory.Call(call.range, "oc_merge", {merged, arguments[i]});
    }
    return Expanded(merged);
  }
  return {};
}

MacroResult ExpandContextCall(const MacroCall& call, Macros macros, ExprFactory& factory) {
  if (call.receiver->kind != ExprKind::kIdent) return {};
  return macros == Macros::kComponentV1 ? ExpandV1(call, factory) : ExpandV012(call, factory);
}

}  // namespace openchoreo::cel
