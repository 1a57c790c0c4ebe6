#include "common/cel/go_text.h"

#include "common/base/go_format.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

using value::Kind;
using value::Value;

namespace {

// Go's time.Time.String: "2024-02-29 23:59:58.75 +0000 UTC".
std::string TimestampText(const Value& timestamp) {
  std::string text;
  value::AppendRfc3339(text, timestamp);
  const std::size_t zone = text.back() == 'Z' ? text.size() - 1 : text.size() - 6;
  std::string name = "+0000 UTC";
  if (text.back() != 'Z') {
    const std::string offset = text.substr(zone, 3) + text.substr(zone + 4);
    name = offset + " " + offset;
  }
  std::string out = text.substr(0, zone) + " " + name;
  out[out.find('T')] = ' ';
  return out;
}

// Go's time.Duration.String: "1h30m0.5s", "1.5ms", "0s".
std::string DurationText(std::int64_t nanoseconds) {
  if (nanoseconds == 0) return "0s";
  const bool negative = nanoseconds < 0;
  std::uint64_t rest = negative ? 0 - static_cast<std::uint64_t>(nanoseconds)
                                : static_cast<std::uint64_t>(nanoseconds);
  const auto decimal = [](std::uint64_t whole, std::uint64_t unit) {
    std::string text = std::to_string(whole / unit);
    std::string fraction = std::to_string(unit + whole % unit).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return fraction.empty() ? text : text + "." + fraction;
  };
  std::string out = negative ? "-" : "";
  if (rest < 1'000) return out + std::to_string(rest) + "ns";
  if (rest < 1'000'000) return out + decimal(rest, 1'000) + "\u00b5s";
  if (rest < 1'000'000'000) return out + decimal(rest, 1'000'000) + "ms";
  const std::uint64_t minutes = rest / 60'000'000'000;
  rest %= 60'000'000'000;
  if (minutes >= 60) out += std::to_string(minutes / 60) + "h";
  if (minutes > 0) out += std::to_string(minutes % 60) + "m";
  return out + decimal(rest, 1'000'000'000) + "s";
}

}  // namespace

std::string TypeNameText(std::string_view name) {
  if (name == "map") return "map(dyn, dyn)";
  return std::string(name) + (name == "list" || name == "optional_type" ? "(dyn)" : "");
}

std::string GoText(const Value& value, base::Budget& budget) {
  std::string out;
  switch (value.kind()) {
    case Kind::kNull:
      return "0";  // an enumerator of protobuf
    case Kind::kBool:
      return value.as_bool() ? "true" : "false";
    case Kind::kInt:
      base::AppendInt(out, value.as_int());
      return out;
    case Kind::kUint:
      base::AppendUint(out, value.as_uint());
      return out;
    case Kind::kDouble:
      return base::FormatG(value.as_double());
    case Kind::kString:
      if (!budget.SpendText(value.size()) || !budget.HasRoomForText(out, value.size())) return out;
      return std::string(value.as_string());
    case Kind::kType:
      return TypeNameText(value.as_string());
    case Kind::kTimestamp:
      return TimestampText(value);
    case Kind::kDuration:
      return DurationText(value.duration_nanoseconds());
    case Kind::kOptional: {
      if (!value.optional_value()) return "optional.none()";
      const base::Level level(budget);
      if (!level || !budget.Spend(1)) return out;
      return "optional(" + GoText(*value.optional_value(), budget) + ")";
    }
    case Kind::kOmit:
      return "&{}";
    default:
      return value::ToJson(value, budget);
  }
}

const char* RefTypeName(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "types.Null";
    case Kind::kBool:
      return "types.Bool";
    case Kind::kInt:
      return "types.Int";
    case Kind::kUint:
      return "types.Uint";
    case Kind::kDouble:
      return "types.Double";
    case Kind::kString:
      return "types.String";
    case Kind::kList:
      return "*types.baseList";
    case Kind::kMap:
      return "*types.baseMap";
    case Kind::kBytes:
      return "types.Bytes";
    case Kind::kTimestamp:
      return "types.Timestamp";
    case Kind::kDuration:
      return "types.Duration";
    case Kind::kType:
      return "*types.Type";
    case Kind::kOptional:
      return "*types.Optional";
    case Kind::kOmit:
      return "*template.omitCELValue";
    case Kind::kError:
      return "*types.Err";
  }
  return "nil";
}

}  // namespace openchoreo::cel
