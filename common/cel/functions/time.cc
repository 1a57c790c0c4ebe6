// getFullYear() and the other parts of timestamps and durations. The only user of the time zone
// database.
#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/base/go_quote.h"
#include "common/cel/declaration.h"

namespace openchoreo::cel {

namespace {

using value::Value;

// "-5" or "+05": as strconv.Atoi reads it. Go's words for what is wrong, or nullptr.
const char* ReadInt(std::string_view text, std::int64_t& out) {
  constexpr const char* kSyntax = "invalid syntax";
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return kSyntax;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (end != text.data() + text.size()) return kSyntax;
  if (error == std::errc::result_out_of_range) return "value out of range";
  return error == std::errc() ? nullptr : kSyntax;
}

// Whether `name` can be one of the database. absl also takes paths, fixed offsets and the machine's
// own zone, which would make results depend on the machine.
bool IsZoneName(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  if (name.size() > kLongest || name == "localtime" || name.substr(0, 6) == "Fixed/") {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-' || c == '/';
  });
}

// Seconds east of UTC of a zone written as hours and minutes, at `colon`. Nothing, with `error`
// set, if it is none.
std::optional<std::int64_t> FixedOffset(Frame& frame, std::string_view name, std::size_t colon,
                                        Value& error) {
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  const std::string_view texts[] = {name.substr(0, colon), name.substr(colon + 1)};
  std::int64_t* numbers[] = {&hours, &minutes};
  for (std::size_t i = 0; i < 2; ++i) {
    if (const char* problem = ReadInt(texts[i], *numbers[i])) {
      error = frame.Fail("strconv.Atoi: parsing " + base::GoQuote(texts[i]) + ": " + problem);
      return std::nullopt;
    }
  }
  constexpr int kMostHours = 100'000;
  if (hours > kMostHours || hours < -kMostHours || minutes > kMostHours || minutes < -kMostHours) {
    error = frame.Fail("time zone offset out of range: " + std::string(name));
    return std::nullopt;
  }
  return 60 * (name.front() == '-' ? hours * 60 - minutes : hours * 60 + minutes);
}

// The date and time of day `seconds` after 1970 in UTC.
absl::CivilSecond CivilTime(std::int64_t seconds) {
  return absl::CivilSecond(1970, 1, 1, 0, 0, 0) + seconds;
}

// The same in the zone `name`: IANA, or hours and minutes east of UTC. Nothing, with `error` set,
// if there is no such zone.
std::optional<absl::CivilSecond> CivilTimeIn(Frame& frame, std::int64_t seconds,
                                             std::string_view name, Value& error) {
  if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
    const auto offset = FixedOffset(frame, name, colon, error);
    return offset ? std::optional(CivilTime(seconds + *offset)) : std::nullopt;
  }
  if (name.empty() || name == "UTC" || name == "Local") return CivilTime(seconds);
  if (name.front() == '/' || name.front() == '\\' || name.find("..") != std::string_view::npos) {
    error = frame.Fail("time: invalid location name");
    return std::nullopt;
  }
  absl::TimeZone zone;
  if (IsZoneName(name) && absl::LoadTimeZone(std::string(name), &zone)) {
    return absl::ToCivilSecond(absl::FromUnixSeconds(seconds), zone);
  }
  error = frame.Fail("unknown time zone " + std::string(name));
  return std::nullopt;
}

enum class Part : std::uint8_t {
  kFullYear,
  kMonth,
  kDayOfYear,
  kDayOfMonth,
  kDate,
  kDayOfWeek,
  kHours,
  kMinutes,
  kSeconds,
  kMilliseconds
};

