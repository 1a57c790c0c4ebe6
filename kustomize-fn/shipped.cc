#include "kustomize-fn/shipped.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "common/admission/shape.h"
#include "common/base/arena.h"
#include "common/base/ascii.h"
#include "common/names/references.h"
#include "common/value/json_reader.h"
#include "common/value/unbudgeted.h"
#include "kubernetes_lists.h"

namespace openchoreo::kustomize_fn {

namespace {

using admission::Shape;
using admission::ShapeType;
using names::Dialect;
using names::Kind;

constexpr std::string_view kGroup = "openchoreo.dev";

// The one container the older dialect's workloads have is called so.
constexpr std::string_view kContainer = "/container/", kOldContainer = "/containers/main/";

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

// What blanks separate in a text of the tables; one "" where it is empty.
std::vector<std::string_view> WordsOf(std::string_view text) {
  std::vector<std::string_view> words = {text.substr(0, text.find(' '))};
  while (words.back().size() < text.size()) {
    text.remove_prefix(words.back().size() + 1);
    words.push_back(text.substr(0, text.find(' ')));
  }
  return words;
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
    const admission::Field* const field = FieldNamed(*shape, segment);
    shape = field == nullptr ? nullptr : field->shape;
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
    for (const std::string_view container : {kContainer, kOldContainer}) {
      for (const std::string_view field : fields) {
        const std::string path = std::string(place.path).append(container).append(field);
        out += "- " + FieldSpec(names::NameOf(place.from), path) + "\n";
      }
    }
  }
}

// Members that name an item, the first that a list's items have all of. Of several, kustomize lets
// later ones be absent: without `project` two endpoints of one name would be one, and one of them
// lost.
constexpr std::string_view kMergeKeys[] = {"instanceName",           "secretKey", "key", "id",
                                           "component name project", "name kind"};

// What tells the items of a list apart, separated by blanks: as the CRD says, else by kMergeKeys;
// "" for a list without.
std::string_view MergeKeysOf(const Shape& list) {
  if (!list.list_key.empty()) return list.list_key;
  const auto have = [&](std::string_view keys) {
    for (const std::string_view key : WordsOf(keys)) {
      if (FieldNamed(*list.items, key) == nullptr) return false;
    }
    return true;
  };
  const auto row = std::find_if(std::begin(kMergeKeys), std::end(kMergeKeys), have);
  return row != std::end(kMergeKeys) ? *row : have("name value") ? "name" : "";
}

std::string SchemaOf(const std::vector<const Shape*>& shapes);

std::string ListSchemaOf(const std::vector<const Shape*>& shapes) {
  // kustomize fails where it looks for keys in texts.
  if (shapes.front()->items->type != ShapeType::kObject) return {};
  const std::vector<std::string_view> keys = WordsOf(MergeKeysOf(*shapes.front()));
  if (keys.front().empty()) return {};
  std::vector<const Shape*> items;
  for (const Shape* shape : shapes) {
    if (shape->type == ShapeType::kArray) items.push_back(shape->items);
  }
  const std::string each = SchemaOf(items);
  std::string key;
  for (const std::string_view one : keys)
    key.append(key.empty() ? "\"" : ",\"").append(one).append("\"");
  return R"({"items":)" + (each.empty() ? "{}" : each) + R"(,"type":"array",)" +
         (keys.size() == 1 ? R"("x-kubernetes-patch-merge-key":)" + key
                           : R"("x-kubernetes-list-map-keys":[)" + key + "]") +
         R"(,"x-kubernetes-patch-strategy":"merge"})";
}

// The lists below a node of both dialects' shapes, as a JSON schema; "" where there are none. Where
// the two differ about a list, the first shape has its way.
std::string SchemaOf(const std::vector<const Shape*>& shapes) {
  if (shapes.front()->type == ShapeType::kArray) return ListSchemaOf(shapes);
  std::map<std::string_view, std::vector<const Shape*>> fields;
  std::vector<const Shape*> values;
  for (const Shape* shape : shapes) {
    if (shape->type == ShapeType::kMap) values.push_back(shape->items);
    for (const admission::Field& field : shape->fields) fields[field.name].push_back(field.shape);
  }
  std::string properties;
  for (const auto& [name, of] : fields) {
    const std::string property = SchemaOf(of);
    if (property.empty()) continue;
    properties.append(properties.empty() ? "\"" : ",\"").append(name) += "\":" + property;
  }
  const std::string each = values.empty() ? "" : SchemaOf(values);
  if (properties.empty() && each.empty()) return {};
  return (each.empty() ? "{" : R"({"additionalProperties":)" + each + ",") +
         (properties.empty() ? "" : R"("properties":{)" + properties + "},") +
         R"("type":"object"})";
}

using Members = std::set<std::string>;  // "name":{…} of a JSON object

void AddOpenChoreo(Dialect dialect, Members& definitions, Members& paths) {
  const Dialect other = dialect == Dialect::kV1 ? Dialect::kV012 : Dialect::kV1;
  for (int i = 0; i < names::kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    const std::string name(names::NameOf(kind));
    const std::string identity =
        R"({"group":"openchoreo.dev","kind":")" + name + R"(","version":"v1alpha1"})";
    const std::string spec =
        SchemaOf({admission::RulesOf(kind, dialect).spec, admission::RulesOf(kind, other).spec});
    definitions.insert(R"("dev.openchoreo.v1alpha1.)" + name + R"(":{)" +
                       (spec.empty() ? "" : R"("properties":{"spec":)" + spec + "},") +
                       R"("type":"object","x-kubernetes-group-version-kind":[)" + identity + "]}");
    // One path per kind tells whether it lies in a namespace.
    paths.insert(R"("/apis/openchoreo.dev/v1alpha1/)" +
                 std::string(names::IsClusterScoped(kind) ? "" : "namespaces/{namespace}/") +
                 base::AsciiLower(name) + R"(s/{name}":{"get":{"x-kubernetes-action":"get",)" +
                 R"("x-kubernetes-group-version-kind":)" + identity + "}}");
  }
}

std::string Joined(const Members& members) {
  std::string out;
  for (const std::string& member : members) out += (out.empty() ? "" : ",\n") + member;
  return out + "\n";
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
    for (const std::string_view kind : WordsOf(reference.from)) {
      add(reference.target, reference.target_group,
          FieldSpec(kind, reference.path, reference.from_group));
    }
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
  Members definitions, paths;
  AddOpenChoreo(dialect, definitions, paths);
  // Lists of Kubernetes' own kinds that patches are written for.
  if (const auto kubernetes = value::ReadJson(kKubernetesLists, arena)) {
    for (const value::MapEntry& entry : kubernetes->as_map())
      definitions.insert(value::ToJson(entry.key) + ":" + value::ToJson(entry.value));
  }
  return "{\"definitions\":{\n" + Joined(definitions) +
         "},\n\"info\":{\"title\":\"OpenChoreo\",\"version\":\"v1alpha1\"},\n\"paths\":{\n" +
         Joined(paths) + "},\n\"swagger\":\"2.0\"}\n";
}

}  // namespace openchoreo::kustomize_fn
