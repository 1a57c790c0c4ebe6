#include "common/value/go_dump.h"

#include "common/base/fnv32a.h"
#include "common/base/go_format.h"
#include "common/value/go_text.h"

namespace openchoreo::value {

namespace {

struct TextSink {
  std::string& out;

  void Append(std::string_view text) { out += text; }
};

struct HashSink {
  std::uint32_t hash = base::kFnv32aSeed;

  void Append(std::string_view text) { hash = base::Fnv32a(text, hash); }
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
  sink.Append("map[");
  bool first = true;
  for (const MapEntry& entry : map.as_map()) {
    if (!left_out.empty() && entry.key.as_string() == left_out) continue;
    if (!first) sink.Append(" ");
    first = false;
    sink.Append(entry.key.string_or_empty());
    sink.Append(":");
    DumpInterface(sink, entry.value);
  }
  sink.Append("]");
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
    case Kind::kString:
    case Kind::kType:
      sink.Append("(string)");
      sink.Append(value.as_string());
      return;
    case Kind::kBytes:
      sink.Append("([]uint8)");
      sink.Append(GoText(value));
      return;
    case Kind::kDuration:
      sink.Append("(time.Duration)");
      AppendNumber(sink, Value::Int(value.duration_nanoseconds()));
      return;
    case Kind::kList: {
      if (value.flags() & Value::kGoStrings) {
        sink.Append("([]string)");
        sink.Append(GoText(value));
        return;
      }
      sink.Append("([]interface {})[");
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!first) sink.Append(" ");
        first = false;
        DumpInterface(sink, item);
      }
      sink.Append("]");
      return;
    }
    case Kind::kMap:
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

void AppendGoDump(std::string& out, const Value& value) {
  TextSink sink{out};
  DumpInterface(sink, value);
}

std::uint32_t HashGoDump(std::span<const Value> maps, std::string_view left_out) {
  HashSink sink;
  DumpMaps(sink, maps, left_out);
  return sink.hash;
}

std::string GoDump(std::span<const Value> maps, std::string_view left_out) {
  std::string text;
  TextSink sink{text};
  DumpMaps(sink, maps, left_out);
  return text;
}

}  // namespace openchoreo::value
