// Durations as flags and resources write them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace openchoreo::service {

// "1h30m", "1.5h", "750ms": numbers with the units ms, s, m, h, added up, in whole milliseconds.
// Nothing for any other text, and for more than ten years. Follows Go's time.ParseDuration, of
// which the CRD takes these units.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace openchoreo::service
