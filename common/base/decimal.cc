#include "common/base/decimal.h"

#include <charconv>

namespace openchoreo::base {

namespace {

// Longest: a double of 309 digits before the point, or 324 zeros after it, and 100 digits more.
constexpr std::size_t kLongest = 512;

template <typename... Arguments>
std::string Format(double value, Arguments... arguments) {
  char buffer[kLongest];
  const auto [end, error] = std::to_chars(buffer, buffer + kLongest, value, arguments...);
  return error == std::errc() ? std::string(buffer, end) : std::string();
}

}  // namespace

std::string ShortestFixed(double value) {
  // to_chars gives all digits of large integers exactly; Go pads the shortest digits with zeros.
  std::string scientific = Format(value, std::chars_format::scientific);
  const std::size_t e = scientific.find('e');
  const int exponent = std::stoi(scientific.substr(e + 1));
  std::string digits;
  const bool negative = scientific.front() == '-';
  for (char c : scientific.substr(0, e)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  std::string out = negative ? "-" : "";
  if (exponent < 0) {
    out += "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    return out == "0." || out == "-0." ? out + "0" : out;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return out + digits + std::string(whole - digits.size(), '0');
  return out + digits.substr(0, whole) + "." + digits.substr(whole);
}

std::string Fixed(double value, int precision) {
  return Format(value, std::chars_format::fixed, precision);
}

std::string Scientific(double value, int precision) {
  return Format(value, std::chars_format::scientific, precision);
}

}  // namespace openchoreo::base
