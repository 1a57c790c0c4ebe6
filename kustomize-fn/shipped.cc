#include "kustomize-fn/shipped.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "common/admission/shape.h"
#include "common/base/arena.h"
#include "common/names/references.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"

namespace openchoreo::kustomize_fn {

namespace {

using admission::Shape;
using admission::ShapeType;
using names::Dialect;
using names::Kind;
using value::Value;

constexpr std::string_view kGroup = "openchoreo.dev";
constexpr std::string_view kVersion = "v1alpha1";

// The one container the older dialect's workloads have is called so.
constexpr std::string_view kOldContainer = "containers/main";

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return lower;
}

// `path` as a field specification: lists are gone through without a segment of their own, of maps
// only the container every workload has.
std::string FieldSpecPath(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    if (segment != "*" || result.ends_with("/containers")) {
      if (!result.empty()) result += '/';
      result += segment == "*" ? "main" : segment;
    }
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return result;
}

// The shape at a path of table names::References; nullptr where the dialect has none.
const Shape* ShapeAt(Kind kind, Dialect dialect, std::string_view path) {
  const Shape* shape = admission::RulesOf(kind, dialect).spec;
  path.remove_prefix(std::min(path.size(), std::string_view("spec/").size()));
  while (shape != nullptr && !path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (segment == "*") {
      shape = shape->items;
      continue;
    }
    const auto field = std::find_if(shape->fields.begin(), shape->fields.end(),
                                    [&](const auto& f) { return f.name == segment; });
    shape = field == shape->fields.end() ? nullptr : field->shape;
  }
  return shape;
}

std::string FieldSpec(std::string_view kind, std::string_view path) {
  return "{path: " + std::string(path) + ", group: openchoreo.dev, kind: " + std::string(kind) +
         "}";
}

void AppendWorkloadFields(std::string& out, std::initializer_list<std::string_view> fields) {
  for (const names::WorkloadPlace& place : names::WorkloadPlaces()) {
    for (const std::string_view container : {std::string_view("container"), kOldContainer}) {
      for (const std::string_view field : fields) {
        out += "- " +
               FieldSpec(names::NameOf(place.from), std::string(place.path) + "/" +
                                                        std::string(container) + "/" +
                                                        std::string(field)) +
               "\n";
      }
    }
  }
}

// What tells the items of a list apart: as the CRD says, else the member that names an item.
std::string_view MergeKey(const Shape& list) {
  if (!list.list_key.empty()) return list.list_key;
  for (const std::string_view key : {"instanceName", "secretKey", "key", "id"}) {
    const auto& fields = list.items->fields;
    if (std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return f.name == key; }))
      return key;
  }
  return {};
}

// The lists below a node of both dialects' shapes, as a JSON schema; nullopt where there are none.
class SchemaWriter {
 public:
  explicit SchemaWriter(base::Arena& arena) : arena_(arena) {}

  std::optional<Value> Write(const std::vector<const Shape*>& shapes) {
    std::map<std::string_view, std::vector<const Shape*>> fields;
    std::vector<const Shape*> values;
    value::MapBuilder schema(arena_);
    for (const Shape* shape : shapes) {
      if (shape->type == ShapeType::kArray) return WriteList(shapes);
      if (shape->type == ShapeType::kMap) values.push_back(shape->items);
      for (const admission::Field& field : shape->fields) fields[field.name].push_back(field.shape);
    }
    value::MapBuilder properties(arena_);
    for (const auto& [name, of] : fields) {
      if (const auto property = Write(of)) properties.Add(name, *property);
    }
    if (!properties.empty()) schema.Add("properties", properties.Build());
    if (!values.empty()) {
      if (const auto each = Write(values)) schema.Add("additionalProperties", *each);
    }
    if (schema.empty()) return std::nullopt;
    schema.Add("type", Value::String("object"));
    return schema.Build();
  }

 private:
  std::optional<Value> WriteList(const std::vector<const Shape*>& shapes) {
    std::vector<const Shape*> items;
    std::string_view key;
    for (const Shape* shape : shapes) {
      if (shape->type != ShapeType::kArray) continue;
      items.push_back(shape->items);
      if (key.empty()) key = MergeKey(*shape);
    }
    if (key.empty()) return std::nullopt;
    return value::MakeMap(arena_, {{"items", Write(items).value_or(Value::Map({}))},
                                   {"type", Value::String("array")},
                                   {"x-kubernetes-patch-merge-key", Value::String(key)},
                                   {"x-kubernetes-patch-strategy", Value::String("merge")}});
  }

