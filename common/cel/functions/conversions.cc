// int, uint, double, string, bytes, bool, timestamp, duration, dyn, type.
#include <charconv>
#include <cmath>
#include <optional>

#include "common/base/go_duration.h"
#include "common/base/go_format.h"
#include "common/base/go_parse.h"
#include "common/base/utf8.h"
#include "common/cel/declaration.h"
#include "common/cel/functions/time_values.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

namespace {

using value::Value;

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

Value Same(Frame&, const Value* arguments) { return arguments[0]; }

Value FromString(Frame& frame, const char* type) {
  return frame.Fail(std::string("type conversion error from 'string' to '") + type + "'");
}

Value StringToBool(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return Value::Bool(true);
  }
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return Value::Bool(false);
  }
  return FromString(frame, "bool");
}

Value StringToBytes(Frame&, const Value* arguments) {
  return Value::Bytes(arguments[0].as_string());
}

Value IntToDouble(Frame&, const Value* arguments) {
  return Value::Double(static_cast<double>(arguments[0].as_int()));
}

Value UintToDouble(Frame&, const Value* arguments) {
  return Value::Double(static_cast<double>(arguments[0].as_uint()));
}

Value StringToDouble(Frame& frame, const Value* arguments) {
  double number = 0;
  const bool is_number = base::IsGoFloat(arguments[0].as_string(), number);
  return is_number ? Value::Double(number) : FromString(frame, "double");
}

Value StringToDuration(Frame& frame, const Value* arguments) {
  const std::optional<std::int64_t> duration = base::ParseGoDuration(arguments[0].as_string());
  return duration ? Value::Duration(*duration) : FromString(frame, "google.protobuf.Duration");
}

Value DoubleToInt(Frame&, const Value* arguments) {
  const double d = arguments[0].as_double();
  if (!(d > -kTwo63 && d < kTwo63)) return kIntOverflow;
  return Value::Int(static_cast<std::int64_t>(d));
}

Value DurationToInt(Frame&, const Value* arguments) {
  return Value::Int(arguments[0].duration_nanoseconds());
}

Value StringToInt(Frame& frame, const Value* arguments) {
  std::int64_t number = 0;
  return base::IsGoInt(arguments[0].as_string(), number) ? Value::Int(number)
                                                         : FromString(frame, "int");
}

Value TimestampToInt(Frame&, const Value* arguments) {
  return Value::Int(arguments[0].timestamp_seconds());
}

Value UintToInt(Frame&, const Value* arguments) {
  return arguments[0].as_int() < 0 ? kIntOverflow : Value::Int(arguments[0].as_int());
}

Value BoolToString(Frame&, const Value* arguments) {
  return Value::String(arguments[0].as_bool() ? "true" : "false");
}

Value BytesToString(Frame& frame, const Value* arguments) {
  const std::string_view bytes = arguments[0].as_string();
  if (!base::IsValidUtf8(bytes)) {
    return frame.Fail("invalid UTF-8 in bytes, cannot convert to string");
  }
  return Value::String(bytes);
}

Value DoubleToString(Frame& frame, const Value* arguments) {
  return frame.NewString(base::FormatG(arguments[0].as_double()));
}

Value DurationToString(Frame& frame, const Value* arguments) {
  return frame.NewString(DurationText(arguments[0].duration_nanoseconds()));
}

template <typename Number>
Value IntegerText(Frame& frame, Number number) {
  char buffer[24];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), number);
  (void)error;
  return frame.NewString({buffer, static_cast<std::size_t>(end - buffer)});
}

Value IntToString(Frame& frame, const Value* arguments) {
  return IntegerText(frame, arguments[0].as_int());
}

Value TimestampToString(Frame& frame, const Value* arguments) {
  std::string text;
  value::AppendRfc3339(text, arguments[0]);
  return frame.NewString(text);
}

Value UintToString(Frame& frame, const Value* arguments) {
  return IntegerText(frame, arguments[0].as_uint());
}

Value IntToTimestamp(Frame&, const Value* arguments) {
  const std::int64_t seconds = arguments[0].as_int();
  if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) return kTimestampOverflow;
  return Value::Timestamp(seconds, 0, 0);
}

