#include "common/platform/service/duration.h"

#include "common/base/go_duration.h"

namespace openchoreo::service {

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  using std::chrono::nanoseconds;
  constexpr nanoseconds kMost = std::chrono::hours(10 * 366 * 24);
  // Of Go's forms without those that the CRD does not take: signs, smaller units, a bare 0.
  if (text.empty() || text.front() == '-' || text.front() == '+' || text == "0" ||
      text.find_first_of("nuµμ") != std::string_view::npos) {
    return std::nullopt;
  }
  const auto read = base::ParseGoDuration(text);
  if (!read || nanoseconds(*read) > kMost) return std::nullopt;
  return std::chrono::round<std::chrono::milliseconds>(nanoseconds(*read));
}

}  // namespace openchoreo::service
