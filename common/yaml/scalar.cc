#include "common/yaml/scalar.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "common/base/utf8.h"

namespace openchoreo::yaml {

using value::Kind;
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

// strconv.ParseFloat of a text LooksLikeFloat accepts; nullopt where it overflows.
std::optional<double> ParseDecimal(std::string_view text) {
  if (text[0] == '+') text.remove_prefix(1);
  double parsed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error == std::errc() && !std::isinf(parsed)) return parsed;
  // Out of range: Go rounds what is too small to zero and refuses what is too large. Which it is
  // shows in the exponent once the mantissa's own digits are counted.
  std::int64_t magnitude = 0;
  bool seen_digit = false;
  bool after_dot = false;
  std::size_t i = 0;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') {
      after_dot = true;
    } else if (IsDigit(text[i])) {
      if (!seen_digit && text[i] == '0') {
        if (after_dot) --magnitude;
        continue;
      }
      seen_digit = true;
      if (!after_dot) ++magnitude;
    }
  }
  if (i < text.size()) {
    ++i;
    const bool negative = text[i] == '-';
    if (text[i] == '+' || text[i] == '-') ++i;
    std::int64_t exponent = 0;
    for (; i < text.size(); ++i) {
      if (exponent < 1'000'000'000'000) exponent = exponent * 10 + (text[i] - '0');
    }
    magnitude += negative ? -exponent : exponent;
  }
  if (!seen_digit || magnitude < 0) return text[0] == '-' ? -0.0 : 0.0;
  return std::nullopt;
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

const char* TagOf(const Value& typed) {
  switch (typed.kind()) {
    case Kind::kNull:
      return "!!null";
    case Kind::kBool:
      return "!!bool";
    case Kind::kInt:
    case Kind::kUint:
      return "!!int";
    case Kind::kDouble:
      return "!!float";
    default:
      return "!!str";
  }
}

bool TwoDigits(std::string_view& text, int low, int high, int& number) {
  number = 0;
  std::size_t used = 0;
  while (used < 2 && used < text.size() && IsDigit(text[used]))
    number = number * 10 + (text[used++] - '0');
  if (used == 0 || number < low || number > high) return false;
  text.remove_prefix(used);
  return true;
}

bool Take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

int DaysOf(int month, int year) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Whether an explicit !!timestamp is one: 2006-1-2, with "T" or "t" a time and a zone, with " " a
// time.
bool IsTimestamp(std::string_view text) {
  if (text.size() < 5) return false;
  int year = 0;
  for (char c : text.substr(0, 4)) {
    if (!IsDigit(c)) return false;
    year = year * 10 + (c - '0');
  }
  text.remove_prefix(4);
  int month = 0;
  int number = 0;
  if (!Take(text, '-') || !TwoDigits(text, 1, 12, month) || !Take(text, '-') ||
      !TwoDigits(text, 1, DaysOf(month, year), number)) {
    return false;
  }
  if (text.empty()) return true;
  const bool zoned = text[0] != ' ';
  if (!Take(text, ' ') && !Take(text, 'T') && !Take(text, 't')) return false;
  if (!TwoDigits(text, 0, 23, number) || !Take(text, ':') || !TwoDigits(text, 0, 59, number) ||
      !Take(text, ':') || !TwoDigits(text, 0, 59, number)) {
    return false;
  }
  if (Take(text, '.')) {
    if (text.empty() || !IsDigit(text[0])) return false;
    while (!text.empty() && IsDigit(text[0])) text.remove_prefix(1);
  }
  if (!zoned) return text.empty();
  if (Take(text, 'Z')) return text.empty();
  if (!Take(text, '+') && !Take(text, '-')) return false;
  return TwoDigits(text, 0, 24, number) && Take(text, ':') && TwoDigits(text, 0, 60, number) &&
         text.empty();
}

// encoding/base64 StdEncoding: padded, line breaks ignored.
bool DecodeBase64(std::string_view text, std::string& out) {
  std::uint32_t bits = 0;
  int count = 0;
  int padding = 0;
  for (char c : text) {
    if (c == '\n' || c == '\r') continue;
    std::uint32_t digit = 0;
    if (c >= 'A' && c <= 'Z') {
      digit = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      digit = static_cast<std::uint32_t>(c - 'a') + 26;
    } else if (IsDigit(c)) {
      digit = static_cast<std::uint32_t>(c - '0') + 52;
    } else if (c == '+') {
      digit = 62;
    } else if (c == '/') {
      digit = 63;
    } else if (c == '=' && count % 4 >= 2) {
      ++padding;
    } else {
      return false;
    }
    if (padding > 0 && c != '=') return false;
    bits = bits << 6 | digit;
    if (++count % 4 != 0) continue;
    for (int i = 0; i < 3 - padding; ++i) out += static_cast<char>(bits >> (16 - 8 * i) & 0xff);
    bits = 0;
    if (padding > 0) padding = 3;  // nothing but line breaks may follow
  }
  return count % 4 == 0;
}

}  // namespace

