#include "kustomize-fn/resource_list.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>

#include "common/base/limits.h"
#include "common/names/kind.h"
#include "common/names/labels.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/reader.h"
#include "common/yaml/syntax_tree.h"

namespace openchoreo::kustomize_fn {

namespace {

using base::ErrorCode;
using value::Value;

// How yaml::Read ends its message for .inf and .nan.
constexpr std::string_view kNoJsonNumber = " is no number that JSON can hold";

constexpr std::size_t kEnvelope = 2;  // what items lie in: the ResourceList and its list

// The limits of the whole list: those that grow with the number of items are lifted, depth is not.
base::RenderLimits LimitsOfList(std::string_view text) {
  base::RenderLimits all;
  all.max_depth += kEnvelope;
  all.max_file_bytes = text.size();
  all.max_nodes += text.size();
  return all;
}

// The one value of a document's text.
base::Result<Value> ReadOne(std::string_view text, base::Arena& arena,
                            const base::RenderLimits& limits = {}) {
  yaml::ReadResult read = yaml::Read(text, arena, limits);
  if (!read.errors.empty()) return base::Fail(std::move(read.errors.front()));
  return read.documents.empty() ? Value() : read.documents.front().root;
}

std::string TextAt(const Value& map, std::string_view key) {
  return std::string(map.Get(key).string_or_empty());
}

// Identity::release of a stamped object.
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

constexpr std::pair<std::string ItemAnnotations::*, std::string_view> kAnnotations[] = {
    {&ItemAnnotations::path, "internal.config.kubernetes.io/path"},
    {&ItemAnnotations::index, "internal.config.kubernetes.io/index"},
    {&ItemAnnotations::origin, "config.kubernetes.io/origin"},
    {&ItemAnnotations::previous_names, "internal.config.kubernetes.io/previousNames"},
    {&ItemAnnotations::previous_kinds, "internal.config.kubernetes.io/previousKinds"},
    {&ItemAnnotations::prefixes, "internal.config.kubernetes.io/prefixes"},
    {&ItemAnnotations::suffixes, "internal.config.kubernetes.io/suffixes"},
};

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
  for (const auto& [member, key] : kAnnotations)
    item.annotations.*member = text(base::JoinPointer("/metadata/annotations", key));
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
  Value kept = annotations;
  for (const value::MapEntry& entry : annotations.as_map()) {
    if (IsRunners(entry.key.as_string()))
      kept = value::WithoutKey(arena, kept, entry.key.as_string());
  }
  if (kept.size() == annotations.size()) return root;
  const Value cleaned = kept.size() == 0 ? value::WithoutKey(arena, metadata, "annotations")
                                         : value::WithKey(arena, metadata, "annotations", kept);
  return value::WithKey(arena, root, "metadata", cleaned);
}

// Item `i`, its text or expansion known, read for what it says of itself.
base::Result<void> TakeItem(ResourceList& list, std::size_t i, base::Arena& scratch) {
  scratch.Reset();
  Item& item = list.items[i];
  std::string what = "item " + std::to_string(i);
  const auto read = ReadItem(item, scratch);
  if (read) {
    if (!read->is_map()) return base::Fail(ErrorCode::kYamlSyntax, what + " is not an object");
    item = Identify(*read, std::move(item));
    const Value cleaned = IsOpenChoreo(item) ? WithoutRunnersAnnotations(*read, scratch) : *read;
    if (!value::IsSame(cleaned, *read)) item.cleaned = value::ToJson(cleaned);
    return {};
  }
  if (IdentifyByMarks(DocumentOf(item), item)) {
    // A number JSON has no form for is nothing to an item that is only passed on.
    if (read.error().message.ends_with(kNoJsonNumber) && !IsOpenChoreo(item)) return {};
    what = Describe(item);
    if (!item.annotations.path.empty()) what = item.annotations.path + ": " + what;
  }
  return base::Wrap(what + ": ", read.error());
}

base::Result<void> RequireResourceList(std::string_view kind, std::string_view api_version,
                                       bool items_is_list) {
  if (kind != "ResourceList" ||
      (api_version != "config.kubernetes.io/v1" && api_version != "config.kubernetes.io/v1beta1")) {
    return base::Fail(ErrorCode::kUsage,
                      "standard input is not a ResourceList of config.kubernetes.io/v1 or v1beta1");
  }
  if (!items_is_list) return base::Fail(ErrorCode::kYamlSyntax, "items is not a list");
  return {};
}

// A list that is read whole: its items go on by value.
base::Result<ResourceList> ReadFlowList(const Value& root) {
  ResourceList list;
  list.style = ListStyle::kFlow;
  list.api_version = TextAt(root, "apiVersion");
  list.function_config = root.Get("functionConfig");
  const Value items = root.Get("items");
  OC_TRY_DONE(RequireResourceList(TextAt(root, "kind"), list.api_version,
                                  items.is_list() || items.is_null()));
  base::Arena scratch;
  for (std::size_t i = 0; items.is_list() && i < items.size(); ++i) {
    list.items.emplace_back().expanded = value::ToJson(items.as_list()[i]);
    OC_TRY_DONE(TakeItem(list, i, scratch));
  }
  return list;
}

// Nothing but space and comments.
bool IsBlank(std::string_view text) {
  const yaml::SyntaxTree beginning(text, {.max_nodes = 0});
  return !beginning.root() && !beginning.error();
}

// The one document of `text`; empty if there is none.
base::Result<std::string_view> OneDocument(std::string_view text) {
  std::string_view found = text.substr(0, 0);
  for (const yaml::DocumentRange& range : yaml::SplitDocuments(text)) {
    const std::string_view document = text.substr(range.begin, range.end - range.begin);
    if (IsBlank(document)) continue;
    if (!found.empty()) {
      return base::Fail(ErrorCode::kYamlSyntax, "more than one document; a ResourceList is one");
    }
    found = document;
  }
  return found;
}

// A ResourceList in block style. A ResourceList is one document, its items are nodes inside it:
// they are cut out of the text, so that those only passed on keep their bytes.
class BlockReader {
 public:
  using Node = yaml::SyntaxTree::Node;

