#include "kustomize-fn/generated_items.h"

#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "common/base/arena.h"
#include "common/base/ascii.h"
#include "common/emit/unbudgeted.h"
#include "common/emit/yaml_writer.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::kustomize_fn {

namespace {

using value::Value;

// One segment of a path, fit for every file system: names of RBAC objects may hold ':' and '/'.
std::string Segment(std::string_view text) {
  std::string out = base::AsciiLower(text);
  for (char& c : out) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_') c = '-';
  }
  return out.empty() || out.front() == '.' ? "_" + out : out;
}

struct FilePlace {
  std::string path, index;
};

class PathMaker {
 public:
  explicit PathMaker(const ResourceList& list) {
    for (const Item& item : list.items) {
      if (!item.stamped || item.annotations.path.empty()) continue;
      former_[item] = {item.annotations.path, item.annotations.index};
      used_.insert(item.annotations.path);
    }
  }

  FilePlace Make(const render::Group& group, const GeneratedItem& item) {
    if (const auto former = former_.find(item); former != former_.end()) return former->second;
    const std::string folder = group.kind == "Namespace" ? "namespaces" : Segment(group.name);
    const std::string stem =
        "releases/" + folder + "/" + Segment(item.kind) + "-" + Segment(item.name);
    std::string path = stem + ".yaml";
    for (int i = 2; !used_.insert(path).second; ++i)
      path = stem + "-" + std::to_string(i) + ".yaml";
    return {std::move(path), "0"};
  }

 private:
  std::map<Identity, FilePlace> former_;
  std::set<std::string> used_;
};

Value WithPath(const Value& object, const FilePlace& place, base::Arena& arena) {
  const Value metadata = object.Get("metadata");
  Value annotations = metadata.Get("annotations");
  if (!annotations.is_map()) annotations = Value::Map({});
  for (const std::string_view prefix :
       {"config.kubernetes.io/", "internal.config.kubernetes.io/"}) {
    for (const auto& [key, text] : {std::pair("path", &place.path), {"index", &place.index}}) {
      annotations = value::WithKey(arena, annotations, arena.CopyString(std::string(prefix) + key),
                                   Value::String(arena.CopyString(*text)));
    }
  }
  return value::WithKey(arena, object, "metadata",
                        value::WithKey(arena, metadata, "annotations", annotations));
}

}  // namespace

base::Result<std::string> ItemText(const Value& object, const ResourceList& list) {
  if (list.style == ListStyle::kFlow) return value::ToJson(object);
  std::string text;
  const bool block = list.style == ListStyle::kBlock;
  if (!emit::AppendYaml(text, block ? Value::List({&object, 1}) : object, list.column))
    return base::Fail(base::ErrorCode::kInternal, "cannot write " + Describe(Identify(object)));
  return text;
}

base::Result<std::vector<GeneratedItem>> MakeItems(const std::vector<render::Group>& groups,
                                                   const ResourceList& list) {
  std::vector<GeneratedItem> items;
  PathMaker paths(list);
  base::Arena arena;
  for (const render::Group& group : groups) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      OC_TRY(const Value object, value::ReadJson(group.object(i), arena));
      GeneratedItem item{Identify(object)};
      item.added_namespace = group.kind == "Namespace";
      item.binding = group.kind + " " + group.ns + "/" + group.name;
      const FilePlace place = paths.Make(group, item);
      item.path = place.path;
      OC_TRY(item.text, ItemText(WithPath(object, place, arena), list));
      items.push_back(std::move(item));
      arena.Reset();
    }
  }
  return items;
}

}  // namespace openchoreo::kustomize_fn
