// Durations as Go reads them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace openchoreo::base {

// time.ParseDuration, in nanoseconds: "1h2m3.5s", "-1us", "0". Nothing for any other text, and for
// what 64 bits do not hold.
std::optional<std::int64_t> ParseGoDuration(std::string_view text);

}  // namespace openchoreo::base
