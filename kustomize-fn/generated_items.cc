#include "kustomize-fn/generated_items.h"

#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
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
      former_[KeyOf(item)] = {item.annotations.path, item.annotations.index};
      used_.insert(item.annotations.path);
    }
  }

  FilePlace Make(const render::Group& group, const GeneratedItem& item) {
    if (const auto former = former_.find(KeyOf(item)); former != former_.end())
      return former->second;
    const std::string folder = group.kind == "Namespace" ? "namespaces" : Segment(group.name);
    const std::string stem =
        "releases/" + folder + "/" + Segment(item.kind) + "-" + Segment(item.name);
    std::string path = stem + ".yaml";
    for (int i = 2; !used_.insert(path).second; ++i)
      path = stem + "-" + std::to_string(i) + ".yaml";
    return {std::move(path), "0"};
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::string>;

  template <typename Object>
  static Key KeyOf(const Object& object) {
    return {object.api_version, object.kind, object.ns, object.name, object.release};
  }

  std::map<Key, FilePlace> former_;
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

// A YAML document as an item of a block list whose dash stands at `column`.
std::string AsBlockItem(std::string_view document, std::size_t column) {
  std::string out;
  out.reserve(document.size() + document.size() / 4);
  bool first = true;
  while (!document.empty()) {
    const std::size_t end = std::min(document.find('\n'), document.size());
    if (first) {
      out.append(column, ' ').append("- ");
      first = false;
    } else if (end > 0) {
      out.append(column + 2, ' ');
    }
    out.append(document.substr(0, end)).push_back('\n');
    document.remove_prefix(std::min(end + 1, document.size()));
  }
  return out;
}

std::string TextAt(const Value& map, std::string_view key) {
  return std::string(map.Get(key).string_or_empty());
}

}  // namespace

base::Result<std::string> ItemText(const Value& object, ListStyle style, std::size_t column) {
  if (style == ListStyle::kFlow) return value::ToJson(object);
  std::string document;
  if (!emit::AppendYaml(document, object)) {
    return base::Fail(base::ErrorCode::kInternal, "cannot write " + TextAt(object, "kind") + " " +
                                                      TextAt(object.Get("metadata"), "name"));
  }
  return style == ListStyle::kStream ? document : AsBlockItem(document, column);
}

base::Result<std::vector<GeneratedItem>> MakeItems(const std::vector<render::Group>& groups,
                                                   const ResourceList& list, std::size_t column) {
  std::vector<GeneratedItem> items;
  PathMaker paths(list);
  base::Arena arena;
  for (const render::Group& group : groups) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      const std::string_view json = group.object(i);
      OC_TRY(const Value object, value::ReadJson(json, arena));
      GeneratedItem item;
      item.api_version = TextAt(object, "apiVersion");
      item.kind = TextAt(object, "kind");
      item.ns = TextAt(object.Get("metadata"), "namespace");
      item.name = TextAt(object.Get("metadata"), "name");
      item.added_namespace = group.kind == "Namespace";
      item.release = ReleaseOf(object);
      item.binding = group.kind + " " + group.ns + "/" + group.name;
      const FilePlace place = paths.Make(group, item);
      item.path = place.path;
      OC_TRY(item.text, ItemText(WithPath(object, place, arena), list.style, column));
      items.push_back(std::move(item));
      arena.Reset();
    }
  }
  return items;
}

}  // namespace openchoreo::kustomize_fn
