#include "common/resource/dialect_recognition.h"

#include <algorithm>
#include <initializer_list>

#include "common/base/diagnostic.h"

namespace openchoreo::resource {
namespace {

using value::Value;

bool Has(const Value& map, std::string_view key) {
  const Value* found = map.Find(key);
  return found && !found->is_null();
}

// The first field of each dialect that is there, as a JSON pointer.
class Evidence {
 public:
  void Old(bool found, std::string_view field) {
    if (found && old_.empty()) old_ = field;
  }

  void New(bool found, std::string_view field) {
    if (found && new_.empty()) new_ = field;
  }

  // Fields that stand for the same thing in two dialects; "" where there is none. If both are there
  // they are what contradicts, whatever else was found.
  void Either(const std::string& old_field, const std::string& new_field) {
    if (!old_field.empty() && !new_field.empty()) {
      old_ = old_field;
      new_ = new_field;
    }
    Old(!old_field.empty(), old_field);
    New(!new_field.empty(), new_field);
  }

  Recognition Decide() const {
    Recognition recognition;
    if (!old_.empty()) {
      recognition.dialect = names::Dialect::kV012;
      recognition.evidence = old_;
      if (!new_.empty()) {
        recognition.old_field = old_;
        recognition.new_field = new_;
      }
    } else {
      recognition.evidence = new_;
    }
    return recognition;
  }

 private:
  std::string old_, new_;
};

// Where an env or file entry of `container` takes its value from a reference named `reference`; ""
// if none does.
std::string FindReference(const Value& container, std::string_view reference,
                          std::string_view pointer) {
  for (const std::string_view list : {"env", "files"}) {
    const Value entries = container.Get(list);
    if (!entries.is_list()) continue;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (!entries.as_list()[i].Get("valueFrom").Find(reference)) continue;
      const std::string entry = base::JoinPointer(base::JoinPointer(pointer, list), i);
      return base::JoinPointer(entry + "/valueFrom", reference);
    }
  }
  return {};
}

// The same for a container by itself and those of a map.
std::string FindReference(const Value& container, const Value& containers,
                          std::string_view reference, std::string_view owner) {
  std::string found =
      FindReference(container, reference, base::JoinPointer(owner, std::string_view("container")));
  if (!containers.is_map()) return found;
  const std::string pointer = base::JoinPointer(owner, std::string_view("containers"));
  for (const value::MapEntry& entry : containers.as_map()) {
    if (!found.empty()) break;
    found =
        FindReference(entry.value, reference, base::JoinPointer(pointer, entry.key.as_string()));
  }
  return found;
}

// `container` alone says little: v0.16 and v0.17 have it with the older references and types.
void Containers(const Value& owner, Evidence& evidence, std::string_view pointer) {
  const Value containers = owner.Get("containers");
  const Value container = owner.Get("container");
  const std::string one = base::JoinPointer(pointer, std::string_view("container"));
  evidence.Old(!containers.is_null(), one + "s");
  evidence.New(!containers.is_null() && !container.is_null(), one);
  evidence.Either(FindReference(container, containers, "secretRef", pointer),
                  FindReference(container, containers, "secretKeyRef", pointer));
}

bool HasRestEndpoint(const Value& workload) {
  const Value endpoints = workload.Get("endpoints");
  if (!endpoints.is_map()) return false;
  const auto entries = endpoints.as_map();
  return std::any_of(entries.begin(), entries.end(), [](const value::MapEntry& entry) {
    return entry.value.Get("type").string_or_empty() == "REST";
  });
}

void Workload(const Value& workload, Evidence& evidence, bool released) {
  Containers(workload, evidence, released ? "/spec/workload" : "/spec");
  evidence.Old(Has(workload, "connections"),
               released ? "/spec/workload/connections" : "/spec/connections");
  evidence.Old(HasRestEndpoint(workload),
               released ? "/spec/workload/endpoints" : "/spec/endpoints");
  evidence.New(Has(workload, "dependencies"),
               released ? "/spec/workload/dependencies" : "/spec/dependencies");
}

// Expressions only the older context can satisfy.
bool IsOldExpression(std::string_view text) {
  if (text.find("${") == std::string_view::npos) return false;
  for (const std::string_view mark :
       {"envOverrides.", "workload.containers", "dataplane.publicVirtualHost",
        "dataplane.organizationVirtualHost"}) {
    if (text.find(mark) != std::string_view::npos) return true;
  }
  for (const std::string_view macro : {"toContainerEnvFrom(", "toContainerVolumeMounts("}) {
    std::size_t at = text.find(macro);
    if (at == std::string_view::npos) continue;
    at = text.find_first_not_of(" \t\n", at + macro.size());
    if (at != std::string_view::npos && text[at] != ')') return true;
  }
  return false;
}

bool HoldsOldExpression(const Value& value) {
  if (value.is_string()) return IsOldExpression(value.as_string());
  if (value.is_list()) {
    const auto items = value.as_list();
    return std::any_of(items.begin(), items.end(), HoldsOldExpression);
  }
  if (value.is_map()) {
    const auto entries = value.as_map();
    return std::any_of(entries.begin(), entries.end(), [](const value::MapEntry& entry) {
      return HoldsOldExpression(entry.key) || HoldsOldExpression(entry.value);
    });
  }
  return false;
}

void Type(const Value& spec, Evidence& evidence) {
  const bool has_old = Has(spec, "schema");
  evidence.Old(has_old, "/spec/schema");
  evidence.New(Has(spec, "parameters"), "/spec/parameters");
  evidence.New(Has(spec, "environmentConfigs"), "/spec/environmentConfigs");
  evidence.New(Has(spec, "preRenderValidations"), "/spec/preRenderValidations");
  evidence.New(Has(spec, "postRenderValidations"), "/spec/postRenderValidations");
  evidence.New(Has(spec, "removes"), "/spec/removes");
  if (has_old || Has(spec, "parameters") || Has(spec, "environmentConfigs")) return;
  for (const auto& [field, pointer] :
       std::initializer_list<std::pair<const char*, const char*>>{{"resources", "/spec/resources"},
                                                                  {"creates", "/spec/creates"},
                                                                  {"patches", "/spec/patches"}}) {
    if (HoldsOldExpression(spec.Get(field))) evidence.Old(true, pointer);
  }
}

void Binding(const Value& spec, Evidence& evidence) {
  evidence.Old(Has(spec, "componentTypeEnvOverrides"), "/spec/componentTypeEnvOverrides");
  evidence.Old(Has(spec, "traitOverrides"), "/spec/traitOverrides");
  evidence.New(Has(spec, "componentTypeEnvironmentConfigs"),
               "/spec/componentTypeEnvironmentConfigs");
  evidence.New(Has(spec, "traitEnvironmentConfigs"), "/spec/traitEnvironmentConfigs");
  Containers(spec.Get("workloadOverrides"), evidence, "/spec/workloadOverrides");
}

void Release(const Value& spec, Evidence& evidence) {
  const Value type = spec.Get("componentType");
  evidence.Old(Has(type, "workloadType"), "/spec/componentType/workloadType");
  evidence.Old(Has(type, "resources"), "/spec/componentType/resources");
  evidence.Old(spec.Get("traits").is_map(), "/spec/traits");
  evidence.New(Has(type, "spec"), "/spec/componentType/spec");
  Workload(spec.Get("workload"), evidence, true);
}

void DataPlane(const Value& spec, Evidence& evidence) {
  const Value gateway = spec.Get("gateway");
  evidence.Old(Has(gateway, "publicVirtualHost"), "/spec/gateway/publicVirtualHost");
  evidence.Old(Has(gateway, "organizationVirtualHost"), "/spec/gateway/organizationVirtualHost");
  evidence.Old(spec.Get("observabilityPlaneRef").is_string(), "/spec/observabilityPlaneRef");
  evidence.New(Has(gateway, "ingress"), "/spec/gateway/ingress");
  evidence.New(Has(gateway, "egress"), "/spec/gateway/egress");
}

void Environment(const Value& spec, Evidence& evidence) {
  evidence.Old(spec.Get("dataPlaneRef").is_string(), "/spec/dataPlaneRef");
  const Value gateway = spec.Get("gateway");
  evidence.Old(Has(gateway, "publicVirtualHost"), "/spec/gateway/publicVirtualHost");
  evidence.New(Has(gateway, "ingress"), "/spec/gateway/ingress");
  evidence.New(Has(gateway, "egress"), "/spec/gateway/egress");
}

void Pipeline(const Value& spec, Evidence& evidence) {
  const Value paths = spec.Get("promotionPaths");
  if (!paths.is_list()) return;
  for (const Value& path : paths.as_list()) {
    const Value source = path.Get("sourceEnvironmentRef");
    evidence.Old(source.is_string(), "/spec/promotionPaths");
    evidence.New(source.is_map(), "/spec/promotionPaths");
  }
}

}  // namespace