  base::Arena& arena_;
};

// Lists of Kubernetes' own kinds that patches are written for: Kubernetes
// api/openapi-spec/swagger.json.
constexpr std::string_view kKubernetes[] = {
    R"("io.k8s.api.core.v1.Container":{"type":"object","properties":{)"
    R"("env":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"},)"
    R"("ports":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"containerPort","x-kubernetes-patch-strategy":"merge"},)"
    R"("volumeDevices":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"devicePath","x-kubernetes-patch-strategy":"merge"},)"
    R"("volumeMounts":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"mountPath","x-kubernetes-patch-strategy":"merge"}}})",
    R"("io.k8s.api.core.v1.PodSpec":{"type":"object","properties":{)"
    R"("containers":{"type":"array","items":{"$ref":"#/definitions/io.k8s.api.core.v1.Container"},"x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"},)"
    R"("ephemeralContainers":{"type":"array","items":{"$ref":"#/definitions/io.k8s.api.core.v1.Container"},"x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"},)"
    R"("hostAliases":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"ip","x-kubernetes-patch-strategy":"merge"},)"
    R"("imagePullSecrets":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"},)"
    R"("initContainers":{"type":"array","items":{"$ref":"#/definitions/io.k8s.api.core.v1.Container"},"x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"},)"
    R"("topologySpreadConstraints":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"topologyKey","x-kubernetes-patch-strategy":"merge"},)"
    R"("volumes":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge,retainKeys"}}})",
    R"("io.k8s.api.core.v1.PodTemplateSpec":{"type":"object","properties":{"spec":{"$ref":"#/definitions/io.k8s.api.core.v1.PodSpec"}}})",
    R"("io.k8s.api.core.v1.Service":{"type":"object","properties":{"spec":{"type":"object","properties":{"ports":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"port","x-kubernetes-patch-strategy":"merge"}}}},)"
    R"("x-kubernetes-group-version-kind":[{"group":"","kind":"Service","version":"v1"}]})",
    R"("io.k8s.api.core.v1.ServiceAccount":{"type":"object","properties":{)"
    R"("imagePullSecrets":{"type":"array","items":{}},)"
    R"("secrets":{"type":"array","items":{},"x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"}},)"
    R"("x-kubernetes-group-version-kind":[{"group":"","kind":"ServiceAccount","version":"v1"}]})",
    R"("io.k8s.api.core.v1.Pod":{"type":"object","properties":{"spec":{"$ref":"#/definitions/io.k8s.api.core.v1.PodSpec"}},)"
    R"("x-kubernetes-group-version-kind":[{"group":"","kind":"Pod","version":"v1"}]})",
};

struct PodOwner {
  std::string_view group, version, kind;
};

constexpr PodOwner kPodOwners[] = {{"apps", "v1", "DaemonSet"},
                                   {"apps", "v1", "Deployment"},
                                   {"apps", "v1", "ReplicaSet"},
                                   {"apps", "v1", "StatefulSet"},
                                   {"batch", "v1", "Job"}};

std::string GroupVersionKind(std::string_view group, std::string_view version,
                             std::string_view kind) {
  return "\"x-kubernetes-group-version-kind\":[{\"group\":\"" + std::string(group) +
         "\",\"kind\":\"" + std::string(kind) + "\",\"version\":\"" + std::string(version) + "\"}]";
}

std::vector<std::string> KubernetesDefinitions() {
  std::vector<std::string> definitions(std::begin(kKubernetes), std::end(kKubernetes));
  const std::string pod_template =
      "{\"type\":\"object\",\"properties\":{\"template\":{\"$ref\":"
      "\"#/definitions/io.k8s.api.core.v1.PodTemplateSpec\"}}}";
  const auto add = [&](const PodOwner& owner, const std::string& spec) {
    definitions.push_back("\"io.k8s.api." + std::string(owner.group) + "." +
                          std::string(owner.version) + "." + std::string(owner.kind) +
                          "\":{\"type\":\"object\",\"properties\":{\"spec\":" + spec + "}," +
                          GroupVersionKind(owner.group, owner.version, owner.kind) + "}");
  };
  for (const PodOwner& owner : kPodOwners) add(owner, pod_template);
  add({"batch", "v1", "CronJob"},
      "{\"type\":\"object\",\"properties\":{\"jobTemplate\":{\"type\":\"object\",\"properties\":{"
      "\"spec\":" +
          pod_template + "}}}}");
  return definitions;
}

