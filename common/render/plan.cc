#include "common/render/plan.h"

#include "common/value/json_writer.h"

namespace openchoreo::render {
namespace {

using value::AppendJsonString;
using value::Value;

// "key":"text", with the comma: after the last field of an object, out.back() becomes the '}'.
void AppendTextField(std::string& out, std::string_view key, std::string_view text) {
  out.append("\"").append(key).append("\":");
  AppendJsonString(out, text);
  out += ',';
}

bool AppendObjects(std::string& out, std::string_view key, const std::vector<Manifest>& manifests,
                   base::Budget& budget) {
  out.append("\"").append(key).append("\":[");
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    if (i > 0) out += ',';
    if (!value::AppendJson(out, manifests[i].object, budget)) return false;
  }
  out += "],";
  return true;
}

void AppendIds(std::string& out, std::string_view key, const std::vector<Manifest>& manifests) {
  out.append("\"").append(key).append("\":[");
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(out, manifests[i].id);
  }
  out += "],";
}

void AppendReference(std::string& out, const ResourceOutput& output) {
  out += output.kind == ResourceOutput::Kind::kSecretKey ? ",\"secretKeyRef\":{"
                                                         : ",\"configMapKeyRef\":{";
  AppendTextField(out, "key", output.key);
  AppendTextField(out, "name", output.source);
  out.back() = '}';
}

void AppendOutputs(std::string& out, const std::vector<ResourceOutput>& outputs) {
  out += "\"outputs\":[";
  for (const ResourceOutput& output : outputs) {
    if (out.back() != '[') out += ',';
    out += "{\"name\":";
    AppendJsonString(out, output.name);
    if (output.kind != ResourceOutput::Kind::kValue) {
      AppendReference(out, output);
    } else if (!output.value.empty()) {
      out += ",\"value\":";
      AppendJsonString(out, output.value);
    }
    out += '}';
  }
  out += "],";
}

void AppendIdentity(std::string& out, const Binding& binding) {
  out += "{\"binding\":{";
  AppendTextField(out, "kind", names::NameOf(binding.kind));
  AppendTextField(out, "name", binding.name);
  AppendTextField(out, "namespace", binding.ns);
  out.back() = '}';
  out += ',';
}

void AppendTarget(std::string& out, const Binding& binding) {
  if (binding.target_namespace.empty()) {
    out += "\"targetNamespace\":null}";
  } else {
    AppendTextField(out, "targetNamespace", binding.target_namespace);
    out.back() = '}';
  }
}

}  // namespace

bool AppendPlan(std::string& out, const Binding& binding, const Manifests& manifests,
                base::Arena& arena) {
  AppendIdentity(out, binding);
  out += "\"endpoints\":";
  if (!value::AppendJson(out, ToValue(manifests.provided.endpoints, arena), arena.budget()))
    return false;
  out += ',';
  AppendTextField(out, "environment", binding.environment);
  out += "\"error\":null,";
  AppendIds(out, "observabilityResourceIds", manifests.observability);
  if (!AppendObjects(out, "observabilityResources", manifests.observability, arena.budget()))
    return false;
  if (binding.kind == names::Kind::kResourceReleaseBinding)
    AppendOutputs(out, manifests.provided.outputs);
  out += "\"pending\":[";
  for (const PendingDependency& pending : manifests.pending) {
    if (out.back() != '[') out += ',';
    AppendJsonString(out, pending.reason);
  }
  out += "],";
  AppendTextField(out, "release", binding.release);
  AppendIds(out, "resourceIds", manifests.data);
  if (!AppendObjects(out, "resources", manifests.data, arena.budget())) return false;
  AppendTarget(out, binding);
  if (binding.undeploy) {
    out.back() = ',';
    out += "\"undeployed\":true}";
  }
  return true;
}

void AppendFailedPlan(std::string& out, const Binding& binding, std::string_view error) {
  AppendIdentity(out, binding);
  out += "\"endpoints\":[],";
  AppendTextField(out, "environment", binding.environment);
  AppendTextField(out, "error", error);
  out += "\"observabilityResources\":[],";
  AppendTextField(out, "release", binding.release);
  out += "\"resources\":[],";
  AppendTarget(out, binding);
}

}  // namespace openchoreo::render