Recognition Recognise(names::Kind kind, const Value& root) {
  const Value spec = root.Get("spec");
  Evidence evidence;
  switch (kind) {
    case names::Kind::kWorkload:
      Workload(spec, evidence, false);
      break;
    case names::Kind::kComponent:
      evidence.Old(spec.Get("componentType").is_string(), "/spec/componentType");
      evidence.Old(Has(spec, "type"), "/spec/type");
      evidence.New(spec.Get("componentType").is_map() && Has(spec, "type"), "/spec/componentType");
      break;
    case names::Kind::kComponentType:
    case names::Kind::kClusterComponentType:
    case names::Kind::kTrait:
    case names::Kind::kClusterTrait:
      Type(spec, evidence);
      break;
    case names::Kind::kReleaseBinding:
      Binding(spec, evidence);
      break;
    case names::Kind::kComponentRelease:
      Release(spec, evidence);
      break;
    case names::Kind::kDataPlane:
    case names::Kind::kClusterDataPlane:
      DataPlane(spec, evidence);
      break;
    case names::Kind::kEnvironment:
      Environment(spec, evidence);
      break;
    case names::Kind::kProject:
      evidence.Old(spec.Get("deploymentPipelineRef").is_string(), "/spec/deploymentPipelineRef");
      evidence.New(Has(spec, "type"), "/spec/type");
      break;
    case names::Kind::kDeploymentPipeline:
      Pipeline(spec, evidence);
      break;
    case names::Kind::kOrganization:
      evidence.Old(true, "/kind");
      break;
    case names::Kind::kWorkflow:
    case names::Kind::kClusterWorkflow:
      evidence.Old(Has(spec, "schema"), "/spec/schema");
      break;
    default:
      break;
  }
  return evidence.Decide();
}

}  // namespace openchoreo::resource
