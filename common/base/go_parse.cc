#include "common/base/go_parse.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "common/base/go_quote.h"

namespace openchoreo::base {

namespace {

enum class Reading : std::uint8_t { kOk, kSyntax, kRange };

tl::unexpected<Error> NumberError(std::string_view function, std::string_view text,
                                  Reading reading) {
  std::string message = "strconv.";
  message += function;
  message += ": parsing ";
  message += GoQuote(text);
  message += reading == Reading::kRange ? ": value out of range" : ": invalid syntax";
  return Fail(ErrorCode::kTemplate, std::move(message));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

Reading ReadInt(std::string_view text, std::int64_t& value) {
  std::string_view digits = text;
  const bool negative = !digits.empty() && digits[0] == '-';
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) digits.remove_prefix(1);
  if (digits.empty()) return Reading::kSyntax;
  // Go looks at digit after digit: what comes first is what it says.
  std::uint64_t magnitude = 0;
  for (const char c : digits) {
    if (!IsDigit(c)) return Reading::kSyntax;
    if (__builtin_mul_overflow(magnitude, 10, &magnitude) ||
        __builtin_add_overflow(magnitude, static_cast<unsigned>(c - '0'), &magnitude)) {
      return Reading::kRange;
    }
  }
  const std::uint64_t limit =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
  if (magnitude > limit) return Reading::kRange;
  value = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
  return Reading::kOk;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b;
  });
}

// Go wants a p exponent behind hexadecimal digits; from_chars makes do without.
bool HasHexExponent(std::string_view text) {
  return text.find_first_of("pP") != std::string_view::npos;
}

// Takes out underscores, which Go allows between digits and behind a base prefix; false if one
// stands elsewhere.
bool TakeUnderscores(std::string_view text, std::string& out) {
  std::string_view rest = text;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) rest.remove_prefix(1);
  const bool hex = rest.size() > 2 && rest[0] == '0' && (rest[1] | 0x20) == 'x';
  std::size_t i = text.size() - rest.size() + (hex ? 2 : 0);
  out = text.substr(0, i);
  bool after_digit = hex, after_underscore = false;
  for (; i < text.size(); ++i) {
    const char lower = static_cast<char>(text[i] | 0x20);
    const bool digit = IsDigit(text[i]) || (hex && lower >= 'a' && lower <= 'f');
    if (text[i] == '_' ? !after_digit : after_underscore && !digit) return false;
    after_digit = digit;
    after_underscore = text[i] == '_';
    if (!after_underscore) out += text[i];
  }
  return !after_underscore;
}

Reading ReadFloat(std::string_view text, double& value) {
  std::string plain;
  if (text.find('_') != std::string_view::npos) {
    if (!TakeUnderscores(text, plain)) return Reading::kSyntax;
    text = plain;
  }
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest[0] == '-';
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) rest.remove_prefix(1);
  const double sign = negative ? -1.0 : 1.0;
  if (EqualsIgnoringCase(rest, "inf") || EqualsIgnoringCase(rest, "infinity")) {
    value = sign * std::numeric_limits<double>::infinity();
    return Reading::kOk;
  }
  if (EqualsIgnoringCase(text, "nan")) {
    value = std::numeric_limits<double>::quiet_NaN();
    return Reading::kOk;
  }
  std::chars_format format = std::chars_format::general;
  if (rest.size() > 2 && rest[0] == '0' && (rest[1] == 'x' || rest[1] == 'X')) {
    rest.remove_prefix(2);
    if (!HasHexExponent(rest)) return Reading::kSyntax;
    format = std::chars_format::hex;
  }
  // from_chars knows words ("infinity") of its own.
  if (rest.empty() || rest[0] == '-' ||
      (format == std::chars_format::general && !IsDigit(rest[0]) && rest[0] != '.')) {
    return Reading::kSyntax;
  }
  double magnitude = 0;
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), magnitude, format);
  if (parsed.ptr != rest.data() + rest.size() || parsed.ec == std::errc::invalid_argument) {
    return Reading::kSyntax;
  }
  if (parsed.ec == std::errc::result_out_of_range) {
    // from_chars says the same of numbers too small, which Go rounds to zero or the smallest.
    const std::string digits = (format == std::chars_format::hex ? "0x" : "") + std::string(rest);
    magnitude = std::strtod(digits.c_str(), nullptr);
    if (magnitude > 1) return Reading::kRange;
  }
  value = sign * magnitude;
  return Reading::kOk;
}

}  // namespace

Result<std::int64_t> ParseGoInt(std::string_view text) {
  std::int64_t value = 0;
  const Reading reading = ReadInt(text, value);
  if (reading != Reading::kOk) return NumberError("ParseInt", text, reading);
  return value;
}

bool IsGoInt(std::string_view text, std::int64_t& value) {
  return ReadInt(text, value) == Reading::kOk;
}

Result<double> ParseGoFloat(std::string_view text) {
  double value = 0;
  const Reading reading = ReadFloat(text, value);
  if (reading != Reading::kOk) return NumberError("ParseFloat", text, reading);
  return value;
}

bool IsGoFloat(std::string_view text, double& value) {
  return ReadFloat(text, value) == Reading::kOk;
}

Result<bool> ParseGoBool(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return false;
  }
  return NumberError("ParseBool", text, Reading::kSyntax);
}

}  // namespace openchoreo::base
