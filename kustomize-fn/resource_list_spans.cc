#include "kustomize-fn/resource_list_spans.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "common/yaml/reader.h"
#include "common/yaml/syntax_tree.h"

namespace openchoreo::kustomize_fn {

namespace {

using base::ErrorCode;

// Nothing but space and comments.
bool IsBlank(std::string_view text, const yaml::DocumentRange& range) {
  std::string_view rest = text.substr(range.begin, range.end - range.begin);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::size_t first = rest.substr(0, end).find_first_not_of(" \t\r");
    if (first != std::string_view::npos && rest[first] != '#') return false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

using yaml::SyntaxTree;

constexpr std::size_t kEnvelopeDepth = 2;  // the ResourceList and its list

yaml::SyntaxLimits LimitsOf(std::size_t max_depth) {
  yaml::SyntaxLimits limits;
  limits.max_depth = max_depth + kEnvelopeDepth;
  limits.max_nodes = std::numeric_limits<std::size_t>::max();
  limits.keep_depth = kEnvelopeDepth + 1;
  return limits;
}

class SpanFinder {
 public:
  SpanFinder(std::string_view text, std::size_t max_depth)
      : text_(text), tree_(text, LimitsOf(max_depth)) {}

  base::Result<ResourceListSpans> Find() {
    if (tree_.error()) return base::Fail(*tree_.error());
    std::string kind;
    std::set<std::string_view> keys;
    SyntaxTree::Node items;
    for (const auto& [key, value] : tree_.root().Entries()) {
      const std::string_view name = key.text();
      if (!keys.insert(name).second) {
        return base::Fail(ErrorCode::kYamlSyntax, "duplicate key \"" + std::string(name) + "\"");
      }
      if (name == "kind") {
        kind = value.text();
      } else if (name == "apiVersion") {
        spans_.api_version = value.text();
      } else if (name == "functionConfig") {
        spans_.has_function_config = true;
        spans_.function_config = {value.begin(), value.end(),
                                  value.begin() - LineStart(value.begin()), 0,
                                  value.borrows_anchor()};
      } else if (name == "items") {
        items = value;
        if (items.is_list()) OC_TRY_DONE(AddItems(items));
      }
    }
    spans_.is_resource_list = kind == "ResourceList";
    // `items:` with nothing after it is an empty list.
    const bool list = !items || items.is_list() ||
                      (items.is_scalar() && items.text().empty() && items.resolvable());
    if (spans_.is_resource_list && !list)
      return base::Fail(ErrorCode::kYamlSyntax, "items is not a list");
    return std::move(spans_);
  }

 private:
  base::Result<void> AddItems(const SyntaxTree::Node& list) {
    if (list.labelled())
      return base::Fail(ErrorCode::kYamlSyntax, "items carries an anchor or a tag");
    const auto items = list.Items();
    spans_.flow_items = list.flow() && !items.empty();
    if (list.flow() || items.empty()) return {};
    const std::size_t column = list.begin() - LineStart(list.begin());
    for (const SyntaxTree::Node& item : items) {
      const std::size_t dash_line = DashLineBefore(item.begin(), column);
      if (dash_line == std::string_view::npos) {
        return base::Fail(ErrorCode::kYamlSyntax,
                          "items is written in a form that is not supported");
      }
      NodeSpan span;
      span.begin = CommentsAbove(dash_line, column);
      span.column = column;
      span.dash = dash_line + column - span.begin;
      span.borrows_anchor = item.borrows_anchor();
      if (!spans_.items.empty()) spans_.items.back().end = span.begin;
      spans_.items.push_back(span);
    }
    // What follows a block list starts on a line of its own.
    spans_.items.back().end = list.end() >= text_.size() ? text_.size() : LineStart(list.end());
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
  SyntaxTree tree_;
  ResourceListSpans spans_;
};

}  // namespace

base::Result<ResourceListSpans> FindSpans(std::string_view text, const base::RenderLimits& limits) {
  std::vector<yaml::DocumentRange> documents = yaml::SplitDocuments(text);
  std::erase_if(documents, [&](const yaml::DocumentRange& range) { return IsBlank(text, range); });
  if (documents.empty()) return ResourceListSpans();
  if (documents.size() > 1) {
    return base::Fail(ErrorCode::kYamlSyntax, "more than one document; a ResourceList is one");
  }
  const std::size_t offset = documents.front().begin;
  OC_TRY(ResourceListSpans spans,
         SpanFinder(text.substr(offset, documents.front().end - offset), limits.max_depth).Find());
  for (NodeSpan& item : spans.items) {
    item.begin += offset;
    item.end += offset;
  }
  spans.function_config.begin += offset;
  spans.function_config.end += offset;
  return spans;
}

}  // namespace openchoreo::kustomize_fn
