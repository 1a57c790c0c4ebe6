#include "common/base/rfc3339.h"

#include <chrono>
#include <cstdio>

namespace openchoreo::base {
namespace {

// Reads the fixed shape of RFC 3339 from the front of a text.
class TimestampReader {
 public:
  explicit TimestampReader(std::string_view text) : rest_(text) {}

  bool Number(std::size_t digits, int min, int max, int& out) {
    if (rest_.size() < digits) return false;
    out = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      out = out * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return out >= min && out <= max;
  }

  // One of the characters of `allowed`; '\0' if there is none.
  char OneOf(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) return '\0';
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  // The digits after a '.', cut to nanoseconds.
  bool Fraction(std::uint32_t& nanos) {
    nanos = 0;
    if (!OneOf(".")) return true;
    std::size_t digits = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++digits) {
      if (digits < 9) nanos = nanos * 10 + static_cast<std::uint32_t>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    for (std::size_t i = digits; i < 9; ++i) nanos *= 10;
    return digits > 0;
  }

  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

bool ReadTimestamp(std::string_view text, TimestampParts& parts) {
  TimestampReader reader(text);
  parts.zone_hour = parts.zone_minute = 0;
  if (!reader.Number(4, 0, 9999, parts.year) || !reader.OneOf("-") ||
      !reader.Number(2, 1, 12, parts.month) || !reader.OneOf("-") ||
      !reader.Number(2, 1, 31, parts.day) || !(parts.separator = reader.OneOf("Tt")) ||
      !reader.Number(2, 0, 23, parts.hour) || !reader.OneOf(":") ||
      !reader.Number(2, 0, 59, parts.minute) || !reader.OneOf(":") ||
      !reader.Number(2, 0, 60, parts.second) || !reader.Fraction(parts.nanos) ||
      !(parts.zone = reader.OneOf("Zz+-"))) {
    return false;
  }
  if (parts.zone == '+' || parts.zone == '-') {
    if (!reader.Number(2, 0, 23, parts.zone_hour) || !reader.OneOf(":") ||
        !reader.Number(2, 0, 59, parts.zone_minute)) {
      return false;
    }
  }
  return reader.done();
}

bool DayExists(const TimestampParts& parts) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (parts.year % 4 == 0 && parts.year % 100 != 0) || parts.year % 400 == 0;
  return parts.day <= (parts.month == 2 && leap ? 29 : kDays[parts.month - 1]);
}

std::int64_t SecondsOf(const TimestampParts& parts) {
  int offset = parts.zone_hour * 60 + parts.zone_minute;
  if (parts.zone == '-') offset = -offset;
  using namespace std::chrono;  // NOLINT: its literals of dates
  const sys_days date = year(parts.year) / month(static_cast<unsigned>(parts.month)) /
                        day(static_cast<unsigned>(parts.day));
  const std::int64_t minutes = parts.hour * 60 + parts.minute - offset;
  return sys_seconds(date).time_since_epoch().count() + minutes * 60 + parts.second;
}

std::optional<Instant> ParseRfc3339(std::string_view text) {
  TimestampParts parts{};
  if (!ReadTimestamp(text, parts) || parts.separator != 'T' || parts.zone == 'z' ||
      parts.second == 60 || !DayExists(parts)) {
    return std::nullopt;
  }
  return Instant{SecondsOf(parts), parts.nanos};
}

std::string Rfc3339Text(Instant instant) {
  const std::chrono::sys_seconds point{std::chrono::seconds(instant.seconds)};
  const auto midnight = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(midnight);
  const std::int64_t rest = (point - midnight).count();
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02lld:%02lld:%02lldZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<long long>(rest / 3600),
                static_cast<long long>(rest / 60 % 60), static_cast<long long>(rest % 60));
  return text;
}

}  // namespace openchoreo::base
