// Arithmetic on timestamps and durations, and their text forms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/cel/frame.h"

namespace openchoreo::cel {

// 0001-01-01T00:00:00Z and the last second of 9999.
inline constexpr std::int64_t kMinTimestampSeconds = -62135596800;
inline constexpr std::int64_t kMaxTimestampSeconds = 253402300799;

// Results are values or errors ("timestamp overflow", "integer overflow").
value::Value AddDuration(const value::Value& timestamp, const value::Value& duration);
value::Value SubtractDuration(const value::Value& timestamp, const value::Value& duration);
value::Value TimestampDifference(const value::Value& a, const value::Value& b);

// RFC 3339 with cel-go's strictness. "invalid RFC 3339 timestamp …", "timestamp overflow", or a
// type conversion error.
value::Value ParseTimestamp(Frame& frame, std::string_view text);

// Decimal seconds: "5400s", "-0.5s" (cel-go's string(duration)).
std::string DurationText(std::int64_t nanoseconds);

}  // namespace openchoreo::cel
