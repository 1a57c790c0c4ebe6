// Functions of strings: the standard ones and cel-go's ext/strings.go. Positions count code points.
#include <algorithm>
#include <cstring>
#include <limits>

#include "common/base/utf8.h"
#include "common/cel/declaration.h"
#include "common/cel/go_text.h"
#include "common/cel/match_node.h"

namespace openchoreo::cel {

namespace {

using value::Value;

constexpr std::size_t kNone = std::string_view::npos;

// Looks for `needle` from byte `from` on. memmem is linear, unlike std::string_view::find.
std::size_t FindFrom(std::string_view text, std::string_view needle, std::size_t from) {
  if (from > text.size() || text.size() - from < needle.size()) return kNone;
  if (needle.empty()) return from;
  const void* found = memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : kNone;
}

bool SpendOn(Frame& frame, std::string_view text) { return frame.Spend(text.size() / 16 + 1); }

// The byte where code point `index` starts, the end for index == size; kNone beyond.
std::size_t ByteOf(std::string_view text, std::int64_t index) {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += base::DecodeRune(text.substr(at)).size;
  return index == 0 ? at : kNone;
}

std::int64_t RunesBefore(std::string_view text, std::size_t byte) {
  return static_cast<std::int64_t>(base::CountRunes(text.substr(0, byte)));
}

std::int64_t RuneCount(std::string_view text) { return RunesBefore(text, text.size()); }

Value OutOfRange(Frame& frame, std::int64_t index) {
  return frame.Fail("index out of range: " + std::to_string(index));
}

bool BothStrings(const Value* arguments) {
  return arguments[0].is_string() && arguments[1].is_string();
}

Value Contains(Frame& frame, const Value* arguments) {
  if (!BothStrings(arguments)) return kNoSuchOverload;
  const std::string_view text = arguments[0].as_string();
  if (!SpendOn(frame, text)) return frame.LimitError();
  return Value::Bool(FindFrom(text, arguments[1].as_string(), 0) != kNone);
}

Value StartsWith(Frame&, const Value* arguments) {
  if (!BothStrings(arguments)) return kNoSuchOverload;
  const std::string_view prefix = arguments[1].as_string();
  return Value::Bool(arguments[0].as_string().substr(0, prefix.size()) == prefix);
}

Value EndsWith(Frame&, const Value* arguments) {
  if (!BothStrings(arguments)) return kNoSuchOverload;
  const std::string_view text = arguments[0].as_string();
  const std::string_view suffix = arguments[1].as_string();
  return Value::Bool(text.size() >= suffix.size() &&
                     text.substr(text.size() - suffix.size()) == suffix);
}

Value CharAt(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  const std::int64_t index = arguments[1].as_int();
  if (!SpendOn(frame, text)) return frame.LimitError();
  const std::size_t at = index < 0 ? kNone : ByteOf(text, index);
  if (at == kNone) return OutOfRange(frame, index);
  if (at == text.size()) return Value::String("");
  return Value::String(text.substr(at, base::DecodeRune(text.substr(at)).size));
}

Value IndexOfFrom(Frame& frame, std::string_view text, std::string_view needle,
                  std::int64_t offset) {
  if (!SpendOn(frame, text)) return frame.LimitError();
  if (offset < 0) return OutOfRange(frame, offset);
  const std::size_t from = ByteOf(text, offset);
  if (needle.empty()) return Value::Int(from == kNone ? RuneCount(text) : offset);
  if (from == kNone) return Value::Int(-1);
  const std::size_t found = FindFrom(text, needle, from);
  return Value::Int(found == kNone ? -1 : RunesBefore(text, found));
}

Value IndexOf(Frame& frame, const Value* arguments) {
  return IndexOfFrom(frame, arguments[0].as_string(), arguments[1].as_string(), 0);
}

Value IndexOfOffset(Frame& frame, const Value* arguments) {
  return IndexOfFrom(frame, arguments[0].as_string(), arguments[1].as_string(),
                     arguments[2].as_int());
}

Value LastIndexOf(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  const std::string_view needle = arguments[1].as_string();
  if (!frame.Spend(text.size() / 16 * (needle.size() / 16 + 1) + 1)) return frame.LimitError();
  const std::size_t found = text.rfind(needle);
  return Value::Int(found == kNone ? -1 : RunesBefore(text, found));
}

Value LastIndexOfOffset(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  const std::string_view needle = arguments[1].as_string();
  const std::int64_t offset = arguments[2].as_int();
  if (!frame.Spend(text.size() / 16 * (needle.size() / 16 + 1) + 1)) return frame.LimitError();
  if (offset < 0) return OutOfRange(frame, offset);
  const std::size_t from = ByteOf(text, offset);
  if (needle.empty()) return Value::Int(from == kNone ? RuneCount(text) : offset);
  if (from == kNone || from == text.size()) return Value::Int(-1);
  const std::size_t found = text.rfind(needle, from);
  return Value::Int(found == kNone ? -1 : RunesBefore(text, found));
}

template <char kFirst, char kLast, int kShift>
Value MapAscii(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!SpendOn(frame, text)) return frame.LimitError();
  const auto changes = [](char c) { return c >= kFirst && c <= kLast; };
  if (std::none_of(text.begin(), text.end(), changes)) return arguments[0];
  char* out = frame.NewText(text.size());
  if (!out) return frame.LimitError();
  std::transform(text.begin(), text.end(), out,
                 [&](char c) { return changes(c) ? static_cast<char>(c + kShift) : c; });
  return Value::String({out, text.size()});
}

// strings.Replace: an empty `from` matches before each code point and at the end; n < 0: all.
Value ReplaceN(Frame& frame, std::string_view text, std::string_view from, std::string_view to,
               std::int64_t n) {
  if (from == to || n == 0) return Value::String(text);
  if (!SpendOn(frame, text)) return frame.LimitError();
  std::size_t matches = 0;
  if (from.empty()) {
    matches = static_cast<std::size_t>(RuneCount(text)) + 1;
  } else {
    for (std::size_t at = 0; (at = FindFrom(text, from, at)) != kNone; at += from.size()) ++matches;
  }
  if (n > 0) matches = std::min(matches, static_cast<std::size_t>(n));
  if (matches == 0) return Value::String(text);
  const std::size_t kept = text.size() - matches * from.size();
  if (to.size() > (std::numeric_limits<std::uint32_t>::max() - kept) / matches) {
    return frame.LimitError();
  }
  const std::size_t size = kept + matches * to.size();
  char* out = frame.Spend(matches) ? frame.NewText(size) : nullptr;
  if (!out) return frame.LimitError();
  char* end = out;
  const auto append = [&](std::string_view piece) {
    if (!piece.empty()) std::memcpy(end, piece.data(), piece.size());
    end += piece.size();
  };
  std::size_t start = 0;
  for (std::size_t i = 0; i < matches; ++i) {
    std::size_t at = start;
    if (!from.empty()) {
      at = FindFrom(text, from, start);
    } else if (i > 0) {
      at += base::DecodeRune(text.substr(start)).size;
    }
    append(text.substr(start, at - start));
    append(to);
    start = at + from.size();
  }
  append(text.substr(start));
  return Value::String({out, size});
}

Value Replace(Frame& frame, const Value* arguments) {
  return ReplaceN(frame, arguments[0].as_string(), arguments[1].as_string(),
                  arguments[2].as_string(), -1);
}

Value ReplaceLimited(Frame& frame, const Value* arguments) {
  return ReplaceN(frame, arguments[0].as_string(), arguments[1].as_string(),
                  arguments[2].as_string(), arguments[3].as_int());
}

// strings.SplitN; an empty separator splits code points.
Value SplitN(Frame& frame, std::string_view text, std::string_view separator, std::int64_t n) {
  if (n == 0) return Value::List({}, Value::kFromCel | Value::kGoStrings);
  if (!SpendOn(frame, text)) return frame.LimitError();
  std::size_t pieces = 0;
  if (separator.empty()) {
    pieces = static_cast<std::size_t>(RuneCount(text));
  } else {
    for (std::size_t at = 0; (at = FindFrom(text, separator, at)) != kNone;
         at += separator.size()) {
      ++pieces;
    }
    ++pieces;
  }
  if (n > 0) pieces = std::min(pieces, static_cast<std::size_t>(n));
  Value* items = frame.Spend(pieces) ? frame.NewValues(pieces) : nullptr;
  if (!items) return frame.LimitError();
  std::size_t start = 0;
  for (std::size_t i = 0; i < pieces; ++i) {
    std::size_t end = text.size();
    if (i + 1 < pieces) {
      end = separator.empty() ? start + base::DecodeRune(text.substr(start)).size
                              : FindFrom(text, separator, start);
    }
    items[i] = Value::String(text.substr(start, end - start));
    start = end + separator.size();
  }
  return Value::List({items, pieces}, Value::kFromCel | Value::kGoStrings);
}

Value Split(Frame& frame, const Value* arguments) {
  return SplitN(frame, arguments[0].as_string(), arguments[1].as_string(), -1);
}

Value SplitLimited(Frame& frame, const Value* arguments) {
  return SplitN(frame, arguments[0].as_string(), arguments[1].as_string(), arguments[2].as_int());
}

Value Substring(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  const std::int64_t start = arguments[1].as_int();
  if (!SpendOn(frame, text)) return frame.LimitError();
  const std::size_t at = start < 0 ? kNone : ByteOf(text, start);
  return at == kNone ? OutOfRange(frame, start) : Value::String(text.substr(at));
}

Value SubstringRange(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  const std::int64_t start = arguments[1].as_int();
  const std::int64_t end = arguments[2].as_int();
  if (!SpendOn(frame, text)) return frame.LimitError();
  if (start > end) {
    return frame.Fail("invalid substring range. start: " + std::to_string(start) +
                      ", end: " + std::to_string(end));
  }
  const std::size_t from = start < 0 ? kNone : ByteOf(text, start);
  if (from == kNone) return OutOfRange(frame, start);
  const std::size_t length = ByteOf(text.substr(from), end - start);
  if (length == kNone) return OutOfRange(frame, end);
  return Value::String(text.substr(from, length));
}

Value Trim(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!SpendOn(frame, text)) return frame.LimitError();
  return Value::String(base::TrimSpace(text));
}

