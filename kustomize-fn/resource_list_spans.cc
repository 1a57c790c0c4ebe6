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

// Character index (as libyaml counts) → byte offset. Indexes must not decrease from call to call by
// more than the walk back costs: both directions are walked.
class ByteCursor {
 public:
  explicit ByteCursor(std::string_view text) : text_(text) {}

  std::size_t ByteAt(std::size_t character) {
    while (character_ < character && byte_ < text_.size()) {
      ++byte_;
      while (byte_ < text_.size() && IsContinuation(text_[byte_])) ++byte_;
      ++character_;
    }
    while (character_ > character && byte_ > 0) {
      --byte_;
      while (byte_ > 0 && IsContinuation(text_[byte_])) --byte_;
      --character_;
    }
    return byte_;
  }

 private:
  static bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

  std::string_view text_;
  std::size_t character_ = 0;
  std::size_t byte_ = 0;
};

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
      : text_(text), max_depth_(max_depth), events_(text), cursor_(text) {}

  base::Result<ResourceListSpans> Find() {
    while (true) {
      const Event& event = events_.Next();
      if (event.type == EventType::kError) {
        const yaml::StreamError error = events_.error();
        return base::Fail(error.limit ? ErrorCode::kYamlLimit : ErrorCode::kYamlSyntax,
                          error.message);
      }
      if (event.type == EventType::kEnd) break;
      if (!Take(event)) return base::Fail(std::move(error_));
    }
    spans_.is_resource_list = root_is_map_ && kind_ == "ResourceList";
    if (spans_.is_resource_list && items_seen_ && !items_are_list_) {
      return base::Fail(ErrorCode::kYamlSyntax, "items is not a list");
    }
    if (spans_.items.empty()) spans_.style = ListStyle::kBlock;
    return std::move(spans_);
  }

 private:
  // Part of the document a node belongs to, for anchors: an item's number, or one of these.
  static constexpr std::ptrdiff_t kEnvelope = -1;
  static constexpr std::ptrdiff_t kFunctionConfig = -2;

  bool Refuse(ErrorCode code, std::string message) {
    error_.code = code;
    error_.message = std::move(message);
    return false;
  }

  bool Take(const Event& event) {
    if (event.type == EventType::kMapEnd || event.type == EventType::kListEnd) {
      --depth_;
      EndNode(event);
      return true;
    }
    if (!BeginNode(event)) return false;
    NoteAnchor(event);
    if (event.type == EventType::kMapStart || event.type == EventType::kListStart) {
      if (++depth_ > max_depth_) return Refuse(ErrorCode::kYamlLimit, "nested too deeply");
    } else {
      EndNode(event);
    }
    return true;
  }

  bool BeginNode(const Event& event) {
    if (depth_ == 0) {
      root_is_map_ = event.type == EventType::kMapStart;
      return true;
    }
    if (depth_ == 1) return BeginTopLevel(event);
    if (depth_ == 2 && in_items_) return BeginItem(event);
    return true;
  }

  bool BeginTopLevel(const Event& event) {
    if (!root_is_map_) return true;
    at_key_ = !at_key_;
    if (at_key_) {
      key_ = event.type == EventType::kScalar ? std::string(event.text) : std::string();
      if (!keys_.insert(key_).second)
        return Refuse(ErrorCode::kYamlSyntax, "duplicate key \"" + key_ + "\"");
      return true;
    }
    if (event.type == EventType::kScalar && key_ == "kind") {
      kind_ = std::string(event.text);
    } else if (event.type == EventType::kScalar && key_ == "apiVersion") {
      spans_.api_version = std::string(event.text);
    } else if (key_ == "functionConfig") {
      section_ = kFunctionConfig;
      spans_.has_function_config = true;
      spans_.function_config.begin = cursor_.ByteAt(event.begin);
      spans_.function_config.column = ColumnOf(spans_.function_config.begin);
    } else if (key_ == "items") {
      return BeginItems(event);
    }
    return true;
  }

  bool BeginItems(const Event& event) {
    items_seen_ = true;
    // `items:` with nothing after it is an empty list.
    items_are_list_ = event.type == EventType::kListStart ||
                      (event.type == EventType::kScalar && event.text.empty() && event.resolvable);
    if (event.type != EventType::kListStart) return true;
    if (!event.anchor.empty() || !event.tag.empty()) {
      return Refuse(ErrorCode::kYamlSyntax, "items carries an anchor or a tag");
    }
    in_items_ = true;
    spans_.style = event.flow ? ListStyle::kFlow : ListStyle::kBlock;
    items_column_ = ColumnOf(cursor_.ByteAt(event.begin));
    return true;
  }

  bool BeginItem(const Event& event) {
    NodeSpan span;
    span.begin = cursor_.ByteAt(event.begin);
    span.column = ColumnOf(span.begin);
    if (spans_.style == ListStyle::kBlock) {
      const std::size_t dash_line = DashLineBefore(span.begin);
      if (dash_line == std::string_view::npos) {
        return Refuse(ErrorCode::kYamlSyntax, "items is written in a form that is not supported");
      }
      span.begin = CommentsAbove(dash_line);
      if (!spans_.items.empty()) spans_.items.back().end = span.begin;
      span.column = items_column_;
      span.dash = dash_line + items_column_ - span.begin;
    }
    section_ = static_cast<std::ptrdiff_t>(spans_.items.size());
    spans_.items.push_back(span);
    return true;
  }

  // The start of the nearest line at or before `offset` that has nothing but spaces before a dash
  // in the list's own column. Between an item's dash and its first node there is nothing but space
  // and comments.
  std::size_t DashLineBefore(std::size_t offset) const {
    std::size_t line = LineStart(offset);
    while (true) {
      const std::size_t dash = line + items_column_;
      if (dash < text_.size() && text_[dash] == '-' &&
          text_.substr(line, items_column_).find_first_not_of(' ') == std::string_view::npos) {
        return line;
      }
      if (line == 0) return std::string_view::npos;
      line = LineStart(line - 1);
    }
  }

  // The start of the comment lines in the list's column that stand right above a dash's line; they
  // are the item's.
  std::size_t CommentsAbove(std::size_t dash_line) const {
    std::size_t first = dash_line;
    while (first > 0) {
      const std::size_t line = LineStart(first - 1);
      const std::string_view text = text_.substr(line, first - line);
      if (text.find_first_not_of(' ') != items_column_ || text[items_column_] != '#') break;
      first = line;
    }
    return first;
  }

  std::size_t ColumnOf(std::size_t offset) const { return offset - LineStart(offset); }

  std::size_t LineStart(std::size_t offset) const {
    while (offset > 0 && text_[offset - 1] != '\n') --offset;
    return offset;
  }

  void EndNode(const Event& event) {
    if (depth_ == 2 && in_items_) {
      if (spans_.style == ListStyle::kFlow) spans_.items.back().end = cursor_.ByteAt(event.end);
      section_ = kEnvelope;
    } else if (depth_ == 1 && !at_key_) {
      if (in_items_) {
        in_items_ = false;
        if (spans_.style == ListStyle::kBlock && !spans_.items.empty()) {
          // What follows a block list starts on a line of its own.
          const std::size_t end = cursor_.ByteAt(event.end);
          spans_.items.back().end = end >= text_.size() ? text_.size() : LineStart(end);
        }
      } else if (section_ == kFunctionConfig) {
        spans_.function_config.end = cursor_.ByteAt(event.end);
      }
      section_ = kEnvelope;
    }
  }

  void NoteAnchor(const Event& event) {
    if (event.type != EventType::kAlias) {
      if (!event.anchor.empty()) anchors_[std::string(event.anchor)] = section_;
      return;
    }
    const auto anchor = anchors_.find(std::string(event.text));
    if (anchor == anchors_.end() || anchor->second == section_) return;
    if (section_ == kFunctionConfig) {
      spans_.function_config.borrows_anchor = true;
    } else if (section_ >= 0) {
      spans_.items[static_cast<std::size_t>(section_)].borrows_anchor = true;
    }
  }

  std::string_view text_;
  std::size_t max_depth_;
  yaml::EventStream events_;
  ByteCursor cursor_;
  ResourceListSpans spans_;
  base::Error error_;

  std::size_t depth_ = 0;
  bool root_is_map_ = false;
  bool at_key_ = false;  // the last node at depth 1 was a key
  std::string key_, kind_;
  std::set<std::string> keys_;
  bool items_seen_ = false;
  bool items_are_list_ = false;
  bool in_items_ = false;
  std::size_t items_column_ = 0;
  std::ptrdiff_t section_ = kEnvelope;
  std::map<std::string, std::ptrdiff_t> anchors_;
};

}  // namespace

base::Result<ResourceListSpans> FindSpans(std::string_view text, const base::RenderLimits& limits) {
  constexpr std::size_t kEnvelopeDepth = 2;  // the ResourceList and its list
  std::vector<yaml::DocumentRange> documents = yaml::SplitDocuments(text);
  std::erase_if(documents, [&](const yaml::DocumentRange& range) { return IsBlank(text, range); });
  if (documents.empty()) return ResourceListSpans();
  if (documents.size() > 1) {
    return base::Fail(ErrorCode::kYamlSyntax, "more than one document; a ResourceList is one");
  }
  const std::size_t offset = documents.front().begin;
  OC_TRY(ResourceListSpans spans, SpanFinder(text.substr(offset, documents.front().end - offset),
                                             limits.max_depth + kEnvelopeDepth)
                                      .Find());
  for (NodeSpan& item : spans.items) {
    item.begin += offset;
    item.end += offset;
  }
  spans.function_config.begin += offset;
  spans.function_config.end += offset;
  return spans;
}

}  // namespace openchoreo::kustomize_fn