std::vector<std::string> OpenChoreoDefinitions() {
  std::vector<std::string> definitions;
  base::Arena arena;
  for (int i = 0; i < names::kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    const auto spec = SchemaWriter(arena).Write({admission::RulesOf(kind, Dialect::kV1).spec,
                                                 admission::RulesOf(kind, Dialect::kV012).spec});
    const std::string name(names::NameOf(kind));
    definitions.push_back(
        "\"dev.openchoreo." + std::string(kVersion) + "." + name + "\":{\"type\":\"object\"," +
        (spec ? "\"properties\":{\"spec\":" + value::ToJson(*spec) + "}," : std::string()) +
        GroupVersionKind(kGroup, kVersion, name) + "}");
    arena.Reset();
  }
  return definitions;
}

// One path per kind tells whether it lies in a namespace.
std::vector<std::string> Paths() {
  std::vector<std::string> paths;
  for (int i = 0; i < names::kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    const std::string name(names::NameOf(kind));
    paths.push_back(
        "\"/apis/openchoreo.dev/v1alpha1/" +
        std::string(names::IsClusterScoped(kind) ? "" : "namespaces/{namespace}/") + Lower(name) +
        "s/{name}\":{\"get\":{\"x-kubernetes-action\":\"get\"," +
        "\"x-kubernetes-group-version-kind\":{\"group\":\"openchoreo.dev\",\"kind\":\"" + name +
        "\",\"version\":\"v1alpha1\"}}}");
  }
  return paths;
}

void AppendJoined(std::string& out, const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    out += lines[i] + (i + 1 < lines.size() ? ",\n" : "\n");
}

}  // namespace

std::string KustomizeConfig(Dialect dialect) {
  const bool old = dialect == Dialect::kV012;
  std::string out =
      "# What kustomize does not know of OpenChoreo resources by itself, for the shapes of " +
      std::string(old ? "v0.9 to v0.12" : "v1.x") +
      ".\n# In a kustomization:\n#     configurations: [" +
      (old ? "openchoreo-kustomizeconfig-v0.12.yaml" : "openchoreo-kustomizeconfig.yaml") +
      "]\n# Printed by `openchoreo-kustomize-fn kustomizeconfig" + (old ? " v0.12" : "") +
      "`.\n"
      "\n"
      "# images: reaches the images of workloads.\n"
      "images:\n";
  AppendWorkloadFields(out, {"image"});
  out +=
      "\n# References follow resources that namePrefix or nameSuffix rename. Not the name of a\n"
      "# component type, which is written <workload type>/<name>: the function follows that "
      "itself.\n"
      "nameReference:\n";
  std::map<Kind, std::set<std::pair<Kind, std::string>>> by_target;
  for (const names::Reference& reference : names::References()) {
    std::string path = FieldSpecPath(reference.path);
    if (reference.form == names::ReferenceForm::kRef) {
      const Shape* const shape = ShapeAt(reference.from, dialect, reference.path);
      if (shape == nullptr || path == "spec/componentType") continue;
      if (shape->type == ShapeType::kObject) path += "/name";
      by_target[names::TwinOf(reference.target)].emplace(reference.from, path);
    }
    by_target[reference.target].emplace(reference.from, path);
  }
  for (const auto& [target, fields] : by_target) {
    out += "- kind: " + std::string(names::NameOf(target)) +
           "\n  group: openchoreo.dev\n  fieldSpecs:\n";
    for (const auto& [from, path] : fields)
      out += "  - " + FieldSpec(names::NameOf(from), path) + "\n";
  }
  out +=
      "\n# namespace: moves what these name along with the resources; a gateway's namespace is a "
      "data plane's\n# and stays. kustomize sets metadata.namespace by itself.\n"
      "namespace:\n";
  for (const names::NamespaceField& field : names::NamespaceFields())
    out += "- " + FieldSpec(field.kind, field.path) + "\n";
  out += "\n# Variables ($(NAME), vars:) are filled into these.\nvarReference:\n";
  AppendWorkloadFields(out, {"args", "command", "env/value", "files/value", "image"});
  return out;
}

std::string OpenApi() {
  std::string out = "{\"definitions\":{\n";
  std::vector<std::string> definitions = OpenChoreoDefinitions();
  for (std::string& one : KubernetesDefinitions()) definitions.push_back(std::move(one));
  AppendJoined(out, definitions);
  out += "},\n\"info\":{\"title\":\"OpenChoreo\",\"version\":\"v1alpha1\"},\n\"paths\":{\n";
  AppendJoined(out, Paths());
  return out + "},\n\"swagger\":\"2.0\"}\n";
}

}  // namespace openchoreo::kustomize_fn