Value Reverse(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  char* out = SpendOn(frame, text) ? frame.NewText(text.size()) : nullptr;
  if (!out) return frame.LimitError();
  std::size_t end = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = base::DecodeRune(text.substr(at)).size;
    end -= size;
    std::memcpy(out + end, text.data() + at, size);
    at += size;
  }
  return Value::String({out, text.size()});
}

Value Quote(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!SpendOn(frame, text) || !frame.HasRoom(2 * text.size())) return frame.LimitError();
  std::string out = "\"";
  for (char c : text) {
    constexpr std::string_view kSpecial = "\a\b\f\n\r\t\v\\\"";
    constexpr std::string_view kLetters = "abfnrtv\\\"";
    const std::size_t special = kSpecial.find(c);
    if (special == kNone) {
      out += c;
    } else {
      out += '\\';
      out += kLetters[special];
    }
  }
  return frame.NewString(out + "\"");
}

Value JoinWith(Frame& frame, const Value& list, std::string_view separator) {
  if (!frame.Spend(1 + list.size())) return frame.LimitError();
  std::size_t size = 0;
  for (const Value& item : list.as_list()) {
    if (!item.is_string())
      return frame.Fail("join: invalid input: " + GoText(item, frame.budget()));
    size += item.size() + separator.size();
  }
  if (list.size() > 0) size -= separator.size();
  if (size > std::numeric_limits<std::uint32_t>::max()) return frame.LimitError();
  char* out = frame.SpendText(size) ? frame.NewText(size) : nullptr;
  if (!out) return frame.LimitError();
  char* end = out;
  const auto append = [&](std::string_view piece) {
    if (!piece.empty()) std::memcpy(end, piece.data(), piece.size());
    end += piece.size();
  };
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) append(separator);
    append(list.as_list()[i].as_string());
  }
  return Value::String({out, size});
}

