#include "common/cel/functions/number_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace openchoreo::cel {

namespace {

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

std::optional<double> Read(std::string_view digits, std::chars_format format) {
  // from_chars knows "inf" and "nan" too, which are spelt otherwise here.
  if (digits.empty() || !((digits.front() >= '0' && digits.front() <= '9') ||
                          digits.front() == '.' || format == std::chars_format::hex)) {
    return std::nullopt;
  }
  double number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, format);
  if (end != digits.data() + digits.size()) return std::nullopt;
  if (error == std::errc()) return number;
  if (error != std::errc::result_out_of_range) return std::nullopt;
  const std::string prefix = format == std::chars_format::hex ? "0x" : "";
  const double rounded = std::strtod((prefix + std::string(digits)).c_str(), nullptr);
  if (rounded > 1) return std::nullopt;
  return rounded;
}

// Takes out underscores that stand between digits, or between a base prefix and a digit; false if
// one stands elsewhere.
bool TakeUnderscores(std::string_view text, std::string& out) {
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      out += text[i];
      continue;
    }
    const bool after_prefix = i >= 2 && (text[i - 1] | 0x20) == 'x' && text[i - 2] == '0';
    const bool between = i > 0 && i + 1 < text.size() && is_digit(text[i + 1]) &&
                         (is_digit(text[i - 1]) || after_prefix);
    if (!between) return false;
  }
  return true;
}

}  // namespace

std::optional<double> ParseGoDouble(std::string_view text) {
  std::string plain;
  if (text.find('_') != std::string_view::npos) {
    if (!TakeUnderscores(text, plain)) return std::nullopt;
    text = plain;
  }
  bool negative = false;
  std::string_view rest = text;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (EqualsIgnoringCase(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
  std::optional<double> number;
  if (EqualsIgnoringCase(rest, "inf") || EqualsIgnoringCase(rest, "infinity")) {
    number = std::numeric_limits<double>::infinity();
  } else if (rest.size() > 2 && rest[0] == '0' && (rest[1] | 0x20) == 'x') {
    // A hexadecimal mantissa must have its exponent.
    const std::string_view hex = rest.substr(2);
    const char first = hex.front();
    const bool digit =
        (first >= '0' && first <= '9') || ((first | 0x20) >= 'a' && (first | 0x20) <= 'f');
    if (hex.find_first_of("pP") == std::string_view::npos || !(digit || first == '.')) {
      return std::nullopt;
    }
    number = Read(hex, std::chars_format::hex);
  } else {
    number = Read(rest, std::chars_format::general);
  }
  if (!number) return std::nullopt;
  return negative ? -*number : *number;
}

}  // namespace openchoreo::cel
