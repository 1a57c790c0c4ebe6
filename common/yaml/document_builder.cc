#include "common/yaml/document_builder.h"

#include <algorithm>

#include "common/base/utf8.h"
#include "common/yaml/scalar.h"

namespace openchoreo::yaml {

using base::ErrorCode;
using value::MapEntry;
using value::Value;

base::Result<Value> DocumentBuilder::Build(std::string_view text) {
  text_ = text;
  slots_.clear();
  frames_.clear();
  anchors_.clear();
  anchor_names_.clear();
  nodes_ = 0;
  cursor_ = ByteCursor(text);
  EventStream stream(text);
  for (;;) {
    const Event& event = stream.Next();
    if (event.type == EventType::kEnd) return slots_.empty() ? Value::Null() : slots_.front().value;
    if (event.type == EventType::kError) {
      StreamError failure = stream.error();
      error_ = base::Error{};
      error_.code = failure.limit ? ErrorCode::kYamlLimit : ErrorCode::kYamlSyntax;
      error_.message = std::move(failure.message);
      error_.place.byte_offset = static_cast<std::int64_t>(failure.byte_offset);
      return base::Fail(std::move(error_));
    }
    if (!Step(event)) return base::Fail(std::move(error_));
  }
}

bool DocumentBuilder::Step(const Event& event) {
  switch (event.type) {
    case EventType::kScalar:
      return Scalar(event);
    case EventType::kAlias:
      return Alias(event);
    case EventType::kListStart:
      return Open(event, false);
    case EventType::kMapStart:
      return Open(event, true);
    default:
      return Close();
  }
}

bool DocumentBuilder::Scalar(const Event& event) {
  if (event.text.size() > limits_.max_scalar_bytes) {
    return Fail(ErrorCode::kYamlLimit,
                "a scalar is longer than " + std::to_string(limits_.max_scalar_bytes) + " bytes",
                event.begin);
  }
  // An alias of a long text is as much to write or compare as one of many values.
  constexpr std::size_t kNodeBytes = 64;
  const std::size_t nodes = 1 + event.text.size() / kNodeBytes;
  if (!CountNodes(nodes, event.begin)) return false;
  if (event.style == ScalarStyle::kDoubleQuoted && HoldsEscapedSlash(event)) {
    return Fail(ErrorCode::kYamlSyntax, "found unknown escape character", event.begin);
  }
  const bool plain = event.style == ScalarStyle::kPlain;
  Value typed;
  if (event.tag.empty()) {
    // A scalar other than a plain one is resolvable only by the tag "!", which go-yaml reads as a
    // string.
    typed = plain && event.resolvable ? ResolvePlain(event.text) : Value::String(event.text);
    if (!typed.is_string() && event.end - event.begin > event.text.size()) {
      // Longer than its text: properties stand before it.
      const std::size_t begin = cursor_.At(event.begin);
      const std::string_view properties =
          text_.substr(begin, event.end - event.begin - event.text.size());
      if (properties.find('!') != std::string_view::npos) typed = Value::String(event.text);
    }
  } else {
    base::Result<Value> tagged = ResolveTagged(event.tag, event.text, arena_);
    if (!tagged) return Fail(tagged.error().code, std::move(tagged.error().message), event.begin);
    typed = *tagged;
  }
  if (typed.is_string() && typed.as_string().data() == event.text.data()) {
    typed = Value::String(arena_.CopyString(event.text));
  }
  const bool key = at_key();
  if (key && event.anchor.empty()) [[likely]] {
    const bool merge =
        plain && event.text == "<<" && (event.resolvable || event.tag == "tag:yaml.org,2002:merge");
    return PushKey(typed, merge, event.begin);
  }
  const std::optional<Value> json = ToJsonScalar(typed);
  if (!json && !key) {
    return Fail(ErrorCode::kYamlSyntax,
                std::string(event.text) + " is no number that JSON can hold", event.begin);
  }
  if (!event.anchor.empty()) {
    Anchor anchor;
    anchor.value = json.value_or(Value::Null());
    anchor.typed = typed;
    anchor.nodes = nodes;
    anchor.complete = json.has_value();
    Declare(event.anchor, anchor);
  }
  if (key) return PushKey(typed, plain && event.resolvable && event.text == "<<", event.begin);
  Push(*json, event.begin, 0, false);
  return true;
}

// YAML 1.1 has no "\/", and upstream's reader refuses it; libyaml takes it.
bool DocumentBuilder::HoldsEscapedSlash(const Event& event) {
  if (event.text.find('/') == std::string_view::npos) return false;
  if (event.end - event.begin == base::CountRunes(event.text) + 2) return false;  // no escapes
  const std::size_t begin = cursor_.At(event.begin), end = cursor_.At(event.end);
  for (std::size_t i = begin; i + 1 < end; ++i) {
    if (text_[i] != '\\') continue;
    if (text_[i + 1] == '/') return true;
    ++i;
  }
  return false;
}

bool DocumentBuilder::Alias(const Event& event) {
  const auto found = anchor_names_.find(event.text);
  if (found == anchor_names_.end()) {
    return Fail(ErrorCode::kYamlSyntax,
                "unknown anchor '" + std::string(event.text) + "' referenced", event.begin);
  }
  const Anchor& anchor = anchors_[static_cast<std::size_t>(found->second)];
  if (!anchor.complete) {
    return Fail(ErrorCode::kYamlSyntax,
                "anchor '" + std::string(event.text) + "' value contains itself", event.begin);
  }
  if (!CountNodes(anchor.nodes, event.begin)) return false;
  // Each document may hold as much as it likes; all of a file must be worth its bytes.
  alias_nodes_ += anchor.nodes;
  if (alias_nodes_ > limits_.max_nodes) {
    return Fail(ErrorCode::kYamlLimit,
                "the aliases of the file stand for more than " + std::to_string(limits_.max_nodes) +
                    " values",
                event.begin);
  }
  if (frames_.size() + anchor.height > limits_.max_depth) {
    return Fail(ErrorCode::kYamlLimit,
                "nested deeper than " + std::to_string(limits_.max_depth) + " levels", event.begin);
  }
  if (at_key()) {
    if (anchor.value.is_list() || anchor.value.is_map()) {
      return Fail(ErrorCode::kYamlSyntax, "invalid map key: a list or map", event.begin);
    }
    return PushKey(anchor.typed, false, event.begin);
  }
  Push(anchor.value, event.begin, anchor.height, true);
  return true;
}

bool DocumentBuilder::Open(const Event& event, bool is_map) {
  if (!CountNodes(1, event.begin)) return false;
  if (frames_.size() >= limits_.max_depth) {
    return Fail(ErrorCode::kYamlLimit,
                "nested deeper than " + std::to_string(limits_.max_depth) + " levels", event.begin);
  }
  if (at_key()) return Fail(ErrorCode::kYamlSyntax, "invalid map key: a list or map", event.begin);
  Frame frame;
  frame.is_map = is_map;
  frame.first_slot = slots_.size();
  frame.begin = event.begin;
  frame.nodes = nodes_ - 1;
  if (!event.anchor.empty()) {
    frame.anchor = static_cast<std::int32_t>(anchors_.size());
    Declare(event.anchor, Anchor{});
  }
  frames_.push_back(frame);
  return true;
}

bool DocumentBuilder::Close() {
  const Frame frame = frames_.back();
  Value built;
  if (!frame.is_map) {
    const std::size_t count = slots_.size() - frame.first_slot;
    auto* const items = arena_.AllocateArray<Value>(count);
    for (std::size_t i = 0; i < count; ++i) items[i] = slots_[frame.first_slot + i].value;
    built = Value::List({items, count});
  } else if (frame.has_merge ? !BuildMergedMap(frame, built) : !BuildMap(frame, built)) {
    return false;
  }
  slots_.resize(frame.first_slot);
  frames_.pop_back();
  const std::uint32_t height = frame.height + 1;
  if (frame.anchor >= 0) {
    Anchor& anchor = anchors_[static_cast<std::size_t>(frame.anchor)];
    anchor.value = built;
    anchor.nodes = nodes_ - frame.nodes;
    anchor.height = height;
    anchor.complete = true;
  }
  Push(built, frame.begin, height, false);
  return true;
}

bool DocumentBuilder::BuildMap(const Frame& frame, Value& map) {
  const std::size_t count = (slots_.size() - frame.first_slot) / 2;
  auto* const entries = arena_.AllocateArray<MapEntry>(count);
  const Slot* slot = slots_.data() + frame.first_slot;
  if (frame.sorted) {
    for (std::size_t i = 0; i < count; ++i, slot += 2) entries[i] = {slot[0].value, slot[1].value};
    map = Value::Map({entries, count});
    return true;
  }
  constexpr std::size_t kInsertion = 24;  // up to here insertion beats std::sort
  if (count <= kInsertion) {
    for (std::size_t i = 0; i < count; ++i, slot += 2) {
      const std::string_view key = slot->value.as_string();
      std::size_t at = i;
      while (at > 0 && entries[at - 1].key.as_string() > key) {
        entries[at] = entries[at - 1];
        --at;
      }
      entries[at] = {slot[0].value, slot[1].value};
    }
  } else {
    for (std::size_t i = 0; i < count; ++i, slot += 2) entries[i] = {slot[0].value, slot[1].value};
    std::stable_sort(entries, entries + count, [](const MapEntry& a, const MapEntry& b) {
      return a.key.as_string() < b.key.as_string();
    });
  }
  for (std::size_t i = 1; i < count; ++i) {
    const std::string_view key = entries[i].key.as_string();
    if (entries[i - 1].key.as_string() != key) continue;
    std::size_t first = 0;
    std::size_t second = 0;
    bool seen = false;
    for (std::size_t at = frame.first_slot; at < slots_.size(); at += 2) {
      if (slots_[at].value.as_string() != key) continue;
      (seen ? second : first) = slots_[at].begin;
      if (seen) break;
      seen = true;
    }
    return FailDuplicate(key, first, second);
  }
  map = Value::Map({entries, count});
  return true;
}

// Upstream's reader writes keys and merged maps into the map one after the other, so a merge key
// overrides what stands before it and yields to what stands after it.
bool DocumentBuilder::BuildMergedMap(const Frame& frame, Value& map) {
  merged_.clear();
  for (std::size_t at = frame.first_slot; at < slots_.size(); at += 2) {
    const Slot& key = slots_[at];
    const Slot& item = slots_[at + 1];
    if (!key.value.is_omit()) {
      merged_.push_back({{key.value, item.value}, key.begin, false});
    } else if (item.value.is_list() && !item.alias) {
      const std::span<const Value> sources = item.value.as_list();
      for (std::size_t i = sources.size(); i > 0; --i) {  // earlier ones take precedence
        if (!Merge({sources[i - 1], item.begin, false})) return false;
      }
    } else if (!Merge(item)) {
      return false;
    }
  }
  std::stable_sort(merged_.begin(), merged_.end(), [](const MergedEntry& a, const MergedEntry& b) {
    return a.entry.key.as_string() < b.entry.key.as_string();
  });
  auto* const entries = arena_.AllocateArray<MapEntry>(merged_.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < merged_.size();) {
    const std::string_view key = merged_[i].entry.key.as_string();
    const MergedEntry* written = nullptr;
    for (; i < merged_.size() && merged_[i].entry.key.as_string() == key; ++i) {
      if (!merged_[i].merged) {
        if (written) return FailDuplicate(key, written->begin, merged_[i].begin);
        written = &merged_[i];
      }
    }
    entries[count++] = merged_[i - 1].entry;
  }
  map = Value::Map({entries, count});
  return true;
}

bool DocumentBuilder::Merge(const Slot& source) {
  if (!source.value.is_map()) {
    return Fail(ErrorCode::kYamlSyntax, "map merge requires map or sequence of maps as the value",
                source.begin);
  }
  const std::span<const MapEntry> entries = source.value.as_map();
  const std::size_t most = limits_.max_nodes / 8;  // each takes far more room here than a node
  if (merged_.size() + entries.size() > most) {
    return Fail(ErrorCode::kYamlLimit,
                "merge keys bring in more than " + std::to_string(most) + " entries", source.begin);
  }
  for (const MapEntry& entry : entries) merged_.push_back({entry, source.begin, true});
  return true;
}

void DocumentBuilder::Push(Value value, std::size_t begin, std::uint32_t height, bool alias) {
  if (!frames_.empty()) frames_.back().height = std::max(frames_.back().height, height);
  slots_.push_back({value, begin, alias});
}

bool DocumentBuilder::PushKey(const Value& typed, bool merge, std::size_t begin) {
  Frame& frame = frames_.back();
  if (merge) {
    frame.has_merge = true;
    slots_.push_back({Value::Omit(), begin, false});
    return true;
  }
  std::string_view text;
  if (typed.is_string()) [[likely]] {
    text = typed.as_string();
  } else {
    const std::optional<std::string_view> key = KeyText(typed, arena_);
    if (!key) {
      return Fail(ErrorCode::kYamlSyntax,
                  typed.is_null() ? "unsupported map key: null"
                                  : "unsupported map key: an integer over 64 bits",
                  begin);
    }
    text = *key;
  }
  if (frame.sorted && slots_.size() > frame.first_slot && !frame.has_merge) {
    frame.sorted = slots_[slots_.size() - 2].value.as_string() < text;
  }
  slots_.push_back({Value::String(text), begin, false});
  return true;
}

void DocumentBuilder::Declare(std::string_view name, Anchor anchor) {
  anchor_names_.insert_or_assign(arena_.CopyString(name),
                                 static_cast<std::int32_t>(anchors_.size()));
  anchors_.push_back(anchor);
}

bool DocumentBuilder::CountNodes(std::size_t nodes, std::size_t begin) {
  nodes_ += nodes;
  if (nodes_ <= limits_.max_nodes) [[likely]]
    return true;
  return Fail(ErrorCode::kYamlLimit,
              "more than " + std::to_string(limits_.max_nodes) + " values, with aliases expanded",
              begin);
}

bool DocumentBuilder::Fail(ErrorCode code, std::string message, std::size_t begin) {
  error_ = base::Error{};
  error_.code = code;
  error_.message = std::move(message);
  error_.place.byte_offset = static_cast<std::int64_t>(ByteOfCodePoint(text_, begin));
  return false;
}

bool DocumentBuilder::FailDuplicate(std::string_view key, std::size_t first, std::size_t second) {
  Fail(ErrorCode::kYamlSyntax, "duplicate key \"" + std::string(key) + "\"", second);
  // The first place as a byte offset: the reader, who knows the lines before this document, words
  // it.
  error_.place.text_begin = static_cast<std::uint32_t>(ByteOfCodePoint(text_, first));
  error_.place.text_end = error_.place.text_begin + 1;
  return false;
}

}  // namespace openchoreo::yaml
