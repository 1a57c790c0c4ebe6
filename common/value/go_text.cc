#include "common/value/go_text.h"

#include <cstdio>
#include <cstdlib>

#include "common/base/go_format.h"
#include "common/value/json_writer.h"

namespace openchoreo::value {

namespace {

// "2009-02-13 23:31:30.5 +0000 UTC"
void AppendTime(std::string& out, const Value& time) {
  std::string text;
  AppendRfc3339(text, time);
  const std::size_t t = text.find('T');
  out.append(text, 0, t);
  out += ' ';
  out.append(text, t + 1, text.find_first_of("Z+-", t) - t - 1);
  const int offset = time.timestamp_offset_minutes();
  if (offset == 0) {
    out += " +0000 UTC";
    return;
  }
  char zone[16];
  std::snprintf(zone, sizeof(zone), "%c%02d%02d", offset < 0 ? '-' : '+',
                std::abs(offset) / 60 % 100, std::abs(offset) % 60);
  out += ' ';
  out += zone;
  out += ' ';
  out += zone;
}

// Appends `value` / 10^`digits` without trailing zeros of the fraction.
void AppendScaled(std::string& out, std::uint64_t value, int digits) {
  std::uint64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  base::AppendUint(out, value / scale);
  std::uint64_t fraction = value % scale;
  if (fraction == 0) return;
  std::string text = std::to_string(fraction + scale);  // a leading 1 keeps the zeros
  while (text.back() == '0') text.pop_back();
  out += '.';
  out.append(text, 1);
}

// "1h0m1.5s", "1.5ms", "0s"
void AppendDuration(std::string& out, std::int64_t nanoseconds) {
  std::uint64_t n = static_cast<std::uint64_t>(nanoseconds);
  if (nanoseconds < 0) {
    out += '-';
    n = 0 - n;
  }
  constexpr std::uint64_t kSecond = 1'000'000'000;
  if (n < kSecond) {
    if (n == 0) {
      out += "0s";
    } else if (n < 1000) {
      AppendScaled(out, n, 0);
      out += "ns";
    } else if (n < 1'000'000) {
      AppendScaled(out, n, 3);
      out += "µs";
    } else {
      AppendScaled(out, n, 6);
      out += "ms";
    }
    return;
  }
  const std::uint64_t minutes = n / (60 * kSecond);
  if (minutes >= 60) {
    base::AppendUint(out, minutes / 60);
    out += 'h';
  }
  if (minutes > 0) {
    base::AppendUint(out, minutes % 60);
    out += 'm';
  }
  AppendScaled(out, n % (60 * kSecond), 9);
  out += 's';
}

// What a value that is no text, list or map takes at most, with what stands around it.
constexpr std::size_t kShortText = 64;

void AppendList(std::string& out, const Value& list, base::Budget& budget) {
  const base::Level level(budget);
  if (!level || !budget.Spend(1 + list.size())) return;
  out += '[';
  bool first = true;
  for (const Value& item : list.as_list()) {
    if (!budget.HasRoomForText(out, kShortText)) return;
    if (!first) out += ' ';
    first = false;
    AppendGoText(out, item, budget);
    if (budget.spent()) return;
  }
  out += ']';
}

void AppendMap(std::string& out, const Value& map, base::Budget& budget) {
  const base::Level level(budget);
  if (!level || !budget.Spend(1 + map.size())) return;
  out += "map[";
  bool first = true;
  for (const MapEntry& entry : map.as_map()) {
    if (!budget.HasRoomForText(out, kShortText)) return;
    if (!first) out += ' ';
    first = false;
    AppendGoText(out, entry.key, budget);
    out += ':';
    AppendGoText(out, entry.value, budget);
    if (budget.spent()) return;
  }
  out += ']';
}

}  // namespace

void AppendGoText(std::string& out, const Value& value, base::Budget& budget) {
  switch (value.kind()) {
    case Kind::kNull:
      out += "<nil>";
      return;
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case Kind::kInt:
      if (value.is_cel_null()) {
        out += "NULL_VALUE";
        return;
      }
      base::AppendInt(out, value.as_int());
      return;
    case Kind::kUint:
      base::AppendUint(out, value.as_uint());
      return;
    case Kind::kDouble:
      base::AppendG(out, value.as_double());
      return;
    case Kind::kString:
    case Kind::kType:
      if (budget.SpendText(value.size()) && budget.HasRoomForText(out, value.size())) {
        out += value.as_string();
      }
      return;
    case Kind::kBytes: {
      if (!budget.Spend(1 + value.size()) || !budget.HasRoomForText(out, 4 * value.size() + 2))
        return;
      out += '[';
      bool first = true;
      for (const char c : value.as_string()) {
        if (!first) out += ' ';
        first = false;
        base::AppendUint(out, static_cast<unsigned char>(c));
      }
      out += ']';
      return;
    }
    case Kind::kTimestamp:
      AppendTime(out, value);
      return;
    case Kind::kDuration:
      AppendDuration(out, value.duration_nanoseconds());
      return;
    case Kind::kOptional: {
      const base::Level level(budget);
      if (!level || !budget.Spend(1)) return;
      AppendGoText(out, value.optional_value() ? *value.optional_value() : Value(), budget);
      return;
    }
    case Kind::kOmit:
      out += "&{}";
      return;
    case Kind::kError:
      out += "error";
      return;
    case Kind::kList:
      AppendList(out, value, budget);
      return;
    case Kind::kMap:
      AppendMap(out, value, budget);
      return;
  }
}

std::string GoText(const Value& value, base::Budget& budget) {
  std::string out;
  AppendGoText(out, value, budget);
  return out;
}

}  // namespace openchoreo::value
