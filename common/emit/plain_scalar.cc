#include "common/emit/plain_scalar.h"

#include <array>

#include "common/base/byte_words.h"
#include "common/base/utf8.h"

namespace openchoreo::emit {

namespace {

enum CharClass : std::uint8_t {
  kSafe = 1,       // may stand anywhere in a plain scalar
  kFirst = 2,      // may begin one without a closer look
  kNumberish = 4,  // may be part of a number, a time or a date
};

constexpr std::array<std::uint8_t, 256> MakeClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0x21; c < 0x7f; ++c) classes[c] = kSafe;
  classes[':'] = classes['#'] = 0;
  for (std::size_t c = 'a'; c <= 'z'; ++c) classes[c] |= kFirst;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) classes[c] |= kFirst;
  for (const char c : {'/', '_', '$', '(', ')', ';', '^'})
    classes[static_cast<unsigned char>(c)] |= kFirst;
  for (const char c : std::string_view("0123456789abcdefABCDEFxXoO_.:+-tTzZ, ")) {
    classes[static_cast<unsigned char>(c)] |= kNumberish;
  }
  return classes;
}

constexpr std::array<std::uint8_t, 256> kClasses = MakeClasses();

std::uint8_t ClassOf(char c) { return kClasses[static_cast<unsigned char>(c)]; }

// Lambdas, which the loops over bytes take in: functions would be called for every sixteen.
constexpr auto kUnprintable = [](base::Bytes16 bytes) { return base::MarksUnprintable(bytes); };

// What may not stand anywhere in a plain scalar.
constexpr auto kUnsafe = [](base::Bytes16 bytes) {
  return base::MarksUnprintable(bytes, ' ' + 1) | (bytes == ':') | (bytes == '#');
};

bool IsAllSafe(std::string_view text) { return base::NoneMarked(text, kUnsafe); }

// true, no, Null, ~ … in any of the spellings some reader takes for a boolean or null.
bool IsReservedWord(std::string_view text) {
  if (text.size() > 5) return false;
  const char initial = static_cast<char>(text[0] | 0x20);
  if (initial != 'y' && initial != 'n' && initial != 'o' && initial != 't' && initial != 'f')
    return false;
  // Nothing but letters becomes a letter by that bit.
  std::uint64_t word = 0;
  for (const char c : text) word = word << 8 | static_cast<unsigned char>(c | 0x20);
  const auto is = [word](std::string_view reserved) {
    std::uint64_t other = 0;
    for (const char c : reserved) other = other << 8 | static_cast<unsigned char>(c);
    return word == other;
  };
  return is("y") || is("n") || is("no") || is("on") || is("yes") || is("off") || is("true") ||
         is("null") || is("false");
}

// Could some reader take this for a number, a date or a time? Errs on the side of yes.
bool LooksNumeric(std::string_view text) {
  const char first = text[0];
  if (!((first >= '0' && first <= '9') || first == '+' || first == '-' || first == '.'))
    return false;
  for (const char c : text) {
    if (!(ClassOf(c) & kNumberish)) return false;
  }
  return true;
}

struct Shape {
  bool lines = false;    // holds line feeds
  bool escapes = false;  // holds what only a double-quoted scalar can carry
  bool plain = true;     // nothing inside ends or changes a plain scalar
  bool literal = true;   // nothing a literal block would lose
};

// A code point that may stand unescaped in YAML.
bool IsPrintable(char32_t rune) {
  return rune != 0xfeff && rune != 0x2028 && rune != 0x2029 && rune >= 0xa0 &&
         (rune < 0xfffe || rune > 0xffff);
}

Shape ShapeOf(std::string_view text) {
  Shape shape;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (ClassOf(c) & kSafe) {
      i += base::UnmarkedPrefix(text.substr(i), kUnsafe);
      while (i < text.size() && (ClassOf(text[i]) & kSafe)) ++i;
      continue;
    }
    const char next = i + 1 < text.size() ? text[i + 1] : '\n';
    if (c == ' ') {
      if (next == '#' || next == '\n') shape.plain = false;
      if (next == '\n') shape.literal = false;
      ++i;
    } else if (c == ':') {
      if (next == ' ' || next == '\n' || next == '\t') shape.plain = false;
      ++i;
    } else if (c == '#') {
      ++i;
    } else if (c == '\n') {
      shape.lines = true;
      ++i;
    } else if (c == '\t') {
      shape.plain = false;
      shape.literal = shape.literal && next != '\n';
      if (!shape.lines && text.find('\n') == std::string_view::npos) shape.escapes = true;
      ++i;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      const base::DecodedRune decoded = base::DecodeRune(text.substr(i));
      if (!decoded.valid || !IsPrintable(decoded.rune)) shape.escapes = true;
      i += decoded.size;
    } else {
      shape.escapes = true;
      ++i;
    }
  }
  return shape;
}

bool MayBeginPlain(std::string_view text) {
  const char first = text[0];
  const std::uint8_t first_class = ClassOf(first);
  if (first_class & kFirst) return true;
  if (static_cast<unsigned char>(first) >= 0x80) return true;
  if (first >= '0' && first <= '9') return !LooksNumeric(text);
  if (first == '-') {
    return text.size() > 1 && ((ClassOf(text[1]) & kFirst) || text[1] == '-') &&
           text.substr(0, 3) != "---" && !LooksNumeric(text);
  }
  if (first == '.')
    return text.size() > 1 && (text[1] == '/' || (text[1] == '.' && text.substr(0, 3) != "..." &&
                                                  !LooksNumeric(text)));
  return false;
}

}  // namespace

ScalarStyle StyleOf(std::string_view text) {
  if (text.empty()) return ScalarStyle::kDoubleQuoted;
  if ((ClassOf(text[0]) & kFirst) && IsAllSafe(text)) {  // most texts
    return IsReservedWord(text) ? ScalarStyle::kDoubleQuoted : ScalarStyle::kPlain;
  }
  if (text[0] >= '0' && text[0] <= '9' && IsAllSafe(text)) {  // digests, ports, sizes
    return LooksNumeric(text) ? ScalarStyle::kDoubleQuoted : ScalarStyle::kPlain;
  }
  // JSON in a string: needs quotes for its first character alone.
  if ((text[0] == '{' || text[0] == '[') && base::NoneMarked(text, kUnprintable))
    return ScalarStyle::kSingleQuoted;
  const Shape shape = ShapeOf(text);
  if (shape.escapes) return ScalarStyle::kDoubleQuoted;
  if (shape.lines) {
    const bool first_line_indented = text[0] == ' ' || text[0] == '\t' || text[0] == '\n';
    return shape.literal && !first_line_indented ? ScalarStyle::kLiteral
                                                 : ScalarStyle::kDoubleQuoted;
  }
  if (IsReservedWord(text) || LooksNumeric(text)) return ScalarStyle::kDoubleQuoted;
  if (shape.plain && text.front() != ' ' && text.back() != ' ' && text.back() != ':' &&
      MayBeginPlain(text)) {
    return ScalarStyle::kPlain;
  }
  return ScalarStyle::kSingleQuoted;
}

}  // namespace openchoreo::emit
