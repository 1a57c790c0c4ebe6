#include "health/rbac.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "common/base/arena.h"
#include "common/emit/yaml_writer.h"
#include "common/names/labels.h"
#include "common/record/record.h"
#include "common/value/map_builder.h"
#include "common/emit/unbudgeted.h"
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

class Rules {
 public:
  void Add(std::string_view api_version, std::string_view kind) {
    if (kind.empty()) return;
    const std::size_t slash = api_version.find('/');
    const std::string_view group =
        slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
    resources_[std::string(group)].insert(PluralOf(kind));
  }

  // An object, a List of them, or a record and what it names.
  base::Result<void> Take(const Value& object, base::Arena& arena) {
    const Value items = object.Get("items");
    if (!object.Get("kind").string_or_empty().ends_with("List") || !items.is_list())
      return TakeOne(object, arena);
    for (const Value& item : items.as_list()) OC_TRY_DONE(TakeOne(item, arena));
    return {};
  }

  bool empty() const { return resources_.empty(); }

  Value Role(base::Arena& arena) {
    Add("v1", "ConfigMap");
    Add("v1", "Pod");
    value::ListBuilder rules(arena);
    for (const auto& [group, resources] : resources_) {
      value::ListBuilder names(arena);
      for (const std::string& name : resources) names.Add(Value::String(name));
      const auto texts = [&](std::initializer_list<Value> all) {
        return value::MakeList(arena, all);
      };
      rules.Add(value::MakeMap(arena, {{"apiGroups", texts({Value::String(group)})},
                                       {"resources", names.Build()},
                                       {"verbs", texts({Value::String("get"), Value::String("list"),
                                                        Value::String("watch")})}}));
    }
    return value::MakeMap(
        arena,
        {{"apiVersion", Value::String("rbac.authorization.k8s.io/v1")},
         {"kind", Value::String("ClusterRole")},
         {"metadata",
          value::MakeMap(arena, {{"name", Value::String("openchoreo-health-mapper-objects")}})},
         {"rules", rules.Build()}});
  }

 private:
  base::Result<void> TakeOne(const Value& object, base::Arena& arena) {
    if (!object.is_map()) return {};
    const Value metadata = object.Get("metadata");
    const std::string_view api_version = object.Get("apiVersion").string_or_empty();
    if (metadata.Get("labels", names::labels::kRecord).is_null()) {
      // OpenChoreo's own objects are the base's.
      if (!api_version.starts_with("openchoreo.dev/"))
        Add(api_version, object.Get("kind").string_or_empty());
      return {};
    }
    auto record = record::ReadRecord(object.Get("data", record::kDataKey).string_or_empty(), arena);
    if (!record) {
      return base::Wrap("ConfigMap " + std::string(metadata.Get("name").string_or_empty()) + ": ",
                        std::move(record).error());
    }
    for (const record::RecordedObject& named : record->resources)
      Add(named.api_version, named.kind);
    Add("v1", "ConfigMap");
    return {};
  }

  std::map<std::string, std::set<std::string>> resources_;  // by group
};

}  // namespace

base::Result<std::string> RbacText(std::string_view text) {
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
  std::string out;
  if (!emit::AppendYaml(out, rules.Role(arena)))
    return base::Fail(base::ErrorCode::kInternal, "cannot write the role");
  return out;
}

int RunRbac(const std::string& file, std::istream& in, std::ostream& out, std::ostream& err) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& input = file == "-" ? in : opened;
  const std::string text(std::istreambuf_iterator<char>(input), {});
  if (!input.good() && !input.eof()) {
    err << "error: cannot read " << file << '\n';
    return 2;
  }
  const auto role = RbacText(text);
  if (!role) {
    err << "error: " << file << ": " << role.error().message << '\n';
    return 1;
  }
  out << *role;
  return 0;
}

}  // namespace openchoreo::mapper