Value ResolvePlain(std::string_view text) {
  if (auto resolved = ResolveHinted(text)) return *resolved;
  return Value::String(text);
}

base::Result<Value> ResolveTagged(std::string_view tag, std::string_view text, base::Arena& arena) {
  constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
  if (!tag.starts_with(kPrefix)) return Value::String(text);
  const std::string_view type = tag.substr(kPrefix.size());
  if (type == "str") return Value::String(text);
  if (type == "binary") {
    std::string decoded;
    if (!DecodeBase64(text, decoded)) {
      return base::Fail(base::ErrorCode::kYamlSyntax,
                        "!!binary value contains invalid base64 data");
    }
    std::string valid;  // JSON replaces what is not UTF-8
    for (std::string_view rest = decoded; !rest.empty();) {
      const base::DecodedRune rune = base::DecodeRune(rest);
      base::AppendRune(valid, rune.rune);
      rest.remove_prefix(rune.size);
    }
    return Value::String(arena.CopyString(valid));
  }
  const bool is_float = type == "float";
  const bool is_time = type == "timestamp";
  if (!is_float && !is_time && type != "int" && type != "bool" && type != "null")
    return Value::String(text);

  if (is_time && IsTimestamp(text)) return Value::String(text);
  const Value typed = ResolvePlain(text);
  const std::string_view found = TagOf(typed);
  if (found.substr(2) == type) return typed;
  if (is_float && typed.is_int()) return Value::Double(static_cast<double>(typed.as_int()));
  std::string message = "cannot decode ";
  message += found;
  message += " `";
  message += text;
  message += "` as a !!";
  message += type;
  return base::Fail(base::ErrorCode::kYamlSyntax, std::move(message));
}

std::optional<Value> ToJsonScalar(const Value& typed) {
  if (typed.kind() == Kind::kUint) return Value::Double(static_cast<double>(typed.as_uint()));
  if (!typed.is_double()) return typed;
  const double number = typed.as_double();
  if (!std::isfinite(number)) return std::nullopt;
  if (std::fabs(number) >= 1e21 || number != std::trunc(number)) return typed;
  if (std::fabs(number) <= 9007199254740992.0) return Value::Int(static_cast<std::int64_t>(number));
  // JSON holds the shortest digits that mean this double, filled up with zeros; those are read
  // again.
  char shortest[40];
  const auto [end, error] =
      std::to_chars(shortest, shortest + sizeof shortest, number, std::chars_format::scientific);
  if (error != std::errc()) return typed;
  std::string digits;
  int exponent = 0;
  for (const char* p = shortest; p != end; ++p) {
    if (*p == 'e') {
      std::from_chars(p + 2, end, exponent);  // always "e+NN" here
      break;
    }
    if (*p != '.') digits += *p;
  }
  const std::size_t sign = number < 0 ? 1 : 0;
  digits.resize(static_cast<std::size_t>(exponent) + 1 + sign, '0');
  std::int64_t integer = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
  return parsed.ec == std::errc() ? Value::Int(integer) : typed;
}

std::optional<std::string_view> KeyText(const Value& typed, base::Arena& arena) {
  char buffer[48];
  switch (typed.kind()) {
    case Kind::kString:
      return typed.as_string();
    case Kind::kBool:
      return typed.as_bool() ? "true" : "false";
    case Kind::kInt: {
      const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, typed.as_int());
      return arena.CopyString({buffer, static_cast<std::size_t>(end - buffer)});
    }
    case Kind::kDouble: {
      // strconv.FormatFloat(key, 'g', -1, 32): the digits of a float32, which is what upstream asks
      // for.
      const float number = static_cast<float>(typed.as_double());
      if (std::isnan(number)) return ".nan";
      if (std::isinf(number)) return number < 0 ? "-.inf" : ".inf";
      char* const last = buffer + sizeof buffer;
      const auto scientific = std::to_chars(buffer, last, number, std::chars_format::scientific);
      int exponent = 0;
      for (const char* p = buffer; p != scientific.ptr; ++p) {
        if (*p == 'e') std::from_chars(p[1] == '+' ? p + 2 : p + 1, scientific.ptr, exponent);
      }
      const bool fixed =
          exponent >= -4 && exponent < 6;  // Go's rule for 'g' with the shortest digits
      const auto written =
          fixed ? std::to_chars(buffer, last, number, std::chars_format::fixed) : scientific;
      return arena.CopyString({buffer, static_cast<std::size_t>(written.ptr - buffer)});
    }
    default:
      return std::nullopt;
  }
}

}  // namespace openchoreo::yaml
