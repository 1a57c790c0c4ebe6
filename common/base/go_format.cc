#include "common/base/go_format.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace openchoreo::base {

namespace {

// Shortest digits "d.ddde±xx" taken apart.
struct Shortest {
  char digits[20];
  int count;     // digits, no trailing zeros (but at least one)
  int exponent;  // decimal exponent of the first digit
};

Shortest ShortestDigits(double magnitude) {
  char text[40];
  const auto end =
      std::to_chars(text, text + sizeof(text), magnitude, std::chars_format::scientific);
  Shortest result{};
  const char* p = text;
  for (; p != end.ptr && *p != 'e'; ++p) {
    if (*p != '.') result.digits[result.count++] = *p;
  }
  result.exponent = std::atoi(std::string(p + 1, static_cast<const char*>(end.ptr)).c_str());
  while (result.count > 1 && result.digits[result.count - 1] == '0') --result.count;
  return result;
}

void AppendExponentForm(std::string& out, const Shortest& s, int least_exponent_digits) {
  out += s.digits[0];
  if (s.count > 1) {
    out += '.';
    out.append(s.digits + 1, static_cast<std::size_t>(s.count - 1));
  }
  out += 'e';
  out += s.exponent < 0 ? '-' : '+';
  const std::string digits = std::to_string(std::abs(s.exponent));
  for (auto n = static_cast<int>(digits.size()); n < least_exponent_digits; ++n) out += '0';
  out += digits;
}

void AppendPlainForm(std::string& out, const Shortest& s) {
  if (s.exponent < 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-s.exponent - 1), '0');
    out.append(s.digits, static_cast<std::size_t>(s.count));
    return;
  }
  const int whole = s.exponent + 1;
  for (int i = 0; i < whole; ++i) out += i < s.count ? s.digits[i] : '0';
  if (s.count > whole) {
    out += '.';
    out.append(s.digits + whole, static_cast<std::size_t>(s.count - whole));
  }
}

bool AppendSmallInteger(std::string& out, double value) {
  if (value != std::trunc(value) || std::fabs(value) >= 1e6 ||
      (value == 0 && std::signbit(value))) {
    return false;
  }
  AppendInt(out, static_cast<std::int64_t>(value));
  return true;
}

}  // namespace

void AppendG(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
    return;
  }
  if (AppendSmallInteger(out, value)) return;
  if (std::signbit(value)) out += '-';
  if (value == 0) {
    out += '0';
    return;
  }
  const Shortest s = ShortestDigits(std::fabs(value));
  if (s.exponent < -4 || s.exponent >= 6) {
    AppendExponentForm(out, s, 2);
  } else {
    AppendPlainForm(out, s);
  }
}

std::string FormatG(double value) {
  std::string text;
  AppendG(text, value);
  return text;
}

void AppendJsonNumber(std::string& out, double value) {
  if (AppendSmallInteger(out, value)) return;
  if (std::signbit(value)) out += '-';
  const double magnitude = std::fabs(value);
  if (magnitude == 0) {
    out += '0';
    return;
  }
  const Shortest s = ShortestDigits(magnitude);
  if (magnitude < 1e-6 || magnitude >= 1e21) {
    AppendExponentForm(out, s, 1);
  } else {
    AppendPlainForm(out, s);
  }
}

void AppendInt(std::string& out, std::int64_t value) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof(text), value);
  out.append(text, end.ptr);
}

void AppendUint(std::string& out, std::uint64_t value) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof(text), value);
  out.append(text, end.ptr);
}

}  // namespace openchoreo::base
