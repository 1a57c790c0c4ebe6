// Numbers from text as Go's strconv reads them.
#pragma once

#include <optional>
#include <string_view>

namespace openchoreo::cel {

// strconv.ParseFloat: decimal, hexadecimal with a binary exponent, inf, infinity, nan; signs; no
// spaces. Nothing if the text is no number or is out of a double's range.
std::optional<double> ParseGoDouble(std::string_view text);

}  // namespace openchoreo::cel