Value StringToTimestamp(Frame& frame, const Value* arguments) {
  return ParseTimestamp(frame, arguments[0].as_string());
}

Value DoubleToUint(Frame&, const Value* arguments) {
  const double d = arguments[0].as_double();
  if (!(d >= 0 && d < kTwo64)) return kUintOverflow;
  return Value::Uint(static_cast<std::uint64_t>(d));
}

Value IntToUint(Frame&, const Value* arguments) {
  return arguments[0].as_int() < 0 ? kUintOverflow : Value::Uint(arguments[0].as_uint());
}

Value StringToUint(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return FromString(frame, "uint");
  return Value::Uint(number);
}

// The type of an omit is itself an omit (openchoreo custom_functions.go,
// omitCELValue.ConvertToType).
Value TypeOfValue(Frame&, const Value* arguments) {
  if (arguments[0].is_omit()) return arguments[0];
  return Value::Type(RuntimeTypeName(arguments[0]));
}

}  // namespace

void DeclareConversions(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  all.Add("type").Global("type", {&kA}, all.TypeOf(&kA)).ForAll(TypeOfValue);
  all.Add("dyn").Global("to_dyn", {&kA}, &kDyn).ForAll(Same);
  all.Add("bool")
      .Global("bool_to_bool", {&kBool}, &kBool, Same)
      .Global("string_to_bool", {&kString}, &kBool, StringToBool);
  all.Add("bytes")
      .Global("bytes_to_bytes", {&kBytes}, &kBytes, Same)
      .Global("string_to_bytes", {&kString}, &kBytes, StringToBytes);
  all.Add("double")
      .Global("double_to_double", {&kDouble}, &kDouble, Same)
      .Global("int64_to_double", {&kInt}, &kDouble, IntToDouble)
      .Global("string_to_double", {&kString}, &kDouble, StringToDouble)
      .Global("uint64_to_double", {&kUint}, &kDouble, UintToDouble);
  all.Add("duration")
      .Global("duration_to_duration", {&kDuration}, &kDuration, Same)
      .Global("string_to_duration", {&kString}, &kDuration, StringToDuration);
  all.Add("int")
      .Global("int64_to_int64", {&kInt}, &kInt, Same)
      .Global("double_to_int64", {&kDouble}, &kInt, DoubleToInt)
      .Global("duration_to_int64", {&kDuration}, &kInt, DurationToInt)
      .Global("string_to_int64", {&kString}, &kInt, StringToInt)
      .Global("timestamp_to_int64", {&kTimestamp}, &kInt, TimestampToInt)
      .Global("uint64_to_int64", {&kUint}, &kInt, UintToInt);
  all.Add("string")
      .Global("string_to_string", {&kString}, &kString, Same)
      .Global("bool_to_string", {&kBool}, &kString, BoolToString)
      .Global("bytes_to_string", {&kBytes}, &kString, BytesToString)
      .Global("double_to_string", {&kDouble}, &kString, DoubleToString)
      .Global("duration_to_string", {&kDuration}, &kString, DurationToString)
      .Global("int64_to_string", {&kInt}, &kString, IntToString)
      .Global("timestamp_to_string", {&kTimestamp}, &kString, TimestampToString)
      .Global("uint64_to_string", {&kUint}, &kString, UintToString);
  all.Add("timestamp")
      .Global("timestamp_to_timestamp", {&kTimestamp}, &kTimestamp, Same)
      .Global("int64_to_timestamp", {&kInt}, &kTimestamp, IntToTimestamp)
      .Global("string_to_timestamp", {&kString}, &kTimestamp, StringToTimestamp);
  all.Add("uint")
      .Global("uint64_to_uint64", {&kUint}, &kUint, Same)
      .Global("double_to_uint64", {&kDouble}, &kUint, DoubleToUint)
      .Global("int64_to_uint64", {&kInt}, &kUint, IntToUint)
      .Global("string_to_uint64", {&kString}, &kUint, StringToUint);
}

}  // namespace openchoreo::cel
