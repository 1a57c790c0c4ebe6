#include "common/cel/functions/time_values.h"

#include <limits>

#include "common/base/decimal.h"
#include "common/base/go_quote.h"
#include "common/base/rfc3339.h"

namespace openchoreo::cel {

using value::Value;

namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

}  // namespace

Value AddDuration(const Value& timestamp, const Value& duration) {
  const std::int64_t nanoseconds = duration.duration_nanoseconds();
  std::int64_t seconds = timestamp.timestamp_seconds() + nanoseconds / kNanosPerSecond;
  std::int64_t nanos = timestamp.timestamp_nanos() + nanoseconds % kNanosPerSecond;
  if (nanos < 0) {
    nanos += kNanosPerSecond;
    --seconds;
  } else if (nanos >= kNanosPerSecond) {
    nanos -= kNanosPerSecond;
    ++seconds;
  }
  if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) return kTimestampOverflow;
  return Value::Timestamp(seconds, static_cast<std::uint32_t>(nanos),
                          timestamp.timestamp_offset_minutes());
}

Value SubtractDuration(const Value& timestamp, const Value& duration) {
  const std::int64_t nanoseconds = duration.duration_nanoseconds();
  if (nanoseconds == std::numeric_limits<std::int64_t>::min()) return kIntOverflow;
  return AddDuration(timestamp, Value::Duration(-nanoseconds));
}

Value TimestampDifference(const Value& a, const Value& b) {
  const std::int64_t seconds = a.timestamp_seconds() - b.timestamp_seconds();
  const std::int64_t nanos = static_cast<std::int64_t>(a.timestamp_nanos()) - b.timestamp_nanos();
  std::int64_t total = 0;
  if (__builtin_mul_overflow(seconds, kNanosPerSecond, &total) ||
      __builtin_add_overflow(total, nanos, &total)) {
    return kIntOverflow;
  }
  return Value::Duration(total);
}

// Follows cel-go common/types/timestamp.go isStrictRFC3339 and Go's time.Parse, which is stricter
// on letters.
Value ParseTimestamp(Frame& frame, std::string_view text) {
  base::TimestampParts parts{};
  if (!base::ReadTimestamp(text, parts)) {
    return frame.Fail("invalid RFC 3339 timestamp " + base::GoQuote(text));
  }
  if (parts.separator != 'T' || parts.zone == 'z' || parts.second == 60 ||
      !base::DayExists(parts)) {
    return frame.Fail("type conversion error from 'string' to 'google.protobuf.Timestamp'");
  }
  int offset = parts.zone_hour * 60 + parts.zone_minute;
  if (parts.zone == '-') offset = -offset;
  const std::int64_t seconds = base::SecondsOf(parts);
  if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) return kTimestampOverflow;
  return Value::Timestamp(seconds, parts.nanos, static_cast<std::int16_t>(offset));
}

std::string DurationText(std::int64_t nanoseconds) {
  const std::int64_t whole = nanoseconds / kNanosPerSecond, rest = nanoseconds % kNanosPerSecond;
  return base::ShortestFixed(static_cast<double>(whole) + static_cast<double>(rest) / 1e9) + "s";
}

}  // namespace openchoreo::cel