std::int64_t PartOf(const absl::CivilSecond& time, std::uint32_t nanos, Part part) {
  switch (part) {
    case Part::kFullYear:
      return time.year();
    case Part::kMonth:
      return time.month() - 1;
    case Part::kDayOfYear:
      return absl::GetYearDay(absl::CivilDay(time)) - 1;
    case Part::kDayOfMonth:
      return time.day() - 1;
    case Part::kDate:
      return time.day();
    case Part::kDayOfWeek:
      return (static_cast<int>(absl::GetWeekday(time)) + 1) % 7;
    case Part::kHours:
      return time.hour();
    case Part::kMinutes:
      return time.minute();
    case Part::kSeconds:
      return time.second();
    case Part::kMilliseconds:
      return nanos / 1'000'000;
  }
  return 0;
}

template <Part kPart>
Value TimestampPart(Frame&, const Value* arguments) {
  const Value& timestamp = arguments[0];
  return Value::Int(
      PartOf(CivilTime(timestamp.timestamp_seconds()), timestamp.timestamp_nanos(), kPart));
}

template <Part kPart>
Value TimestampPartIn(Frame& frame, const Value* arguments) {
  const Value& timestamp = arguments[0];
  Value error;
  // A zone is read from a file the first time, and kept by absl for good, even one that is not
  // there.
  if (!frame.Spend(1000)) return frame.LimitError();
  const auto time =
      CivilTimeIn(frame, timestamp.timestamp_seconds(), arguments[1].as_string(), error);
  return time ? Value::Int(PartOf(*time, timestamp.timestamp_nanos(), kPart)) : error;
}

template <std::int64_t kUnit>
Value DurationPart(Frame&, const Value* arguments) {
  return Value::Int(arguments[0].duration_nanoseconds() / kUnit);
}

template <Part kPart>
Function& DeclarePart(Declarations& all, std::string_view name, std::string_view id,
                      std::string_view id_in_zone) {
  using namespace types;  // NOLINT: type names only
  return all.Add(name)
      .Member(id, {&kTimestamp}, &kInt, TimestampPart<kPart>)
      .Member(id_in_zone, {&kTimestamp, &kString}, &kInt, TimestampPartIn<kPart>);
}

}  // namespace

void DeclareTime(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  DeclarePart<Part::kFullYear>(all, "getFullYear", "timestamp_to_year",
                               "timestamp_to_year_with_tz");
  DeclarePart<Part::kMonth>(all, "getMonth", "timestamp_to_month", "timestamp_to_month_with_tz");
  DeclarePart<Part::kDayOfYear>(all, "getDayOfYear", "timestamp_to_day_of_year",
                                "timestamp_to_day_of_year_with_tz");
  DeclarePart<Part::kDayOfMonth>(all, "getDayOfMonth", "timestamp_to_day_of_month",
                                 "timestamp_to_day_of_month_with_tz");
  DeclarePart<Part::kDate>(all, "getDate", "timestamp_to_day_of_month_1_based",
                           "timestamp_to_day_of_month_1_based_with_tz");
  DeclarePart<Part::kDayOfWeek>(all, "getDayOfWeek", "timestamp_to_day_of_week",
                                "timestamp_to_day_of_week_with_tz");
  DeclarePart<Part::kHours>(all, "getHours", "timestamp_to_hours", "timestamp_to_hours_with_tz")
      .Member("duration_to_hours", {&kDuration}, &kInt, DurationPart<3'600'000'000'000>);
  DeclarePart<Part::kMinutes>(all, "getMinutes", "timestamp_to_minutes",
                              "timestamp_to_minutes_with_tz")
      .Member("duration_to_minutes", {&kDuration}, &kInt, DurationPart<60'000'000'000>);
  DeclarePart<Part::kSeconds>(all, "getSeconds", "timestamp_to_seconds", "timestamp_to_seconds_tz")
      .Member("duration_to_seconds", {&kDuration}, &kInt, DurationPart<1'000'000'000>);
  DeclarePart<Part::kMilliseconds>(all, "getMilliseconds", "timestamp_to_milliseconds",
                                   "timestamp_to_milliseconds_with_tz")
      .Member("duration_to_milliseconds", {&kDuration}, &kInt, DurationPart<1'000'000>);
}

}  // namespace openchoreo::cel
