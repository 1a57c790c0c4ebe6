#include "common/platform/service/duration.h"

#include <charconv>
#include <cmath>

namespace openchoreo::service {

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  constexpr double kMost = 10.0 * 366 * 24 * 3600 * 1000;
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    double number = 0;
    if (text[0] < '0' || text[0] > '9') return std::nullopt;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    double unit = 0;
    if (text.starts_with("ms")) {
      unit = 1;
      text.remove_prefix(2);
    } else if (!text.empty()) {
      unit = text[0] == 's' ? 1e3 : text[0] == 'm' ? 60e3 : text[0] == 'h' ? 3600e3 : 0;
      text.remove_prefix(1);
    }
    if (unit == 0) return std::nullopt;
    total += number * unit;
    if (!(total <= kMost)) return std::nullopt;
  }
  return std::chrono::milliseconds(std::llround(total));
}

}  // namespace openchoreo::service
