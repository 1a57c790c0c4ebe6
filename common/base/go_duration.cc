#include "common/base/go_duration.h"

#include <cstddef>

namespace openchoreo::base {
namespace {

std::optional<std::uint64_t> UnitNanoseconds(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us" || unit == "\u00b5s" || unit == "\u03bcs") return 1'000;
  if (unit == "ms") return 1'000'000;
  if (unit == "s") return 1'000'000'000;
  if (unit == "m") return 60'000'000'000;
  if (unit == "h") return 3'600'000'000'000;
  return std::nullopt;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<std::int64_t> ParseGoDuration(std::string_view text) {
  constexpr std::uint64_t kMax = std::uint64_t{1} << 63;
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  std::uint64_t total = 0;
  while (!text.empty()) {
    std::uint64_t whole = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && IsDigit(text[digits]); ++digits) {
      if (whole > kMax / 10) return std::nullopt;
      whole = whole * 10 + static_cast<std::uint64_t>(text[digits] - '0');
      if (whole > kMax) return std::nullopt;
    }
    text.remove_prefix(digits);
    std::uint64_t fraction = 0;
    double scale = 1;
    std::size_t fraction_digits = 0;
    if (!text.empty() && text.front() == '.') {
      text.remove_prefix(1);
      bool overflow = false;
      for (; fraction_digits < text.size() && IsDigit(text[fraction_digits]); ++fraction_digits) {
        if (overflow) continue;
        if (fraction > (kMax - 1) / 10) {
          overflow = true;
          continue;
        }
        const std::uint64_t next =
            fraction * 10 + static_cast<std::uint64_t>(text[fraction_digits] - '0');
        if (next > kMax) {
          overflow = true;
          continue;
        }
        fraction = next;
        scale *= 10;
      }
      text.remove_prefix(fraction_digits);
    }
    if (digits == 0 && fraction_digits == 0) return std::nullopt;
    std::size_t unit_size = 0;
    while (unit_size < text.size() && text[unit_size] != '.' && !IsDigit(text[unit_size]))
      ++unit_size;
    const std::optional<std::uint64_t> unit = UnitNanoseconds(text.substr(0, unit_size));
    if (!unit) return std::nullopt;
    text.remove_prefix(unit_size);
    if (whole > kMax / *unit) return std::nullopt;
    whole *= *unit;
    if (fraction > 0) {
      whole += static_cast<std::uint64_t>(static_cast<double>(fraction) *
                                          (static_cast<double>(*unit) / scale));
      if (whole > kMax) return std::nullopt;
    }
    total += whole;
    if (total > kMax) return std::nullopt;
  }
  if (negative) return static_cast<std::int64_t>(0 - total);
  if (total > kMax - 1) return std::nullopt;
  return static_cast<std::int64_t>(total);
}

}  // namespace openchoreo::base
