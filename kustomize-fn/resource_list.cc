#include "kustomize-fn/resource_list.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/names/labels.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/yaml/reader.h"
#include "common/yaml/syntax_tree.h"
#include "kustomize-fn/resource_list_spans.h"

namespace openchoreo::kustomize_fn {

namespace {

using base::ErrorCode;
using value::Value;

// How yaml::Read ends its message for .inf and .nan.
constexpr std::string_view kNoJsonNumber = " is no number that JSON can hold";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The limits of the whole list: those that grow with the number of items are lifted, depth is not.
base::RenderLimits LimitsOfList(std::string_view text, const base::RenderLimits& limits) {
  base::RenderLimits all = limits;
  all.max_depth += 2;
  all.max_file_bytes = text.size();
  all.max_nodes = text.size() + limits.max_nodes;
  return all;
}

// The one value of a document's text.
base::Result<Value> ReadOne(std::string_view text, base::Arena& arena,
                            const base::RenderLimits& limits) {
  yaml::ReadResult read = yaml::Read(text, arena, limits);
  if (!read.errors.empty()) return base::Fail(std::move(read.errors.front()));
  return read.documents.empty() ? Value() : read.documents.front().root;
}

base::Error Unreadable(const std::string& what, const base::Error& error) {
  base::Error named;
  named.code = error.code;
  named.message = what + ": " + error.message;
  return named;
}

std::string TextAt(const Value& map, std::string_view key) {
  return std::string(map.Get(key).string_or_empty());
}

// A node's range as a document: its first line gets back the columns that lie before the range.
std::string NodeDocument(std::string_view text, const NodeSpan& span) {
  std::string document(span.column, ' ');
  document += text.substr(span.begin, span.end - span.begin);
  return document;
}

// What an item says of itself where it cannot be read whole. False if that cannot be told.
bool IdentifyByMarks(const std::string& document, Item& item) {
  const yaml::SyntaxTree tree(document);
  const auto text = [&](std::string_view pointer) {
    const yaml::SyntaxTree::Found found = tree.Find(pointer);
    return std::string(found.exact ? found.node.Resolved().text() : std::string_view());
  };
  item.api_version = text("/apiVersion");
  item.kind = text("/kind");
  item.ns = text("/metadata/namespace");
  item.name = text("/metadata/name");
  item.annotations.path = text("/metadata/annotations/internal.config.kubernetes.io~1path");
  item.annotations.index = text("/metadata/annotations/internal.config.kubernetes.io~1index");
  item.annotations.origin = text("/metadata/annotations/config.kubernetes.io~1origin");
  return !item.kind.empty() && !item.name.empty();
}

// Annotations of kustomize and kpt: functions-spec.md, and kustomize api/konfig/general.go.
bool IsRunners(std::string_view annotation) {
  constexpr std::string_view kNames[] = {
      "config.k8s.io/id",
      "config.kubernetes.io/index",
      "config.kubernetes.io/origin",
      "config.kubernetes.io/path",
      "kustomize.config.k8s.io/id",
      "alpha.config.kubernetes.io/transformations",
  };
  return annotation.starts_with("internal.config.kubernetes.io/") ||
         std::find(std::begin(kNames), std::end(kNames), annotation) != std::end(kNames);
}

// As the file had it; `root` itself where nothing is the runner's.
Value WithoutRunnersAnnotations(const Value& root, base::Arena& arena) {
  const Value metadata = root.Get("metadata"), annotations = metadata.Get("annotations");
  if (!annotations.is_map()) return root;
  value::MapBuilder kept(arena);
  bool changed = false;
  for (const value::MapEntry& entry : annotations.as_map()) {
    if (IsRunners(entry.key.as_string())) {
      changed = true;
    } else {
      kept.Add(entry.key.as_string(), entry.value);
    }
  }
  if (!changed) return root;
  const Value cleaned = kept.empty() ? value::WithoutKey(arena, metadata, "annotations")
                                     : value::WithKey(arena, metadata, "annotations", kept.Build());
  return value::WithKey(arena, root, "metadata", cleaned);
}

// An item, its range and expansion known, read for what it says of itself.
base::Result<void> TakeItem(Item item, const Value& root, ResourceList& list,
                            base::Arena& scratch) {
  if (!root.is_map()) {
    return base::Fail(ErrorCode::kYamlSyntax,
                      "item " + std::to_string(list.items.size()) + " is not an object");
  }
  Identify(root, item);
  if (IsOpenChoreo(item)) {
    const Value cleaned = WithoutRunnersAnnotations(root, scratch);
    if (!value::JsonEquals(cleaned, root)) item.cleaned = value::ToJson(cleaned);
  }
  list.items.push_back(std::move(item));
  scratch.Reset();
  return {};
}

base::Result<void> ReadAndTakeItem(Item item, ResourceList& list, base::Arena& scratch,
                                   const base::RenderLimits& limits) {
  const auto read = ReadItem(item, list, scratch, limits);
  if (read) return TakeItem(std::move(item), *read, list, scratch);
  scratch.Reset();
  std::string what = "item " + std::to_string(list.items.size());
  if (IdentifyByMarks(DocumentOf(item, list.style), item)) {
    // A number JSON has no form for is nothing to an item that is only passed on.
    if (read.error().message.ends_with(kNoJsonNumber) && !IsOpenChoreo(item)) {
      list.items.push_back(std::move(item));
      return {};
    }
    what = Describe(item);
    if (!item.annotations.path.empty()) what = item.annotations.path + ": " + what;
  }
  return base::Fail(Unreadable(what, read.error()));
}

base::Result<void> RequireResourceList(bool is_one, std::string_view api_version) {
  if (is_one &&
      (api_version == "config.kubernetes.io/v1" || api_version == "config.kubernetes.io/v1beta1")) {
    return {};
  }
  return base::Fail(ErrorCode::kUsage,
                    "standard input is not a ResourceList of config.kubernetes.io/v1 or v1beta1");
}

// A list that is read whole: its items go on by value.
base::Result<ResourceList> ReadFlowList(const Value& root) {
  ResourceList list;
  list.style = ListStyle::kFlow;
  list.api_version = TextAt(root, "apiVersion");
  OC_TRY_DONE(RequireResourceList(TextAt(root, "kind") == "ResourceList", list.api_version));
  list.function_config = root.Get("functionConfig");
  const Value items = root.Get("items");
  if (!items.is_list() && !items.is_null())
    return base::Fail(ErrorCode::kYamlSyntax, "items is not a list");
  base::Arena scratch;
  for (std::size_t i = 0; items.is_list() && i < items.size(); ++i) {
    Item item;
    item.expanded = value::ToJson(items.as_list()[i]);
    OC_TRY_DONE(TakeItem(std::move(item), items.as_list()[i], list, scratch));
  }
  return list;
}

}  // namespace

std::string ReleaseOf(const Value& root) {
  namespace labels = names::labels;
  const Value all = root.Get("metadata", "labels");
  if (!all.Get(labels::kRecord).is_null()) return std::string(kRecordRelease);
  for (const auto& [ns, name] :
       {std::pair(labels::kReleaseNamespace, labels::kReleaseName),
        std::pair(labels::kOldReleaseNamespace, labels::kOldReleaseName)}) {
    if (!all.Get(name).is_null()) return TextAt(all, ns) + "/" + TextAt(all, name);
  }
  return {};
}

void Identify(const Value& root, Item& item) {
  item.api_version = TextAt(root, "apiVersion");
  item.kind = TextAt(root, "kind");
  const Value metadata = root.Get("metadata");
  item.name = TextAt(metadata, "name");
  item.ns = TextAt(metadata, "namespace");
  item.stamped =
      TextAt(metadata.Get("labels"), names::labels::kManagedBy) == names::labels::kManager;
  if (item.stamped) item.release = ReleaseOf(root);
  const Value annotations = metadata.Get("annotations");
  ItemAnnotations& read = item.annotations;
  read.path = TextAt(annotations, "internal.config.kubernetes.io/path");
  read.index = TextAt(annotations, "internal.config.kubernetes.io/index");
  if (read.path.empty()) {
    read.path = TextAt(annotations, "config.kubernetes.io/path");
    read.index = TextAt(annotations, "config.kubernetes.io/index");
  }
  read.origin = TextAt(annotations, "config.kubernetes.io/origin");
  read.previous_names = TextAt(annotations, "internal.config.kubernetes.io/previousNames");
  read.previous_kinds = TextAt(annotations, "internal.config.kubernetes.io/previousKinds");
  read.prefixes = TextAt(annotations, "internal.config.kubernetes.io/prefixes");
  read.suffixes = TextAt(annotations, "internal.config.kubernetes.io/suffixes");
  read.of_kustomize = !annotations.Get("kustomize.config.k8s.io/id").is_null();
}

bool IsOpenChoreo(const Item& item) {
  return item.api_version.starts_with("openchoreo.dev/") && !item.stamped;
}

base::Result<ResourceList> ReadResourceList(std::string_view text, base::Arena& arena,
                                            const base::RenderLimits& limits) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    text.remove_prefix(kByteOrderMark.size());
  ResourceListSpans spans;
  spans.flow_items =
      text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size())).starts_with('{');
  if (!spans.flow_items) {
    OC_TRY(spans, FindSpans(text, limits));
    OC_TRY_DONE(RequireResourceList(spans.is_resource_list, spans.api_version));
  }
  // Aliases that reach out of their item can only be followed in the whole document.
  Value whole;
  bool borrows = spans.function_config.borrows_anchor;
  for (const NodeSpan& span : spans.items) borrows = borrows || span.borrows_anchor;
  if (borrows || spans.flow_items) {
    OC_TRY(whole, ReadOne(text, arena, LimitsOfList(text, limits)));
  }
  if (spans.flow_items) return ReadFlowList(whole);
  ResourceList list;
  list.api_version = std::move(spans.api_version);

  base::Arena scratch;
  list.items.reserve(spans.items.size());
  for (std::size_t i = 0; i < spans.items.size(); ++i) {
    const NodeSpan& span = spans.items[i];
    Item item;
    item.text = text.substr(span.begin, span.end - span.begin);
    item.column = span.column;
    item.dash = span.dash;
    if (span.borrows_anchor) {
      const Value root = whole.Get("items").as_list()[i];
      item.expanded = value::ToJson(root);
      OC_TRY_DONE(TakeItem(std::move(item), root, list, scratch));
    } else {
      OC_TRY_DONE(ReadAndTakeItem(std::move(item), list, scratch, limits));
    }
  }

  if (spans.function_config.borrows_anchor) {
    list.function_config = whole.Get("functionConfig");
  } else if (spans.has_function_config) {
    auto read = ReadOne(NodeDocument(text, spans.function_config), arena, limits);
    if (!read) return base::Fail(Unreadable("functionConfig", read.error()));
    list.function_config = *read;
  }
  return list;
}

