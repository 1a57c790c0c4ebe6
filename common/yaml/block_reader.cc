#include "common/yaml/block_reader.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "common/base/utf8.h"
#include "common/yaml/char_class.h"
#include "common/yaml/scalar.h"

namespace openchoreo::yaml {

using value::MapEntry;
using value::Value;

namespace {

// Nothing that libyaml would refuse, take for a line break, or treat in a way of its own.
bool HasOrdinaryTextOnly(std::string_view text) {
  // Eight bytes at a time; as long as all are ASCII, no sum below carries into the next byte.
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = kOnes * 0x80;
  const std::string_view all = text;
  while (text.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    if (word & kHighs) break;
    const std::uint64_t from_blank = word + kOnes * 0x60;
    const std::uint64_t no_line_feed = (word ^ (kOnes * '\n')) + kOnes * 0x7f;
    const std::uint64_t is_delete = word + kOnes;
    if (((from_blank | ~no_line_feed) & ~is_delete & kHighs) != kHighs) return false;
    text.remove_prefix(8);
  }
  bool ascii = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    ascii = ascii && byte < 0x80;
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f) return false;
  }
  if (ascii) return true;
  text = all;
  while (!text.empty()) {
    const base::DecodedRune rune = base::DecodeRune(text);
    if (rune.rune >= 0x80) {
      if (!rune.valid || rune.rune < 0xa0 || rune.rune == 0x2028 || rune.rune == 0x2029 ||
          rune.rune == 0xfeff || (rune.rune >= 0xfffd && rune.rune <= 0xffff)) {
        return false;
      }
    }
    text.remove_prefix(rune.size);
  }
  return true;
}

}  // namespace

std::optional<Value> BlockReader::Read(std::string_view document) {
  if (document.size() > limits_.max_scalar_bytes || !HasOrdinaryTextOnly(document))
    return std::nullopt;
  entries_.clear();
  entries_.reserve(64);
  items_.clear();
  items_.reserve(16);
  nodes_ = 0;
  end_ = document.data() + document.size();
  SkipToContent(document.data());
  if (done_) return Value::Null();
  Value root;
  const bool collection = AtItem() || AtKey() || *at_ == '{' || *at_ == '[';
  if (!collection || !Node(column_, -1, 0, root) || !done_ || nodes_ > limits_.max_nodes)
    return std::nullopt;
  return root;
}

// `at` is the start of a line. Always true, for use at the end of a step.
bool BlockReader::SkipToContent(const char* at) {
  for (;;) {
    const char* content = at;
    while (content != end_ && *content == ' ') ++content;
    if (content == end_) {
      done_ = true;
      at_ = end_;
      column_ = -1;
      return true;
    }
    if (*content == '#') {
      content = static_cast<const char*>(
          std::memchr(content, '\n', static_cast<std::size_t>(end_ - content)));
      if (!content) content = end_ - 1;
    } else if (*content != '\n') {
      done_ = false;
      at_ = content;
      column_ = static_cast<int>(content - at);
      return true;
    }
    at = content + 1;
  }
}

// `at` is behind a node: only blanks and a comment may follow on its line.
bool BlockReader::EndLine(const char* at) {
  const char* rest = at;
  while (rest != end_ && *rest == ' ') ++rest;
  if (rest != end_ && *rest == '#') {
    if (rest == at) return false;
    const void* const newline = std::memchr(rest, '\n', static_cast<std::size_t>(end_ - rest));
    rest = newline ? static_cast<const char*>(newline) : end_;
  }
  if (rest == end_) return SkipToContent(end_);
  return *rest == '\n' && SkipToContent(rest + 1);
}

bool BlockReader::AtItem() const {
  return *at_ == '-' && (at_ + 1 == end_ || at_[1] == ' ' || at_[1] == '\n');
}

// Whether a key begins at_; colon_ is then behind it.
bool BlockReader::AtKey() {
  const char* at = at_;
  if (Is(*at, kKey) && *at != '-') {
    while (at != end_ && Is(*at, kKey)) ++at;
  } else if (*at == '"' || *at == '\'') {  // quoted, nothing to decode in it
    const char quote = *at++;
    while (at != end_ && *at != quote && *at != '\\' && *at != '\n') ++at;
    if (at == end_ || *at != quote || ++at == end_ || *at == quote) return false;
  } else {
    return false;
  }
  if (at == end_ || *at != ':' || at - at_ > kLongestKey) return false;
  colon_ = at;
  return at + 1 == end_ || at[1] == ' ' || at[1] == '\n';
}

// The node at_, in `column`; `parent` is the column of the collection it belongs to.
bool BlockReader::Node(int column, int parent, std::size_t depth, Value& out) {
  if (AtItem()) return List(column, false, depth, out);
  if (AtKey()) return Map(column, depth, out);
  return Scalar(parent, depth, out);
}

