#include "kustomize-fn/output.h"

#include <cctype>
#include <set>
#include <string_view>
#include <utility>

#include "common/base/arena.h"
#include "common/base/ascii.h"
#include "common/emit/unbudgeted.h"
#include "common/emit/yaml_writer.h"
#include "common/value/json_reader.h"
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

class PathMaker {
 public:
  explicit PathMaker(const ResourceList& list) {
    for (const Item& item : list.items) {
      if (!item.stamped || item.annotations.path.empty()) continue;
      former_[item] = &item.annotations;
      used_.insert(item.annotations.path);
    }
  }

  // Gives `item`, an object of `group`, its file.
  void Place(const render::Group& group, GeneratedItem& item) {
    if (const auto former = former_.find(item); former != former_.end()) {
      item.path = former->second->path;
      item.index = former->second->index;
      return;
    }
    const std::string folder = group.kind == "Namespace" ? "namespaces" : Segment(group.name);
    const std::string stem =
        "releases/" + folder + "/" + Segment(item.kind) + "-" + Segment(item.name);
    item.path = stem + ".yaml";
    for (int i = 2; !used_.insert(item.path).second; ++i)
      item.path = stem + "-" + std::to_string(i) + ".yaml";
    item.index = "0";
  }

 private:
  std::map<Identity, const ItemAnnotations*> former_;
  std::set<std::string> used_;
};

Value WithPath(const Value& object, const GeneratedItem& item, base::Arena& arena) {
  const Value metadata = object.Get("metadata");
  Value annotations = metadata.Get("annotations");
  if (!annotations.is_map()) annotations = Value::Map({});
  for (const auto& [key, text] : {std::pair("config.kubernetes.io/index", &item.index),
                                  {"config.kubernetes.io/path", &item.path},
                                  {"internal.config.kubernetes.io/index", &item.index},
                                  {"internal.config.kubernetes.io/path", &item.path}}) {
    annotations = value::WithKey(arena, annotations, key, Value::String(*text));
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
      paths.Place(group, item);
      OC_TRY(item.text, ItemText(WithPath(object, item, arena), list));
      items.push_back(std::move(item));
      arena.Reset();
    }
  }
  return items;
}

std::string WriteResourceList(const ResourceList& list, const std::vector<std::size_t>& kept,
                              const std::vector<GeneratedItem>& generated,
                              const std::map<std::size_t, std::string>& rewritten,
                              const Value& results) {
  const bool flow = list.style == ListStyle::kFlow, stream = list.style == ListStyle::kStream;
  std::size_t bytes = 4096;
  for (const std::size_t i : kept) bytes += list.items[i].text.size() + 8;
  for (const GeneratedItem& item : generated) bytes += item.text.size() + 8;
  std::string out;
  out.reserve(bytes);
  if (flow) {
    out = "{\"apiVersion\":\"" + list.api_version + "\",\"kind\":\"ResourceList\",\"items\":[";
  } else if (!stream) {
    out = "apiVersion: " + list.api_version + "\nkind: ResourceList\nitems:";
    out += kept.empty() && generated.empty() ? " []\n" : "\n";
  }
  std::string_view before = stream ? "---\n" : flow ? "\n" : "";
  const auto append = [&](std::string_view text) {
    out.append(before).append(text);
    if (flow) before = ",\n";
    if (!flow && !out.ends_with('\n')) out += '\n';
  };
  const std::string dash = flow || stream ? "" : std::string(list.column, ' ') + "- ";
  for (const std::size_t i : kept) {
    const Item& item = list.items[i];
    if (const auto instead = rewritten.find(i); instead != rewritten.end()) {
      append(instead->second);
    } else if (item.expanded.empty()) {
      append(item.text);
    } else {
      append(dash + item.expanded);
    }
  }
  for (const GeneratedItem& item : generated) append(item.text);
  if (flow) {
    out += ']';
    if (results.size() > 0) out += ",\"results\":" + value::ToJson(results);
    out += "}\n";
  } else if (!stream && results.size() > 0) {
    base::Arena arena;
    emit::AppendYaml(out, value::MakeMap(arena, {{"results", results}}));
  }
  return out;
}

}  // namespace openchoreo::kustomize_fn
