#include "kustomize-fn/resource_list.h"

#include <utility>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/yaml/reader.h"

namespace openchoreo::kustomize_fn {

namespace {

using base::ErrorCode;
using value::Value;

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
base::Result<Value> ReadOne(std::string_view text, bool is_json, base::Arena& arena,
                            const base::RenderLimits& limits) {
  if (is_json) return value::ReadJson(text, arena, limits);
  yaml::ReadResult read = yaml::Read(text, arena, limits);
  if (!read.errors.empty()) return base::Fail(std::move(read.errors.front()));
  return read.documents.empty() ? Value() : read.documents.front().root;
}

base::Error Unreadable(const std::string& what, base::Error error) {
  base::Error named;
  named.code = error.code;
  named.message = what + ": " + error.message;
  return named;
}

std::string TextAt(const Value& map, std::string_view key) {
  return std::string(map.Get(key).string_or_empty());
}

void Identify(const Value& root, Item& item) {
  item.api_version = TextAt(root, "apiVersion");
  item.kind = TextAt(root, "kind");
  const Value metadata = root.Get("metadata");
  item.name = TextAt(metadata, "name");
  item.ns = TextAt(metadata, "namespace");
  item.stamped =
      metadata.Get("labels", "openchoreo.dev/managed-by").string_or_empty() == "openchoreo-gitops";
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
}

// A node's range as a document: its first line gets back the columns that lie before the range.
std::string NodeDocument(std::string_view text, const NodeSpan& span) {
  std::string document(span.column, ' ');
  document += text.substr(span.begin, span.end - span.begin);
  return document;
}

}  // namespace

base::Result<ResourceList> ReadResourceList(std::string_view text, base::Arena& arena,
                                            const base::RenderLimits& limits) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    text.remove_prefix(kByteOrderMark.size());
  OC_TRY(ResourceListSpans spans, FindSpans(text, limits));
  const bool known_version = spans.api_version == "config.kubernetes.io/v1" ||
                             spans.api_version == "config.kubernetes.io/v1beta1";
  if (!spans.is_resource_list || !known_version) {
    return base::Fail(ErrorCode::kUsage,
                      "standard input is not a ResourceList of config.kubernetes.io/v1 or v1beta1");
  }
  ResourceList list;
  list.api_version = std::move(spans.api_version);
  list.style = spans.style;
  list.is_json = spans.is_json;

  // Aliases that reach out of their item can only be followed in the whole document.
  Value whole;
  bool borrows = spans.function_config.borrows_anchor;
  for (const NodeSpan& span : spans.items) borrows = borrows || span.borrows_anchor;
  if (borrows) {
    OC_TRY(whole, ReadOne(text, false, arena, LimitsOfList(text, limits)));
  }

  base::Arena scratch;
  list.items.reserve(spans.items.size());
  for (std::size_t i = 0; i < spans.items.size(); ++i) {
    const NodeSpan& span = spans.items[i];
    Item item;
    item.text = text.substr(span.begin, span.end - span.begin);
    item.column = span.column;
    Value root;
    if (span.borrows_anchor) {
      root = whole.Get("items").as_list()[i];
      item.expanded = value::ToJson(root);
    } else {
      auto read = ReadItem(item, list, scratch, limits);
      if (!read)
        return base::Fail(Unreadable("item " + std::to_string(i), std::move(read).error()));
      root = *read;
    }
    if (!root.is_map()) {
      return base::Fail(ErrorCode::kYamlSyntax, "item " + std::to_string(i) + " is not an object");
    }
    Identify(root, item);
    list.items.push_back(std::move(item));
    scratch.Reset();
  }

  if (spans.function_config.borrows_anchor) {
    list.function_config = whole.Get("functionConfig");
  } else if (spans.has_function_config) {
    auto read = ReadOne(NodeDocument(text, spans.function_config), list.is_json, arena, limits);
    if (!read) return base::Fail(Unreadable("functionConfig", std::move(read).error()));
    list.function_config = *read;
  }
  return list;
}

std::string DocumentOf(const Item& item, ListStyle style) {
  if (!item.expanded.empty()) return item.expanded;
  std::string document(item.text);
  if (style == ListStyle::kBlock) document[item.column] = ' ';  // the dash
  return document;
}

base::Result<Value> ReadItem(const Item& item, const ResourceList& list, base::Arena& arena,
                             const base::RenderLimits& limits) {
  const bool is_json = list.is_json || !item.expanded.empty();
  return ReadOne(DocumentOf(item, list.style), is_json, arena, limits);
}

std::string Describe(const Item& item) {
  std::string text = item.kind + " ";
  if (!item.ns.empty()) text += item.ns + "/";
  return text + item.name;
}

}  // namespace openchoreo::kustomize_fn
