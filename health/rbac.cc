#include "health/rbac.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "common/base/arena.h"
#include "common/emit/unbudgeted.h"
#include "common/emit/yaml_writer.h"
#include "common/names/labels.h"
#include "common/record/record.h"
#include "common/value/map_builder.h"
#include "common/yaml/reader.h"

namespace openchoreo::mapper {

namespace {

using value::Value;

// Kubernetes' own rule: apimachinery pkg/api/meta/restmapper.go, UnsafeGuessKindToResource.
std::string PluralOf(std::string_view kind) {
  std::string name(kind);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  if (name == "endpoints") return name;
  if (name.ends_with('s')) return name + "es";
  if (name.ends_with('y')) return name.substr(0, name.size() - 1) + "ies";
  return name + "s";
}

constexpr std::string_view kApiGroup = "rbac.authorization.k8s.io";
constexpr std::string_view kObjects = "openchoreo-health-mapper-objects";
constexpr std::string_view kWithoutNamespace = "openchoreo-health-mapper-objects-without-namespace";

using Resources = std::map<std::string, std::set<std::string>>;  // by group

class Rules {
 public:
  // An object, a List of them, or a record and what it names.
  base::Result<void> Take(const Value& object, base::Arena& arena) {
    const Value items = object.Get("items");
    if (!object.Get("kind").string_or_empty().ends_with("List") || !items.is_list())
      return TakeOne(object, arena);
    for (const Value& item : items.as_list()) OC_TRY_DONE(TakeOne(item, arena));
    return {};
  }

  bool empty() const { return namespaced_.empty() && without_.empty(); }

  base::Result<std::string> Text(std::string_view account_ns, base::Arena& arena) {
    Add("v1", "ConfigMap", "");
    Add("v1", "Pod", "");
    std::vector<Value> objects;
    std::string out;
    if (account_ns.empty()) {
      for (const auto& [group, names] : without_)
        namespaced_[group].insert(names.begin(), names.end());
      objects.push_back(Role(kObjects, namespaced_, arena));
    } else {
      out = "# openchoreo-health-mapper --object-namespaces=";
      for (const std::string& ns : namespaces_) out += (ns == *namespaces_.begin() ? "" : ",") + ns;
      out += '\n';
      objects.push_back(Role(kObjects, namespaced_, arena));
      for (const std::string& ns : namespaces_)
        objects.push_back(Binding(kObjects, ns, account_ns, arena));
      if (!without_.empty()) {
        objects.push_back(Role(kWithoutNamespace, without_, arena));
        objects.push_back(Binding(kWithoutNamespace, "", account_ns, arena));
      }
    }
    for (std::size_t i = 0; i < objects.size(); ++i) {
      if (i > 0) out += "---\n";
      if (!emit::AppendYaml(out, objects[i]))
        return base::Fail(base::ErrorCode::kInternal, "cannot write the role");
    }
    return out;
  }

 private:
  // `ns` of the object; "" and no place to know it from: either.
  void Add(std::string_view api_version, std::string_view kind, std::string_view ns,
           bool without = false) {
    if (kind.empty()) return;
    const std::size_t slash = api_version.find('/');
    const std::string group(slash == std::string_view::npos ? std::string_view()
                                                            : api_version.substr(0, slash));
    (without ? without_ : namespaced_)[group].insert(PluralOf(kind));
    if (!ns.empty()) namespaces_.emplace(ns);
  }

  base::Result<void> TakeOne(const Value& object, base::Arena& arena) {
    if (!object.is_map()) return {};
    const Value metadata = object.Get("metadata");
    const std::string_view ns = metadata.Get("namespace").string_or_empty();
    const std::string_view api_version = object.Get("apiVersion").string_or_empty();
    if (metadata.Get("labels", names::labels::kRecord).is_null()) {
      // OpenChoreo's own objects are the base's.
      if (!api_version.starts_with("openchoreo.dev/"))
        Add(api_version, object.Get("kind").string_or_empty(), ns, ns.empty());
      return {};
    }
    auto record = record::ReadRecord(object.Get("data", record::kDataKey).string_or_empty(), arena);
    if (!record) {
      return base::Wrap("ConfigMap " + std::string(metadata.Get("name").string_or_empty()) + ": ",
                        std::move(record).error());
    }
    for (const record::RecordedObject& named : record->resources)
      Add(named.api_version, named.kind, named.ns, named.ns.empty());
    Add("v1", "ConfigMap", ns);
    return {};
  }

