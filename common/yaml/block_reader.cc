#include "common/yaml/block_reader.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "common/base/utf8.h"
#include "common/yaml/scalar.h"

namespace openchoreo::yaml {

using value::MapEntry;
using value::Value;

namespace {

enum CharClass : std::uint8_t {
  kKey = 1,         // may stand anywhere in a key read here
  kPlainStart = 2,  // begins a plain scalar whatever follows
  kPlainEnd = 4,    // may end a plain scalar: ':', '#', line feed
  kFlowEnd = 8,     // ends one in a flow collection
};

constexpr std::array<std::uint8_t, 256> MakeClasses() {
  std::array<std::uint8_t, 256> classes{};
  const auto set = [&classes](char c, std::uint8_t bits) {
    classes[static_cast<unsigned char>(c)] =
        static_cast<std::uint8_t>(classes[static_cast<unsigned char>(c)] | bits);
  };
  for (char c = 'a'; c <= 'z'; ++c) set(c, kKey | kPlainStart);
  for (char c = 'A'; c <= 'Z'; ++c) set(c, kKey | kPlainStart);
  for (char c = '0'; c <= '9'; ++c) set(c, kKey | kPlainStart);
  for (char c : {'_', '.', '/', '$'}) set(c, kKey | kPlainStart);
  set('-', kKey);
  for (char c : {'(', ')', '+', ';', '<', '=', '\\', '^', '~'}) set(c, kPlainStart);
  for (char c : {':', '#', '\n'}) set(c, kPlainEnd | kFlowEnd);
  for (char c : {',', '[', ']', '{', '}'}) set(c, kFlowEnd);
  return classes;
}

constexpr std::array<std::uint8_t, 256> kClasses = MakeClasses();

bool Is(char c, CharClass bits) { return (kClasses[static_cast<unsigned char>(c)] & bits) != 0; }

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

constexpr std::ptrdiff_t kLongestKey = 1000;  // libyaml gives up on a key after 1024

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

bool BlockReader::Plain(const char*& at, bool flow, Value& out) {
  const char* const begin = at;
  if (*begin == '-') {
    if (begin + 1 == end_ || !(Is(begin[1], kKey) || begin[1] == '$')) return false;
  } else if (!Is(*begin, kPlainStart) && static_cast<unsigned char>(*begin) < 0x80) {
    return false;
  }
  const CharClass ends = flow ? kFlowEnd : kPlainEnd;
  for (;; ++at) {
    while (at != end_ && !Is(*at, ends)) ++at;
    if (at == end_) break;
    if (*at == ':') {
      if (at + 1 == end_ || at[1] == ' ' || at[1] == '\n') return false;
      if (flow && (Is(at[1], kFlowEnd) || at[1] == '?')) return false;
    } else if (*at == '#') {
      if (at[-1] == ' ') break;  // never the first character
    } else {
      break;
    }
  }
  const char* last = at;
  while (last[-1] == ' ') --last;
  const std::string_view text(begin, static_cast<std::size_t>(last - begin));
  at = last;
  const Value typed = ResolvePlain(text);
  if (typed.is_string()) {
    out = Value::String(arena_.CopyString(text));
    return true;
  }
  const std::optional<Value> json = ToJsonScalar(typed);
  if (json) out = *json;
  return json.has_value();
}

bool BlockReader::DoubleQuoted(const char*& at, Value& out) {
  const char* const begin = ++at;
  while (at != end_ && *at != '"' && *at != '\\' && *at != '\n') ++at;
  if (at == end_ || *at == '\n') return false;
  if (*at == '"') {
    out = Value::String(arena_.CopyString({begin, static_cast<std::size_t>(at - begin)}));
    ++at;
    return true;
  }
  text_.assign(begin, at);
  for (; at != end_ && *at != '"'; ++at) {
    if (*at == '\n') return false;
    if (*at != '\\') {
      text_ += *at;
      continue;
    }
    if (++at == end_) return false;
    switch (*at) {
      case '"':
      case '\\':
      case '/':
        text_ += *at;
        break;
      case 'n':
        text_ += '\n';
        break;
      case 't':
        text_ += '\t';
        break;
      case 'r':
        text_ += '\r';
        break;
      default:
        return false;
    }
  }
  if (at == end_) return false;
  out = Value::String(arena_.CopyString(text_));
  ++at;
  return true;
}

bool BlockReader::SingleQuoted(const char*& at, Value& out) {
  text_.clear();
  for (++at; at != end_ && *at != '\n'; ++at) {
    if (*at == '\'') {
      if (at + 1 == end_ || at[1] != '\'') {
        out = Value::String(arena_.CopyString(text_));
        ++at;
        return true;
      }
      ++at;
    }
    text_ += *at;
  }
  return false;
}

// Blanks and line feeds between the parts of a flow collection. A comment is left to libyaml.
bool BlockReader::FlowSpace(const char*& at) const {
  while (at != end_ && (*at == ' ' || *at == '\n')) ++at;
  return at != end_ && *at != '#';
}

bool BlockReader::FlowNode(const char*& at, std::size_t depth, Value& out) {
  ++nodes_;
  switch (*at) {
    case '{':
      return FlowMap(at, depth, out);
    case '[':
      return FlowList(at, depth, out);
    case '"':
      return DoubleQuoted(at, out);
    case '\'':
      return SingleQuoted(at, out);
    default:
      return Plain(at, true, out);
  }
}

bool BlockReader::FlowKey(const char*& at, Value& out) {
  const char* const begin = at;
  if (*at == '"') {
    ++nodes_;
    if (!DoubleQuoted(at, out) || at - begin > kLongestKey || at == end_ || *at != ':')
      return false;
    ++at;
    return true;
  }
  if (*at == '-' || !Is(*at, kKey)) return false;
  while (at != end_ && Is(*at, kKey)) ++at;
  if (at == end_ || *at != ':' || at - begin > kLongestKey) return false;
  const std::string_view text(begin, static_cast<std::size_t>(at - begin));
  ++at;
  return at != end_ && (*at == ' ' || *at == '\n') && Key(text, out);
}

bool BlockReader::FlowMap(const char*& at, std::size_t depth, Value& out) {
  if (depth >= limits_.max_depth) return false;
  const std::size_t first = entries_.size();
  ++at;
  for (;;) {
    if (!FlowSpace(at)) return false;
    if (*at == '}') break;
    MapEntry entry;
    if (!FlowKey(at, entry.key) || !FlowSpace(at) || !FlowNode(at, depth + 1, entry.value) ||
        !FlowSpace(at)) {
      return false;
    }
    entries_.push_back(entry);
    if (*at == '}') break;
    if (*at++ != ',') return false;
  }
  ++at;
  return BuildMap(first, out);
}

bool BlockReader::FlowList(const char*& at, std::size_t depth, Value& out) {
  if (depth >= limits_.max_depth) return false;
  const std::size_t first = items_.size();
  ++at;
  for (;;) {
    if (!FlowSpace(at)) return false;
    if (*at == ']') break;
    Value item;
    if (!FlowNode(at, depth + 1, item) || !FlowSpace(at)) return false;
    items_.push_back(item);
    if (*at == ']') break;
    if (*at++ != ',') return false;
  }
  ++at;
  out = BuildList(first);
  return true;
}

bool BlockReader::Literal(int parent, Value& out) {
  const char* at = at_ + 1;
  char chomping = ' ';
  if (at != end_ && (*at == '-' || *at == '+')) chomping = *at++;
  while (at != end_ && *at == ' ') ++at;
  if (at == end_ || *at != '\n') return false;
  ++at;
  // The first line that is not blank gives the indentation; blank ones before it may not be longer.
  std::ptrdiff_t indent = 0;
  std::ptrdiff_t longest_blank = 0;
  for (const char* line = at;;) {
    const char* content = line;
    while (content != end_ && *content == ' ') ++content;
    if (content == end_) return false;
    if (*content != '\n') {
      indent = content - line;
      break;
    }
    longest_blank = std::max(longest_blank, content - line);
    line = content + 1;
  }
  if (indent <= parent || longest_blank > indent) return false;

  text_.clear();
  std::size_t breaks = 0;  // line feeds that wait for more text
  for (;;) {
    const char* content = at;
    while (content != end_ && content - at < indent && *content == ' ') ++content;
    if (content == end_) {
      at = end_;
      break;
    }
    if (*content == '\n') {
      ++breaks;
      at = content + 1;
      continue;
    }
    if (content - at < indent) break;
    text_.append(breaks, '\n');
    breaks = 0;
    const void* const newline =
        std::memchr(content, '\n', static_cast<std::size_t>(end_ - content));
    const char* const line_end = newline ? static_cast<const char*>(newline) : end_;
    text_.append(content, line_end);
    if (!newline) {
      at = end_;
      break;
    }
    breaks = 1;
    at = line_end + 1;
  }
  if (chomping == '+') {
    text_.append(breaks, '\n');
  } else if (chomping == ' ' && breaks > 0) {
    text_ += '\n';
  }
  out = Value::String(arena_.CopyString(text_));
  return SkipToContent(at);
}

}  // namespace openchoreo::yaml
