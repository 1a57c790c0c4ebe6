#include "cli/typed_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "common/base/base64.h"
#include "common/base/go_format.h"
#include "common/base/rfc3339.h"
#include "common/value/json_writer.h"

namespace openchoreo::cli {

namespace {

using value::Kind;
using value::MapEntry;
using value::Value;

template <typename Number>
std::optional<Number> ReadNumber(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Value> ReadDouble(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") return Value::Double(std::numeric_limits<double>::quiet_NaN());
  if (text == "Infinity") return Value::Double(kInfinity);
  if (text == "-Infinity") return Value::Double(-kInfinity);
  const auto number = ReadNumber<double>(text);
  return number ? std::optional(Value::Double(*number)) : std::nullopt;
}

std::optional<Value> ReadBytes(std::string_view base64, base::Arena& arena) {
  std::string bytes;
  if (!base::DecodeBase64(base64, bytes)) return std::nullopt;
  return Value::Bytes(arena.CopyString(bytes));
}

// "12.5" as 12 and 500000000; the sign is apart.
bool ReadDecimal(std::string_view text, std::int64_t& whole, std::int64_t& nanos) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const auto integer = ReadNumber<std::int64_t>(text.substr(0, point));
  if (!integer || *integer < 0) return false;
  whole = *integer;
  nanos = 0;
  std::size_t digits = 0;
  for (std::size_t i = point + 1; i < text.size(); ++i, ++digits) {
    if (text[i] < '0' || text[i] > '9') return false;
    if (digits < 9) nanos = nanos * 10 + (text[i] - '0');
  }
  for (; digits < 9; ++digits) nanos *= 10;
  return true;
}

std::optional<Value> ReadDuration(std::string_view text) {
  if (text.empty() || text.back() != 's') return std::nullopt;
  text.remove_suffix(1);
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  constexpr std::int64_t kMostSeconds = 9'223'372'035;
  if (!ReadDecimal(text, seconds, nanos) || seconds > kMostSeconds) return std::nullopt;
  const std::int64_t total = seconds * 1'000'000'000 + nanos;
  return Value::Duration(negative ? -total : total);
}

std::optional<Value> ReadTimestamp(std::string_view text) {
  const auto instant = base::ParseRfc3339(text);
  return instant ? std::optional(Value::Timestamp(instant->seconds, instant->nanos, 0))
                 : std::nullopt;
}

std::optional<Value> ReadList(const Value& json, base::Arena& arena) {
  if (!json.is_list()) return std::nullopt;
  Value* items = arena.AllocateArray<Value>(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto item = ReadTypedValue(json.as_list()[i], arena);
    if (!item) return std::nullopt;
    items[i] = *item;
  }
  return Value::List({items, json.size()});
}

// Maps are sorted by key as those of CEL are: by kind, then by value.
bool KeyBefore(const MapEntry& a, const MapEntry& b) {
  if (a.key.kind() != b.key.kind()) return a.key.kind() < b.key.kind();
  if (a.key.is_string()) return a.key.as_string() < b.key.as_string();
  if (a.key.kind() == Kind::kUint) return a.key.as_uint() < b.key.as_uint();
  return a.key.as_int() < b.key.as_int();
}

std::optional<Value> ReadMap(const Value& json, base::Arena& arena) {
  if (!json.is_list()) return std::nullopt;
  MapEntry* entries = arena.AllocateArray<MapEntry>(json.size());
  bool strings = true;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const Value& pair = json.as_list()[i];
    if (!pair.is_list() || pair.size() != 2) return std::nullopt;
    const auto key = ReadTypedValue(pair.as_list()[0], arena);
    const auto held = ReadTypedValue(pair.as_list()[1], arena);
    if (!key || !held) return std::nullopt;
    entries[i] = {*key, *held};
    strings = strings && key->is_string();
  }
  std::sort(entries, entries + json.size(), KeyBefore);
  return Value::Map({entries, json.size()}, strings ? 0 : Value::kMixedKeys);
}

std::optional<Value> ReadOptional(const Value& json, base::Arena& arena) {
  if (json.is_null()) return Value::Optional(nullptr);
  const auto held = ReadTypedValue(json, arena);
  if (!held) return std::nullopt;
  Value* stored = arena.AllocateArray<Value>(1);
  *stored = *held;
  return Value::Optional(stored);
}

}  // namespace

