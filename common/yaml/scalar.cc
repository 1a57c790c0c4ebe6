#include "common/yaml/scalar.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "common/base/go_parse.h"

namespace openchoreo::yaml {

using value::Value;

namespace {

// What the first character of a plain scalar says it might be.
enum class Hint : std::uint8_t { kString, kWord, kNumber, kDot };

constexpr std::array<Hint, 256> MakeHints() {
  std::array<Hint, 256> hints{};
  for (char c : std::string_view("yYnNtTfFoO~")) hints[static_cast<unsigned char>(c)] = Hint::kWord;
  for (char c : std::string_view("0123456789+-"))
    hints[static_cast<unsigned char>(c)] = Hint::kNumber;
  hints['.'] = Hint::kDot;
  return hints;
}

constexpr std::array<Hint, 256> kHints = MakeHints();

// lower, Capitalised or UPPER, as Go's table lists them.
bool IsWord(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  const auto upper = [](char c) { return static_cast<char>(c - 'a' + 'A'); };
  if (text[0] != lower[0] && text[0] != upper(lower[0])) return false;
  bool rest_lower = true;
  bool rest_upper = text[0] != lower[0];
  for (std::size_t i = 1; i < text.size(); ++i) {
    rest_lower = rest_lower && text[i] == lower[i];
    rest_upper = rest_upper && text[i] == upper(lower[i]);
  }
  return rest_lower || rest_upper;
}

std::optional<Value> ResolveWord(std::string_view text) {
  switch (text.size()) {
    case 1:
      if (text == "~") return Value::Null();
      if (text == "y" || text == "Y") return Value::Bool(true);
      if (text == "n" || text == "N") return Value::Bool(false);
      break;
    case 2:
      if (IsWord(text, "no")) return Value::Bool(false);
      if (IsWord(text, "on")) return Value::Bool(true);
      break;
    case 3:
      if (IsWord(text, "yes")) return Value::Bool(true);
      if (IsWord(text, "off")) return Value::Bool(false);
      break;
    case 4:
      if (IsWord(text, "true")) return Value::Bool(true);
      if (IsWord(text, "null")) return Value::Null();
      break;
    case 5:
      if (IsWord(text, "false")) return Value::Bool(false);
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<Value> ResolveSpecialFloat(std::string_view text) {
  const double infinity = std::numeric_limits<double>::infinity();
  if (text == ".nan" || text == ".NaN" || text == ".NAN") {
    return Value::Double(std::numeric_limits<double>::quiet_NaN());
  }
  if (text.empty()) return std::nullopt;
  const bool sign = text[0] == '+' || text[0] == '-';
  const std::string_view rest = sign ? text.substr(1) : text;
  if (rest != ".inf" && rest != ".Inf" && rest != ".INF") return std::nullopt;
  return Value::Double(text[0] == '-' ? -infinity : infinity);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$
bool LooksLikeFloat(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && IsDigit(text[i])) ++i;
    return i - first;
  };
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
  const std::size_t whole = digits();
  std::size_t fraction = 0;
  bool dot = false;
  if (i < text.size() && text[i] == '.') {
    dot = true;
    ++i;
    fraction = digits();
  }
  if (whole == 0 && !(dot && fraction > 0)) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

// Of a text LooksLikeFloat accepts; nullopt where it overflows.
std::optional<double> ParseDecimal(std::string_view text) {
  double parsed = 0;
  return base::IsGoFloat(text, parsed) ? std::optional(parsed) : std::nullopt;
}

// strconv.ParseInt(text, 0, 64): sign, then 0x, 0b, 0o or a leading 0 for octal. `text` has no
// underscores.
std::optional<Value> ParseInteger(std::string_view text) {
  const bool sign = !text.empty() && (text[0] == '+' || text[0] == '-');
  const bool negative = sign && text[0] == '-';
  if (sign) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    base = 8;
    std::size_t skip = 1;
    const char marker = static_cast<char>(text[1] | 0x20);
    if (marker == 'x' || marker == 'b' || marker == 'o') {
      base = marker == 'x' ? 16 : marker == 'b' ? 2 : 8;
      skip = 2;
    }
    text.remove_prefix(skip);
  }
  if (text.empty() || text[0] == '-' || text[0] == '+') return std::nullopt;
  std::uint64_t magnitude = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  constexpr std::uint64_t kMaxInt = std::numeric_limits<std::int64_t>::max();
  if (negative) {
    if (magnitude > kMaxInt + 1) return std::nullopt;
    return Value::Int(static_cast<std::int64_t>(~magnitude + 1));
  }
  if (magnitude <= kMaxInt) return Value::Int(static_cast<std::int64_t>(magnitude));
  if (sign) return std::nullopt;  // strconv.ParseUint takes no sign
  return Value::Uint(magnitude);
}

std::optional<Value> ResolveNumber(std::string_view text) {
  std::string stripped;
  if (text.find('_') != std::string_view::npos) {
    for (char c : text) {
      if (c != '_') stripped += c;
    }
    text = stripped;
  }
  if (auto integer = ParseInteger(text)) return integer;
  if (LooksLikeFloat(text)) {
    if (auto decimal = ParseDecimal(text)) return Value::Double(*decimal);
  }
  return std::nullopt;
}

// ".5", ".5_0": read by strconv.ParseFloat alone, which takes underscores between digits.
std::optional<Value> ResolveDotNumber(std::string_view text) {
  std::string stripped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      stripped += text[i];
    } else if (i == 0 || i + 1 == text.size() || !IsDigit(text[i - 1]) || !IsDigit(text[i + 1])) {
      return std::nullopt;
    }
  }
  if (!LooksLikeFloat(stripped)) return std::nullopt;
  if (auto decimal = ParseDecimal(stripped)) return Value::Double(*decimal);
  return std::nullopt;
}

std::optional<Value> ResolveHinted(std::string_view text) {
  if (text.empty()) return Value::Null();
  switch (kHints[static_cast<unsigned char>(text[0])]) {
    case Hint::kString:
      return std::nullopt;
    case Hint::kWord:
      return ResolveWord(text);
    case Hint::kNumber:
      if (auto special = ResolveSpecialFloat(text)) return special;
      return ResolveNumber(text);
    case Hint::kDot:
      if (auto special = ResolveSpecialFloat(text)) return special;
      return ResolveDotNumber(text);
  }
  return std::nullopt;
}

}  // namespace

Value ResolvePlain(std::string_view text) {
  if (auto resolved = ResolveHinted(text)) return *resolved;
  return Value::String(text);
}

}  // namespace openchoreo::yaml
