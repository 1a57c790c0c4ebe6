#include "kustomize-fn/shipped.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "common/admission/shape.h"
#include "common/base/arena.h"
#include "common/base/ascii.h"
#include "common/names/references.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "kubernetes_lists.h"

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

// `path` as a field specification: lists are gone through without a segment of their own, of maps
// only the container every workload has.
std::string FieldSpecPath(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const std::string_view segment = names::TakeSegment(path);
    if (segment != "*" || result.ends_with("/containers")) {
      if (!result.empty()) result += '/';
      result += segment == "*" ? "main" : segment;
    }
  }
  return result;
}

// The shape at a path of table names::References; nullptr where the dialect has none.
const Shape* ShapeAt(Kind kind, Dialect dialect, std::string_view path) {
  const Shape* shape = admission::RulesOf(kind, dialect).spec;
  path.remove_prefix(std::min(path.size(), std::string_view("spec/").size()));
  while (shape != nullptr && !path.empty()) {
    const std::string_view segment = names::TakeSegment(path);
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

std::string FieldSpec(std::string_view kind, std::string_view path,
                      std::string_view group = kGroup) {
  std::string text = "{path: " + std::string(path);
  if (!group.empty()) text.append(", group: ").append(group);
  if (!kind.empty()) text.append(", kind: ").append(kind);
  return text + "}";
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

// Members that name an item, the first row that fits a list. Of several, kustomize lets later ones
// be absent: without `project` two endpoints of one name would be one, and one of them lost.
constexpr std::string_view kMergeKeys[][3] = {
    {"instanceName"}, {"secretKey"}, {"key"}, {"id"}, {"component", "name", "project"},
    {"name", "kind"},
};

// What tells the items of a list apart: as the CRD says, else by kMergeKeys.
std::vector<std::string_view> MergeKeys(const Shape& list) {
  if (!list.list_key.empty()) return {list.list_key};
  const auto has = [&](std::string_view key) {
    const auto& fields = list.items->fields;
    return key.empty() || std::any_of(fields.begin(), fields.end(),
                                      [&](const auto& field) { return field.name == key; });
  };
  for (const auto& row : kMergeKeys) {
    if (!std::all_of(std::begin(row), std::end(row), has)) continue;
    std::vector<std::string_view> keys(std::begin(row), std::end(row));
    std::erase(keys, std::string_view());
    return keys;
  }
  if (has("name") && has("value")) return {"name"};
  return {};
}

// The lists below a node of both dialects' shapes, as a JSON schema; nullopt where there are none.
// Where the two differ about a list, the first shape has its way.
class SchemaWriter {
 public:
  explicit SchemaWriter(base::Arena& arena) : arena_(arena) {}

  std::optional<Value> Write(const std::vector<const Shape*>& shapes) {
    std::map<std::string_view, std::vector<const Shape*>> fields;
    std::vector<const Shape*> values;
    if (shapes.front()->type == ShapeType::kArray) return WriteList(shapes);
    value::MapBuilder schema(arena_);
    for (const Shape* shape : shapes) {
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
    // kustomize fails where it looks for keys in texts.
    if (shapes.front()->items->type != ShapeType::kObject) return std::nullopt;
    const std::vector<std::string_view> keys = MergeKeys(*shapes.front());
    if (keys.empty()) return std::nullopt;
    std::vector<const Shape*> items;
    for (const Shape* shape : shapes) {
      if (shape->type == ShapeType::kArray) items.push_back(shape->items);
    }
    value::MapBuilder schema(arena_);
    schema.Add("items", Write(items).value_or(Value::Map({})));
    schema.Add("type", Value::String("array"));
    if (keys.size() == 1) {
      schema.Add("x-kubernetes-patch-merge-key", Value::String(keys.front()));
    } else {
      value::ListBuilder all(arena_);
      for (const std::string_view key : keys) all.Add(Value::String(key));
      schema.Add("x-kubernetes-list-map-keys", all.Build());
    }
    schema.Add("x-kubernetes-patch-strategy", Value::String("merge"));
    return schema.Build();
  }

  base::Arena& arena_;
};

Value GroupVersionKind(std::string_view group, std::string_view version, std::string_view kind,
                       base::Arena& arena) {
  return value::MakeMap(arena, {{"group", Value::String(group)},
                                {"kind", Value::String(kind)},
                                {"version", Value::String(version)}});
}

using Definitions = std::map<std::string, Value>;

void AddOpenChoreo(Dialect dialect, Definitions& definitions, Definitions& paths,
                   base::Arena& arena) {
  const Dialect other = dialect == Dialect::kV1 ? Dialect::kV012 : Dialect::kV1;
  for (int i = 0; i < names::kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    const std::string name(names::NameOf(kind));
    const Value identity = GroupVersionKind(kGroup, kVersion, names::NameOf(kind), arena);
    value::MapBuilder schema(arena);
    schema.Add("type", Value::String("object"));
    if (const auto spec = SchemaWriter(arena).Write(
            {admission::RulesOf(kind, dialect).spec, admission::RulesOf(kind, other).spec})) {
      schema.Add("properties", value::MakeMap(arena, {{"spec", *spec}}));
    }
    schema.Add("x-kubernetes-group-version-kind", value::MakeList(arena, {identity}));
    definitions.emplace("dev.openchoreo." + std::string(kVersion) + "." + name, schema.Build());
    // One path per kind tells whether it lies in a namespace.
    const std::string scope = names::IsClusterScoped(kind) ? "" : "namespaces/{namespace}/";
    paths.emplace(
        "/apis/openchoreo.dev/v1alpha1/" + scope + base::AsciiLower(name) + "s/{name}",
        value::MakeMap(
            arena,
            {{"get", value::MakeMap(arena, {{"x-kubernetes-action", Value::String("get")},
                                            {"x-kubernetes-group-version-kind", identity}})}}));
  }
}

void AppendMembers(std::string& out, const Definitions& members) {
  for (const auto& [name, member] : members) {
    out += name == members.begin()->first ? "\"" : ",\n\"";
    out += name + "\":" + value::ToJson(member);
  }
  out += "\n";
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
      "# Of Kubernetes' kinds: what kustomize does not know of by itself.\n"
      "nameReference:\n";
  std::map<std::string, std::set<std::string>> by_target;
  const auto add = [&](std::string_view target, std::string_view target_group, std::string from) {
    std::string selector = target.empty() ? "" : "kind: " + std::string(target) + "\n  ";
    if (!target_group.empty()) selector.append("group: ").append(target_group).append("\n  ");
    by_target[selector].insert(std::move(from));
  };
  for (const names::Reference& reference : names::References()) {
    const bool is_ref = reference.form == names::ReferenceForm::kRef;
    const Shape* const shape = is_ref ? ShapeAt(reference.from, dialect, reference.path) : nullptr;
    std::string path = FieldSpecPath(reference.path);
    if (is_ref && (shape == nullptr || path == "spec/componentType")) continue;
    if (is_ref && shape->type == ShapeType::kObject) path += "/name";
    const std::string from = FieldSpec(names::NameOf(reference.from), path);
    add(names::NameOf(reference.target), kGroup, from);
    if (is_ref) add(names::NameOf(names::TwinOf(reference.target)), kGroup, from);
  }
  for (const names::KubernetesReference& reference : names::KubernetesReferences()) {
    std::string_view kinds = reference.from;
    do {
      const std::string_view kind = kinds.substr(0, kinds.find(' '));
      add(reference.target, reference.target_group,
          FieldSpec(kind, reference.path, reference.from_group));
      kinds.remove_prefix(std::min(kinds.size(), kind.size() + 1));
    } while (!kinds.empty());
  }
  for (const auto& [selector, fields] : by_target) {
    out += "- " + selector + "fieldSpecs:\n";
    for (const std::string& field : fields) out += "  - " + field + "\n";
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

std::string OpenApi(Dialect dialect) {
  base::Arena arena;
  Definitions definitions, paths;
  AddOpenChoreo(dialect, definitions, paths, arena);
  // Lists of Kubernetes' own kinds that patches are written for.
  if (const auto kubernetes = value::ReadJson(kKubernetesLists, arena)) {
    for (const value::MapEntry& entry : kubernetes->as_map())
      definitions.emplace(entry.key.as_string(), entry.value);
  }
  std::string out = "{\"definitions\":{\n";
  AppendMembers(out, definitions);
  out += "},\n\"info\":{\"title\":\"OpenChoreo\",\"version\":\"v1alpha1\"},\n\"paths\":{\n";
  AppendMembers(out, paths);
  return out + "},\n\"swagger\":\"2.0\"}\n";
}

}  // namespace openchoreo::kustomize_fn