  static Value Role(std::string_view name, const Resources& all, base::Arena& arena) {
    value::ListBuilder rules(arena);
    for (const auto& [group, resources] : all) {
      value::ListBuilder names(arena);
      for (const std::string& one : resources) names.Add(Value::String(one));
      rules.Add(value::MakeMap(
          arena, {{"apiGroups", value::MakeList(arena, {Value::String(group)})},
                  {"resources", names.Build()},
                  {"verbs", value::MakeList(arena, {Value::String("get"), Value::String("list"),
                                                    Value::String("watch")})}}));
    }
    return Object("ClusterRole", name, "", {"rules", rules.Build()}, arena).Build();
  }

  static Value Binding(std::string_view role, std::string_view ns, std::string_view account_ns,
                       base::Arena& arena) {
    const Value subject =
        value::MakeMap(arena, {{"kind", Value::String("ServiceAccount")},
                               {"name", Value::String("openchoreo-health-mapper")},
                               {"namespace", Value::String(account_ns)}});
    const Value of = value::MakeMap(arena, {{"apiGroup", Value::String(kApiGroup)},
                                            {"kind", Value::String("ClusterRole")},
                                            {"name", Value::String(role)}});
    value::MapBuilder binding =
        Object(ns.empty() ? "ClusterRoleBinding" : "RoleBinding", role, ns, {"roleRef", of}, arena);
    binding.Add("subjects", value::MakeList(arena, {subject}));
    return binding.Build();
  }

  static value::MapBuilder Object(std::string_view kind, std::string_view name, std::string_view ns,
                                  value::Field content, base::Arena& arena) {
    value::MapBuilder metadata(arena), object(arena);
    metadata.Add("name", Value::String(name));
    metadata.AddNonEmpty("namespace", ns);
    object.Add("apiVersion", Value::String("rbac.authorization.k8s.io/v1"));
    object.Add("kind", Value::String(kind));
    object.Add("metadata", metadata.Build());
    object.Add(content.key, content.value);
    return object;
  }

  Resources namespaced_, without_;
  std::set<std::string> namespaces_;
};

}  // namespace

base::Result<std::string> RbacText(std::string_view text, std::string_view account_ns) {
  base::Arena arena;
  base::RenderLimits limits;
  limits.max_file_bytes = text.size();
  limits.max_nodes = text.size() + limits.max_nodes;
  yaml::ReadResult read = yaml::Read(text, arena, limits);
  if (!read.errors.empty()) return base::Fail(std::move(read.errors.front()));
  Rules rules;
  for (const yaml::Document& document : read.documents)
    OC_TRY_DONE(rules.Take(document.root, arena));
  if (rules.empty()) {
    return base::Fail(base::ErrorCode::kEmptyResult,
                      "neither a release record nor a rendered object is there");
  }
  return rules.Text(account_ns, arena);
}

int RunRbac(const std::string& file, const std::string& account_ns, std::istream& in,
            std::ostream& out, std::ostream& err) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& input = file == "-" ? in : opened;
  const std::string text(std::istreambuf_iterator<char>(input), {});
  if (!input.good() && !input.eof()) {
    err << "error: cannot read " << file << '\n';
    return 2;
  }
  const auto role = RbacText(text, account_ns);
  if (!role) {
    err << "error: " << file << ": " << role.error().message << '\n';
    return 1;
  }
  out << *role;
  return 0;
}

}  // namespace openchoreo::mapper