// The node on the lines after "key:" or "-", whose collection stands in `column`.
bool BlockReader::Below(int column, bool may_be_indentless, std::size_t depth, Value& out) {
  if (!done_ && column_ > column) return Node(column_, column, depth, out);
  if (!done_ && may_be_indentless && column_ == column && AtItem())
    return List(column, true, depth, out);
  out = Value::Null();
  ++nodes_;
  return true;
}

bool BlockReader::Map(int column, std::size_t depth, Value& out) {
  if (depth >= limits_.max_depth) return false;
  ++nodes_;
  const std::size_t first = entries_.size();
  do {
    if (!AtKey()) return false;
    const char* const colon = colon_;
    MapEntry entry;
    if (*at_ == '"' || *at_ == '\'') {
      ++nodes_;
      entry.key =
          Value::String(arena_.CopyString({at_ + 1, static_cast<std::size_t>(colon - at_ - 2)}));
    } else if (!Key({at_, static_cast<std::size_t>(colon - at_)}, entry.key)) {
      return false;
    }
    const char* value = colon + 1;
    while (value != end_ && *value == ' ') ++value;
    if (value == end_ || *value == '\n' || *value == '#') {
      if (!EndLine(colon + 1) || !Below(column, true, depth + 1, entry.value)) return false;
    } else {
      at_ = value;
      if (!Scalar(column, depth + 1, entry.value)) return false;
    }
    if (column_ > column) return false;
    entries_.push_back(entry);
  } while (column_ == column);
  return BuildMap(first, out);
}

bool BlockReader::List(int column, bool indentless, std::size_t depth, Value& out) {
  if (depth >= limits_.max_depth) return false;
  ++nodes_;
  const std::size_t first = items_.size();
  do {
    if (!AtItem()) {
      if (indentless) break;  // the next key of the map the list stands in
      return false;
    }
    const char* item = at_ + 1;
    while (item != end_ && *item == ' ') ++item;
    Value value;
    if (item == end_ || *item == '\n' || *item == '#') {
      if (!EndLine(at_ + 1) || !Below(column, false, depth + 1, value)) return false;
    } else {
      const int inner = column + static_cast<int>(item - at_);
      at_ = item;
      if (!Node(inner, column, depth + 1, value)) return false;
    }
    if (column_ > column) return false;
    items_.push_back(value);
  } while (column_ == column);
  out = BuildList(first);
  return true;
}

Value BlockReader::BuildList(std::size_t first) {
  const std::size_t count = items_.size() - first;
  auto* const stored = arena_.AllocateArray<Value>(count);
  std::copy(items_.begin() + static_cast<std::ptrdiff_t>(first), items_.end(), stored);
  items_.resize(first);
  return Value::List({stored, count});
}

bool BlockReader::Key(std::string_view text, Value& out) {
  ++nodes_;
  const Value typed = ResolvePlain(text);
  if (typed.is_string()) {
    out = Value::String(arena_.CopyString(text));
    return true;
  }
  const std::optional<std::string_view> key = KeyText(typed, arena_);
  if (key) out = Value::String(*key);
  return key.has_value();
}

bool BlockReader::BuildMap(std::size_t first, Value& out) {
  const std::size_t count = entries_.size() - first;
  auto* const stored = arena_.AllocateArray<MapEntry>(count);
  std::copy(entries_.begin() + static_cast<std::ptrdiff_t>(first), entries_.end(), stored);
  entries_.resize(first);
  const auto less = [](const MapEntry& a, const MapEntry& b) {
    return a.key.as_string() < b.key.as_string();
  };
  bool ascending = true;
  for (std::size_t i = 1; ascending && i < count; ++i) ascending = less(stored[i - 1], stored[i]);
  if (!ascending) {
    constexpr std::size_t kInsertion = 24;  // up to here insertion beats std::sort
    if (count <= kInsertion) {
      for (std::size_t i = 1; i < count; ++i) {
        const MapEntry entry = stored[i];
        std::size_t at = i;
        for (; at > 0 && less(entry, stored[at - 1]); --at) stored[at] = stored[at - 1];
        stored[at] = entry;
      }
    } else {
      std::sort(stored, stored + count, less);
    }
    for (std::size_t i = 1; i < count; ++i) {
      if (stored[i - 1].key.as_string() == stored[i].key.as_string()) return false;
    }
  }
  out = Value::Map({stored, count});
  return true;
}

bool BlockReader::Scalar(int parent, std::size_t depth, Value& out) {
  const char* at = at_;
  switch (*at) {
    case '|':
      ++nodes_;
      return Literal(parent, out);
    case '{':
    case '[':
      return FlowNode(at, depth, out) && EndLine(at);
    case '"':
      ++nodes_;
      return DoubleQuoted(at, out) && EndLine(at);
    case '\'':
      ++nodes_;
      return SingleQuoted(at, out) && EndLine(at);
    default:
      ++nodes_;
      return Plain(at, false, out) && EndLine(at);
  }
}

}  // namespace openchoreo::yaml
