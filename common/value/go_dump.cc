#include "common/value/go_dump.h"

#include "common/base/go_format.h"
#include "common/names/fnv32a.h"
#include "common/value/go_text.h"

namespace openchoreo::value {

namespace {

struct TextSink {
  std::string& out;
  base::Budget& budget;

  void Append(std::string_view text) {
    if (budget.SpendText(text.size()) && budget.HasRoomForText(out, text.size())) out += text;
  }
};

struct HashSink {
  base::Budget& budget;
  std::uint32_t hash = names::kFnv32aSeed;

  void Append(std::string_view text) {
    // A byte at a time.
    if (text.size() < 16 || budget.Spend(text.size() / 16)) hash = names::Fnv32a(text, hash);
  }
};

template <typename Sink>
void AppendNumber(Sink& sink, const Value& number) {
  std::string text;  // short enough for the small-string buffer
  switch (number.kind()) {
    case Kind::kInt:
      base::AppendInt(text, number.as_int());
      break;
    case Kind::kUint:
      base::AppendUint(text, number.as_uint());
      break;
    default:
      base::AppendG(text, number.as_double());
  }
  sink.Append(text);
}

template <typename Sink>
void DumpInterface(Sink& sink, const Value& value);

template <typename Sink>
void DumpMap(Sink& sink, const Value& map, std::string_view left_out) {
  const base::Level level(sink.budget);
  if (!level || !sink.budget.Spend(1 + map.size())) return;
  sink.Append("map[");
  bool first = true;
  for (const MapEntry& entry : map.as_map()) {
    if (!left_out.empty() && entry.key.as_string() == left_out) continue;
    if (!first) sink.Append(" ");
    first = false;
    sink.Append(entry.key.string_or_empty());
    sink.Append(":");
    DumpInterface(sink, entry.value);
    if (sink.budget.spent()) return;
  }
  sink.Append("]");
}

template <typename Sink, typename Each>
void DumpItems(Sink& sink, const Each& each, std::size_t count) {
  const base::Level level(sink.budget);
  if (!level || !sink.budget.Spend(1 + count)) return;
  for (std::size_t i = 0; i < count; ++i) {
    if (sink.budget.spent()) return;
    if (i > 0) sink.Append(" ");
    each(i);
  }
  sink.Append("]");
}

template <typename Sink>
void DumpBytes(Sink& sink, std::string_view bytes) {
  sink.Append("[");
  DumpItems(
      sink,
      [&](std::size_t i) { AppendNumber(sink, Value::Uint(static_cast<unsigned char>(bytes[i]))); },
      bytes.size());
}

// time.Time, as Go holds it: seconds since the year 1 and a location, which is nil for UTC.
template <typename Sink>
void DumpTime(Sink& sink, const Value& time) {
  constexpr std::int64_t kUnixEpoch = 62135596800;
  sink.Append("(time.Time){wall:(uint64)");
  AppendNumber(sink, Value::Uint(time.timestamp_nanos()));
  sink.Append(" ext:(int64)");
  AppendNumber(sink, Value::Int(time.timestamp_seconds() + kUnixEpoch));
  if (time.timestamp_offset_minutes() == 0) {
    sink.Append(" loc:(*time.Location)<nil>}");
    return;
  }
  const auto zone = [&] {
    sink.Append("{name:(string) offset:(int)");
    AppendNumber(sink, Value::Int(std::int64_t{60} * time.timestamp_offset_minutes()));
    sink.Append(" isDST:(bool)false}");
  };
  sink.Append(" loc:(*time.Location){name:(string) zone:([]time.zone)[");
  zone();
  sink.Append(
      "] tx:([]time.zoneTrans)[{when:(int64)-9223372036854775808 index:(uint8)0 isstd:(bool)false "
      "isutc:(bool)false}] extend:(string) cacheStart:(int64)-9223372036854775808 "
      "cacheEnd:(int64)9223372036854775807 cacheZone:(*time.zone)");
  zone();
  sink.Append("}}");
}

// An item of a list that left CEL inside an optional: still a value of cel-go's own types.
template <typename Sink>
void DumpReference(Sink& sink, const Value& value) {
  switch (value.kind()) {
    case Kind::kBool:
      sink.Append(value.as_bool() ? "(types.Bool)true" : "(types.Bool)false");
      return;
    case Kind::kInt:
      sink.Append(value.is_cel_null() ? "(types.Null)" : "(types.Int)");
      AppendNumber(sink, value);
      return;
    case Kind::kUint:
      sink.Append("(types.Uint)");
      AppendNumber(sink, value);
      return;
    case Kind::kDouble:
      sink.Append("(types.Double)");
      AppendNumber(sink, value);
      return;
    case Kind::kString:
      sink.Append("(types.String)");
      sink.Append(value.as_string());
      return;
    case Kind::kBytes:
      sink.Append("(types.Bytes)");
      DumpBytes(sink, value.as_string());
      return;
    default:
      DumpInterface(sink, value);
  }
}

template <typename Sink>
void DumpList(Sink& sink, const Value& list) {
  const auto items = list.as_list();
  if ((list.flags() & Value::kGoStrings) != 0) {
    sink.Append("([]string)[");
    DumpItems(
        sink, [&](std::size_t i) { sink.Append(items[i].string_or_empty()); }, items.size());
  } else if ((list.flags() & Value::kGoReferences) != 0) {
    sink.Append("([]ref.Val)[");
    DumpItems(
        sink, [&](std::size_t i) { DumpReference(sink, items[i]); }, items.size());
  } else {
    sink.Append("([]interface {})[");
    DumpItems(
        sink, [&](std::size_t i) { DumpInterface(sink, items[i]); }, items.size());
  }
}

template <typename Sink>
void DumpInterface(Sink& sink, const Value& value) {
  switch (value.kind()) {
    case Kind::kBool:
      sink.Append(value.as_bool() ? "(bool)true" : "(bool)false");
      return;
    case Kind::kInt:
      sink.Append(value.is_cel_null() ? "(structpb.NullValue)" : "(int64)");
      AppendNumber(sink, value);
      return;
    case Kind::kUint:
      sink.Append("(uint64)");
      AppendNumber(sink, value);
      return;
    case Kind::kDouble:
      sink.Append("(float64)");
      AppendNumber(sink, value);
      return;
    case Kind::kDuration:
      sink.Append("(time.Duration)");
      AppendNumber(sink, Value::Int(value.duration_nanoseconds()));
      return;
    case Kind::kTimestamp:
      DumpTime(sink, value);
      return;
    case Kind::kString:
    case Kind::kType:
      sink.Append("(string)");
      sink.Append(value.as_string());
      return;
    case Kind::kBytes:
      sink.Append("([]uint8)");
      DumpBytes(sink, value.as_string());
      return;
    case Kind::kList:
      DumpList(sink, value);
      return;
    case Kind::kMap:
      if ((value.flags() & Value::kGoError) != 0) {
        sink.Append(
            "(*errors.errorString){s:(string)unsupported conversion to ref.Val: "
            "(*template.omitValue)&{}}");
        return;
      }
      sink.Append("(map[string]interface {})");
      DumpMap(sink, value, {});
      return;
    default:
      sink.Append("(interface {})<nil>");
  }
}

template <typename Sink>
void DumpMaps(Sink& sink, std::span<const Value> maps, std::string_view left_out) {
  sink.Append("([]map[string]interface {})[");
  bool first = true;
  for (const Value& map : maps) {
    if (!first) sink.Append(" ");
    first = false;
    DumpMap(sink, map, left_out);
  }
  sink.Append("]");
}

}  // namespace

void AppendGoDump(std::string& out, const Value& value, base::Budget& budget) {
  TextSink sink{out, budget};
  DumpInterface(sink, value);
}

std::uint32_t HashGoDump(std::span<const Value> maps, std::string_view left_out,
                         base::Budget& budget) {
  HashSink sink{budget};
  DumpMaps(sink, maps, left_out);
  return sink.hash;
}

std::string GoDump(std::span<const Value> maps, std::string_view left_out, base::Budget& budget) {
  std::string text;
  TextSink sink{text, budget};
  DumpMaps(sink, maps, left_out);
  return text;
}

}  // namespace openchoreo::value