  BlockReader(std::string_view text, base::Arena& arena)
      : text_(text),
        arena_(arena),
        tree_(text, {.max_depth = base::kLimits.max_depth + kEnvelope,
                     .max_nodes = std::numeric_limits<std::size_t>::max(),
                     .keep_depth = kEnvelope + 1}) {}

  base::Result<ResourceList> Read() {
    if (tree_.error()) return base::Fail(*tree_.error());
    std::set<std::string_view> keys;
    for (const auto& [key, value] : tree_.root().Entries()) {
      if (!keys.insert(key.text()).second) {
        return base::Fail(ErrorCode::kYamlSyntax,
                          "duplicate key \"" + std::string(key.text()) + "\"");
      }
    }
    ResourceList list;
    list.api_version = tree_.root().Find("apiVersion").text();
    const Node items = tree_.root().Find("items"), config = tree_.root().Find("functionConfig");
    // `items:` with nothing after it is an empty list.
    const bool is_list = !items || items.is_list() ||
                         (items.is_scalar() && items.text().empty() && items.resolvable());
    OC_TRY_DONE(RequireResourceList(tree_.root().Find("kind").text(), list.api_version, is_list));
    if (items.labelled())
      return base::Fail(ErrorCode::kYamlSyntax, "items carries an anchor or a tag");
    const std::vector<Node> nodes = items.Items();
    if (items.flow() && !nodes.empty()) {
      OC_TRY(const Value whole, Whole());
      return ReadFlowList(whole);
    }
    OC_TRY_DONE(AddItems(items, nodes, list));
    if (config.borrows_anchor()) {
      OC_TRY(const Value whole, Whole());
      list.function_config = whole.Get("functionConfig");
    } else if (config) {
      // Its first line gets back the columns that lie before it.
      std::string document(config.begin() - LineStart(config.begin()), ' ');
      document += text_.substr(config.begin(), config.end() - config.begin());
      auto read = ReadOne(document, arena_);
      if (!read) return base::Wrap("functionConfig: ", read.error());
      list.function_config = *read;
    }
    return list;
  }

 private:
  // Aliases that reach out of their item can only be followed in the whole document.
  base::Result<Value> Whole() {
    if (!whole_.is_map()) {
      OC_TRY(whole_, ReadOne(text_, arena_, LimitsOfList(text_)));
    }
    return whole_;
  }

