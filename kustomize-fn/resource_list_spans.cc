#include "kustomize-fn/resource_list_spans.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/yaml/event_stream.h"
#include "common/yaml/reader.h"

namespace openchoreo::kustomize_fn {

namespace {

using base::ErrorCode;
using yaml::Event;
using yaml::EventType;

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

class SpanFinder {
 public:
  SpanFinder(std::string_view text, std::size_t max_depth)
      : text_(text), max_depth_(max_depth), events_(text) {}

  base::Result<ResourceListSpans> Find() {
    OC_TRY_DONE(Step());
    if (event_->type != EventType::kMapStart) {
      OC_TRY_DONE(Skip(kEnvelope));
      return std::move(spans_);
    }
    NoteAnchor(kEnvelope);
    std::set<std::string> keys;
    std::string kind;
    OC_TRY_DONE(Step());
    while (event_->type != EventType::kMapEnd) {
      const std::string key(event_->type == EventType::kScalar ? event_->text : std::string_view());
      if (!keys.insert(key).second) return Refuse("duplicate key \"" + key + "\"");
      OC_TRY_DONE(Skip(kEnvelope));
      OC_TRY_DONE(Step());
      const bool is_scalar = event_->type == EventType::kScalar;
      if (is_scalar && key == "kind") kind = event_->text;
      if (is_scalar && key == "apiVersion") spans_.api_version = event_->text;
      if (key == "items") {
        OC_TRY_DONE(TakeItems());
      } else {
        OC_TRY_DONE(key == "functionConfig" ? TakeFunctionConfig() : Skip(kEnvelope));
      }
      OC_TRY_DONE(Step());
    }
    OC_TRY_DONE(Step());
    spans_.is_resource_list = kind == "ResourceList";
    if (spans_.is_resource_list && !items_are_list_) return Refuse("items is not a list");
    return std::move(spans_);
  }

 private:
  // Part of the document a node belongs to, for anchors: an item's number, or one of these.
  static constexpr std::ptrdiff_t kEnvelope = -1;
  static constexpr std::ptrdiff_t kFunctionConfig = -2;

  static tl::unexpected<base::Error> Refuse(std::string message,
                                            ErrorCode code = ErrorCode::kYamlSyntax) {
    return base::Fail(code, std::move(message));
  }

  base::Result<void> Step() {
    event_ = &events_.Next();
    if (event_->type != EventType::kError) return {};
    yaml::StreamError error = events_.error();
    return Refuse(std::move(error.message),
                  error.limit ? ErrorCode::kYamlLimit : ErrorCode::kYamlSyntax);
  }

  // From a node's first event to its last.
  base::Result<void> Skip(std::ptrdiff_t section) {
    for (std::size_t open = 0;;) {
      NoteAnchor(section);
      if (event_->type == EventType::kMapStart || event_->type == EventType::kListStart) ++open;
      if (event_->type == EventType::kMapEnd || event_->type == EventType::kListEnd) --open;
      if (open == 0) return {};
      if (open > max_depth_) return Refuse("nested too deeply", ErrorCode::kYamlLimit);
      OC_TRY_DONE(Step());
    }
  }

  base::Result<void> TakeFunctionConfig() {
    NodeSpan& span = spans_.function_config;
    spans_.has_function_config = true;
    span.begin = ByteAt(event_->begin);
    span.column = span.begin - LineStart(span.begin);
    OC_TRY_DONE(Skip(kFunctionConfig));
    span.end = ByteAt(event_->end);
    return {};
  }

  base::Result<void> TakeItems() {
    if (event_->type != EventType::kListStart) {
      // `items:` with nothing after it is an empty list.
      items_are_list_ =
          event_->type == EventType::kScalar && event_->text.empty() && event_->resolvable;
      return Skip(kEnvelope);
    }
    if (!event_->anchor.empty() || !event_->tag.empty())
      return Refuse("items carries an anchor or a tag");
    const bool flow = event_->flow;
    const std::size_t begin = ByteAt(event_->begin);
    const std::size_t column = begin - LineStart(begin);
    OC_TRY_DONE(Step());
    while (event_->type != EventType::kListEnd) {
      spans_.flow_items = flow;
      if (!flow) OC_TRY_DONE(BeginItem(column));
      OC_TRY_DONE(Skip(static_cast<std::ptrdiff_t>(spans_.items.size()) - 1));
      OC_TRY_DONE(Step());
    }
    if (!spans_.items.empty()) {
      // What follows a block list starts on a line of its own.
      const std::size_t end = ByteAt(event_->end);
      spans_.items.back().end = end >= text_.size() ? text_.size() : LineStart(end);
    }
    return {};
  }

  base::Result<void> BeginItem(std::size_t column) {
    const std::size_t dash_line = DashLineBefore(ByteAt(event_->begin), column);
    if (dash_line == std::string_view::npos)
      return Refuse("items is written in a form that is not supported");
    NodeSpan span;
    span.begin = CommentsAbove(dash_line, column);
    span.column = column;
    span.dash = dash_line + column - span.begin;
    if (!spans_.items.empty()) spans_.items.back().end = span.begin;
    spans_.items.push_back(span);
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

  // Of a code point, as events count; asked for in ascending order.
  std::size_t ByteAt(std::size_t code_point) {
    if (code_point < code_point_) code_point_ = byte_ = 0;
    byte_ += yaml::ByteOfCodePoint(text_.substr(byte_), code_point - code_point_);
    code_point_ = code_point;
    return byte_;
  }

  void NoteAnchor(std::ptrdiff_t section) {
    if (event_->type != EventType::kAlias) {
      if (!event_->anchor.empty()) anchors_[std::string(event_->anchor)] = section;
      return;
    }
    const auto anchor = anchors_.find(std::string(event_->text));
    if (anchor == anchors_.end() || anchor->second == section) return;
    if (section == kFunctionConfig) {
      spans_.function_config.borrows_anchor = true;
    } else if (section >= 0) {
      spans_.items[static_cast<std::size_t>(section)].borrows_anchor = true;
    }
  }

  std::string_view text_;
  std::size_t max_depth_;
  yaml::EventStream events_;
  const Event* event_ = nullptr;
  std::size_t code_point_ = 0;
  std::size_t byte_ = 0;  // of that code point
  ResourceListSpans spans_;
  bool items_are_list_ = true;
  std::map<std::string, std::ptrdiff_t> anchors_;
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
  const std::string_view document = text.substr(offset, documents.front().end - offset);
  OC_TRY(ResourceListSpans spans, SpanFinder(document, limits.max_depth).Find());
  for (NodeSpan& item : spans.items) {
    item.begin += offset;
    item.end += offset;
  }
  spans.function_config.begin += offset;
  spans.function_config.end += offset;
  return spans;
}

}  // namespace openchoreo::kustomize_fn
