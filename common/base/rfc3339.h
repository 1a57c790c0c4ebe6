// Points in time as Kubernetes writes them: RFC 3339 text to seconds since 1970 and back.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace openchoreo::base {

// A point in time, to the nanosecond, UTC. Proleptic Gregorian, years 0 to 9999.
struct Instant {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z; negative before
  std::uint32_t nanos = 0;   // 0 to 999,999,999

  friend auto operator<=>(const Instant&, const Instant&) = default;
};

inline Instant PlusSeconds(Instant instant, std::int64_t seconds) {
  instant.seconds += seconds;
  return instant;
}

// The parts of a text that has RFC 3339's shape; days are not held against their month.
struct TimestampParts {
  int year, month, day, hour, minute, second;  // second may be 60
  std::uint32_t nanos;                         // digits beyond the ninth are cut
  char separator, zone;                        // 'T' or 't'; 'Z', 'z', '+' or '-'
  int zone_hour, zone_minute;                  // 0 with 'Z' and 'z'
};

// False where the text has another shape; `parts` is then unspecified.
bool ReadTimestamp(std::string_view text, TimestampParts& parts);

// The day exists in its month.
bool DayExists(const TimestampParts& parts);

// Seconds since 1970, the zone's offset taken off.
std::int64_t SecondsOf(const TimestampParts& parts);

// What Go's time.Parse(time.RFC3339, …) accepts: capital letters, no leap second, days that exist.
std::optional<Instant> ParseRfc3339(std::string_view text);

// "2026-05-04T10:00:00Z", the fraction left out: how Kubernetes' metav1.Time is written. Years
// outside 0 to 9999 are written as they come.
std::string Rfc3339Text(Instant instant);

}  // namespace openchoreo::base