  base::Result<void> AddItems(const Node& items, const std::vector<Node>& nodes,
                              ResourceList& list) {
    if (nodes.empty()) return {};
    const std::size_t column = list.column = items.begin() - LineStart(items.begin());
    list.items.resize(nodes.size());
    // What follows a block list starts on a line of its own.
    std::size_t end = items.end() >= text_.size() ? text_.size() : LineStart(items.end());
    for (std::size_t i = nodes.size(); i-- > 0;) {
      const std::size_t line = DashLineBefore(nodes[i].begin(), column);
      if (line == std::string_view::npos) {
        return base::Fail(ErrorCode::kYamlSyntax,
                          "items is written in a form that is not supported");
      }
      const std::size_t begin = CommentsAbove(line, column);
      list.items[i].text = text_.substr(begin, end - begin);
      list.items[i].dash = line + column - begin;
      end = begin;
    }
    base::Arena scratch;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].borrows_anchor()) {
        OC_TRY(const Value whole, Whole());
        list.items[i].expanded = value::ToJson(whole.Get("items").as_list()[i]);
      }
      OC_TRY_DONE(TakeItem(list, i, scratch));
    }
    return {};
  }

  // The start of the nearest line at or before `offset` that has nothing but spaces before a dash
  // in the list's own column. Between an item's dash and its first node there is nothing but space
  // and comments.
  std::size_t DashLineBefore(std::size_t offset, std::size_t column) const {
    for (std::size_t line = LineStart(offset);; line = LineStart(line - 1)) {
      const std::size_t dash = line + column;
      if (dash < text_.size() && text_[dash] == '-' &&
          text_.substr(line, column).find_first_not_of(' ') == std::string_view::npos) {
        return line;
      }
      if (line == 0) return std::string_view::npos;
    }
  }

  // The start of the comment lines in the list's column that stand right above a dash's line; they
  // are the item's.
  std::size_t CommentsAbove(std::size_t dash_line, std::size_t column) const {
    std::size_t first = dash_line;
    while (first > 0) {
      const std::size_t line = LineStart(first - 1);
      const std::string_view text = text_.substr(line, first - line);
      if (text.find_first_not_of(' ') != column || text[column] != '#') break;
      first = line;
    }
    return first;
  }

  std::size_t LineStart(std::size_t offset) const {
    return offset == 0 ? 0 : text_.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
  }

  std::string_view text_;
  base::Arena& arena_;
  yaml::SyntaxTree tree_;
  Value whole_;
};

}  // namespace

Item Identify(const Value& root, Item item) {
  item.api_version = TextAt(root, "apiVersion");
  item.kind = TextAt(root, "kind");
  const Value metadata = root.Get("metadata");
  item.name = TextAt(metadata, "name");
  item.ns = TextAt(metadata, "namespace");
  if (TextAt(metadata.Get("labels"), names::labels::kManagedBy) == names::labels::kManager) {
    item.release = ReleaseOf(root);
    item.stamped = !item.release.empty() || !names::KindNamed(item.kind);
  }
  item.ownerless = item.kind == "Workload" && root.Get("spec", "owner").is_null();
  const Value annotations = metadata.Get("annotations");
  ItemAnnotations& read = item.annotations;
  for (const auto& [member, key] : kAnnotations) read.*member = TextAt(annotations, key);
  if (read.path.empty()) {
    read.path = TextAt(annotations, "config.kubernetes.io/path");
    read.index = TextAt(annotations, "config.kubernetes.io/index");
  }
  read.of_kustomize = !annotations.Get("kustomize.config.k8s.io/id").is_null();
  return item;
}

bool IsOpenChoreo(const Item& item) {
  return item.api_version.starts_with("openchoreo.dev/") && !item.stamped;
}

base::Result<ResourceList> ReadResourceList(std::string_view text, base::Arena& arena) {
  if (text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size())).starts_with('{')) {
    OC_TRY(const Value root, ReadOne(text, arena, LimitsOfList(text)));
    return ReadFlowList(root);
  }
  OC_TRY(const std::string_view document, OneDocument(text));
  return BlockReader(document, arena).Read();
}

base::Result<ResourceList> ReadStream(std::string_view text, std::string_view config,
                                      base::Arena& arena) {
  ResourceList list;
  list.style = ListStyle::kStream;
  auto read = ReadOne(config, arena);
  if (!read) return base::Wrap("the configuration file: ", read.error());
  list.function_config = *read;
  base::Arena scratch;
  for (const yaml::DocumentRange& range : yaml::SplitDocuments(text)) {
    list.items.emplace_back().text = text.substr(range.begin, range.end - range.begin);
    OC_TRY_DONE(TakeItem(list, list.items.size() - 1, scratch));
  }
  return list;
}

std::string DocumentOf(const Item& item) {
  if (!item.expanded.empty()) return item.expanded;
  std::string document(item.text);
  if (item.dash < document.size()) document[item.dash] = ' ';
  return document;
}

base::Result<Value> ReadItem(const Item& item, base::Arena& arena) {
  return ReadOne(DocumentOf(item), arena);
}

std::string Describe(const Identity& item) {
  std::string text = item.kind + " ";
  if (!item.ns.empty()) text += item.ns + "/";
  return text + item.name;
}

}  // namespace openchoreo::kustomize_fn