Value Join(Frame& frame, const Value* arguments) { return JoinWith(frame, arguments[0], ""); }

Value JoinSeparated(Frame& frame, const Value* arguments) {
  return JoinWith(frame, arguments[0], arguments[1].as_string());
}

}  // namespace

void DeclareStrings(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  const Type* strings = all.List(&kString);
  all.Add("contains")
      .Member("contains_string", {&kString, &kString}, &kBool, Contains)
      .WithoutGuards();
  all.Add("endsWith")
      .Member("ends_with_string", {&kString, &kString}, &kBool, EndsWith)
      .WithoutGuards();
  all.Add("startsWith")
      .Member("starts_with_string", {&kString, &kString}, &kBool, StartsWith)
      .WithoutGuards();
  all.Add("matches")
      .Global("matches", {&kString, &kString}, &kBool)
      .Member("matches_string", {&kString, &kString}, &kBool)
      .ForAll(Matches, KindBit(value::Kind::kString));
  all.Add("charAt").Member("string_char_at_int", {&kString, &kInt}, &kString, CharAt);
  all.Add("indexOf")
      .Member("string_index_of_string", {&kString, &kString}, &kInt, IndexOf)
      .Member("string_index_of_string_int", {&kString, &kString, &kInt}, &kInt, IndexOfOffset);
  all.Add("lastIndexOf")
      .Member("string_last_index_of_string", {&kString, &kString}, &kInt, LastIndexOf)
      .Member("string_last_index_of_string_int", {&kString, &kString, &kInt}, &kInt,
              LastIndexOfOffset);
  all.Add("lowerAscii").Member("string_lower_ascii", {&kString}, &kString, MapAscii<'A', 'Z', 32>);
  all.Add("upperAscii").Member("string_upper_ascii", {&kString}, &kString, MapAscii<'a', 'z', -32>);
  all.Add("replace")
      .Member("string_replace_string_string", {&kString, &kString, &kString}, &kString, Replace)
      .Member("string_replace_string_string_int", {&kString, &kString, &kString, &kInt}, &kString,
              ReplaceLimited);
  all.Add("split")
      .Member("string_split_string", {&kString, &kString}, strings, Split)
      .Member("string_split_string_int", {&kString, &kString, &kInt}, strings, SplitLimited);
  all.Add("substring")
      .Member("string_substring_int", {&kString, &kInt}, &kString, Substring)
      .Member("string_substring_int_int", {&kString, &kInt, &kInt}, &kString, SubstringRange);
  all.Add("trim").Member("string_trim", {&kString}, &kString, Trim);
  all.Add("reverse").Member("string_reverse", {&kString}, &kString, Reverse);
  all.Add("strings.quote").Global("strings_quote", {&kString}, &kString, Quote);
  all.Add("join")
      .Member("list_join", {strings}, &kString, Join)
      .Member("list_join_string", {strings, &kString}, &kString, JoinSeparated);
}

}  // namespace openchoreo::cel