base::Result<ResourceList> ReadStream(std::string_view text, std::string_view config,
                                      base::Arena& arena, const base::RenderLimits& limits) {
  ResourceList list;
  list.style = ListStyle::kStream;
  auto read = ReadOne(config, arena, limits);
  if (!read) return base::Fail(Unreadable("the configuration file", read.error()));
  list.function_config = *read;
  base::Arena scratch;
  for (const yaml::DocumentRange& range : yaml::SplitDocuments(text)) {
    Item item;
    item.text = text.substr(range.begin, range.end - range.begin);
    OC_TRY_DONE(ReadAndTakeItem(std::move(item), list, scratch, limits));
  }
  return list;
}

std::string DocumentOf(const Item& item, ListStyle style) {
  if (!item.expanded.empty()) return item.expanded;
  std::string document(item.text);
  if (style == ListStyle::kBlock) document[item.dash] = ' ';
  return document;
}

base::Result<Value> ReadItem(const Item& item, const ResourceList& list, base::Arena& arena,
                             const base::RenderLimits& limits) {
  return ReadOne(DocumentOf(item, list.style), arena, limits);
}

std::string Describe(const Item& item) {
  std::string text = item.kind + " ";
  if (!item.ns.empty()) text += item.ns + "/";
  return text + item.name;
}

}  // namespace openchoreo::kustomize_fn