std::optional<Value> ReadTypedValue(const Value& json, base::Arena& arena) {
  if (!json.is_map() || json.size() != 1) return std::nullopt;
  const std::string_view form = json.as_map()[0].key.as_string();
  const Value& held = json.as_map()[0].value;
  const std::string_view text = held.string_or_empty();
  if (form == "null") return Value::Null();
  if (form == "bool") return held.is_bool() ? std::optional(held) : std::nullopt;
  if (form == "list") return ReadList(held, arena);
  if (form == "map") return ReadMap(held, arena);
  if (form == "optional") return ReadOptional(held, arena);
  if (!held.is_string()) return std::nullopt;
  if (form == "int") {
    const auto number = ReadNumber<std::int64_t>(text);
    return number ? std::optional(Value::Int(*number)) : std::nullopt;
  }
  if (form == "uint") {
    const auto number = ReadNumber<std::uint64_t>(text);
    return number ? std::optional(Value::Uint(*number)) : std::nullopt;
  }
  if (form == "double") return ReadDouble(text);
  if (form == "string") return held;
  if (form == "bytes") return ReadBytes(text, arena);
  if (form == "timestamp") return ReadTimestamp(text);
  if (form == "duration") return ReadDuration(text);
  if (form == "type") return Value::Type(text);
  return std::nullopt;
}

namespace {

std::string DoubleText(double d) {
  if (std::isinf(d)) return d < 0 ? "-Infinity" : "Infinity";
  return base::FormatG(d);
}

std::string DurationText(std::int64_t nanoseconds) {
  std::string out = nanoseconds < 0 ? "-" : "";
  const auto magnitude = nanoseconds < 0 ? 0 - static_cast<std::uint64_t>(nanoseconds)
                                         : static_cast<std::uint64_t>(nanoseconds);
  base::AppendUint(out, magnitude / 1'000'000'000);
  std::string fraction = std::to_string(magnitude % 1'000'000'000);
  fraction.insert(0, 9 - fraction.size(), '0');
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (!fraction.empty()) out += "." + fraction;
  return out + "s";
}

void AppendForm(std::string& out, std::string_view form, std::string_view text) {
  out.append("{\"").append(form).append("\":");
  value::AppendJsonString(out, text);
  out += '}';
}

// What a value takes beside its text.
constexpr std::size_t kFormBytes = 64;

void AppendMap(std::string& out, const Value& map, base::Budget& budget) {
  std::vector<std::pair<std::string, std::string>> entries;
  base::Charge held_bytes(budget);  // maps around this one hold their pieces meanwhile
  for (const MapEntry& entry : map.as_map()) {
    auto& [key, held] = entries.emplace_back();
    AppendTypedValue(key, entry.key, budget);
    AppendTypedValue(held, entry.value, budget);
    if (budget.spent() ||
        !held_bytes.Add(2 * sizeof(entries[0]) + key.capacity() + held.capacity()))
      return;
  }
  std::sort(entries.begin(), entries.end());
  out += "{\"map\":[";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) out += ',';
    out += "[" + entries[i].first + "," + entries[i].second + "]";
  }
  out += "]}";
}

}  // namespace

void AppendTypedValue(std::string& out, const Value& value, base::Budget& budget) {
  const base::Level level(budget);
  const std::size_t bytes = kFormBytes + (value.is_list() || value.is_map() ? 0 : 6 * value.size());
  if (!level || !budget.Spend(1 + value.size() / 16) || !budget.HasRoomForText(out, bytes)) return;
  std::string text;
  switch (value.kind()) {
    case Kind::kNull:
      out += R"({"null":null})";
      return;
    case Kind::kBool:
      out += value.as_bool() ? R"({"bool":true})" : R"({"bool":false})";
      return;
    case Kind::kInt:
      if (value.is_cel_null()) {
        out += R"({"nullvalue":0})";
        return;
      }
      base::AppendInt(text, value.as_int());
      return AppendForm(out, "int", text);
    case Kind::kUint:
      base::AppendUint(text, value.as_uint());
      return AppendForm(out, "uint", text);
    case Kind::kDouble:
      return AppendForm(out, "double", DoubleText(value.as_double()));
    case Kind::kString:
      return AppendForm(out, "string", value.as_string());
    case Kind::kBytes:
      base::AppendBase64(text, value.as_string());
      return AppendForm(out, "bytes", text);
    case Kind::kTimestamp:
      value::AppendRfc3339(text,
                           Value::Timestamp(value.timestamp_seconds(), value.timestamp_nanos(), 0));
      return AppendForm(out, "timestamp", text);
    case Kind::kDuration:
      return AppendForm(out, "duration", DurationText(value.duration_nanoseconds()));
    case Kind::kType:
      return AppendForm(out, "type", value.as_string());
    case Kind::kOptional:
      out += "{\"optional\":";
      if (value.optional_value()) {
        AppendTypedValue(out, *value.optional_value(), budget);
      } else {
        out += "null";
      }
      out += '}';
      return;
    case Kind::kList: {
      out += "{\"list\":[";
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!first) out += ',';
        first = false;
        AppendTypedValue(out, item, budget);
        if (budget.spent()) return;
      }
      out += "]}";
      return;
    }
    case Kind::kMap:
      return AppendMap(out, value, budget);
    default:
      out += R"({"omit":true})";
      return;
  }
}

}  // namespace openchoreo::cli
