// base64.encode, base64.decode, json.encode. Follows cel-go ext/encoders.go.
#include <cmath>
#include <cstdint>

#include "common/base/base64.h"
#include "common/base/go_format.h"
#include "common/cel/declaration.h"
#include "common/cel/functions/time_values.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::Value;

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// Decodes as Go's base64.RawStdEncoding: line ends are skipped, no padding. False with `bad` the
// offset of the offending byte. `out` has room for 3/4 of the text.
bool DecodeRaw(std::string_view text, char* out, std::size_t& size, std::size_t& bad) {
  size = 0;
  std::uint32_t bits = 0;
  int digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || text[i] == '\r') continue;
    const int digit = Base64Digit(text[i]);
    if (digit < 0) {
      bad = i;
      return false;
    }
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    if (++digits < 4) continue;
    for (int shift = 16; shift >= 0; shift -= 8) out[size++] = static_cast<char>(bits >> shift);
    bits = 0;
    digits = 0;
  }
  if (digits == 1) {
    bad = text.size() - 1;
    return false;
  }
  if (digits == 2) out[size++] = static_cast<char>(bits >> 4);
  if (digits == 3) {
    out[size++] = static_cast<char>(bits >> 10);
    out[size++] = static_cast<char>(bits >> 2);
  }
  return true;
}

// The text without line ends is whole groups of four, the last one padded.
bool IsPadded(std::string_view text, std::size_t& unpadded) {
  std::size_t length = 0;
  std::size_t padding = 0;
  unpadded = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || text[i] == '\r') continue;
    ++length;
    if (text[i] == '=') {
      if (padding == 0) unpadded = i;
      ++padding;
    } else if (padding > 0) {
      return false;
    }
  }
  return length % 4 == 0 && padding <= 2;
}

Value Base64Decode(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  char* out = frame.Spend(text.size() / 16 + 1) ? frame.NewText(text.size()) : nullptr;
  if (!out) return frame.LimitError();
  std::size_t size = 0;
  std::size_t bad = 0;
  std::size_t unpadded = 0;
  if (IsPadded(text, unpadded) && DecodeRaw(text.substr(0, unpadded), out, size, bad)) {
    return Value::Bytes({out, size});
  }
  // Otherwise the text may have no padding at all; the error is that of this second try.
  if (DecodeRaw(text, out, size, bad)) return Value::Bytes({out, size});
  return frame.Fail("illegal base64 data at input byte " + std::to_string(bad));
}

Value Base64Encode(Frame& frame, const Value* arguments) {
  std::string text;
  if (!frame.Spend(arguments[0].size() / 16 + 1) ||
      !frame.HasRoomForText(text, arguments[0].size() / 3 * 4 + 4)) {
    return frame.LimitError();
  }
  base::AppendBase64(text, arguments[0].as_string());
  return frame.NewString(text);
}

constexpr std::int64_t kMaxSafe = (std::int64_t{1} << 53) - 1;

// Why `key` is no key of a JSON object, in the words of the Go type that holds it.
std::string KeyError(const Value& key) {
  const auto no_conversion = [](std::string_view from) {
    return "type conversion error from " + std::string(from) + " to 'string'";
  };
  switch (key.kind()) {
    case Kind::kInt:
    case Kind::kUint:
      return "unsupported type conversion from '" + std::string(RuntimeTypeName(key)) +
             "' to string";
    case Kind::kDouble:
      return no_conversion("Double");
    case Kind::kNull:
      return no_conversion("'null_type'");
    case Kind::kTimestamp:
      return no_conversion("'Timestamp'");
    case Kind::kDuration:
      return no_conversion("'Duration'");
    case Kind::kType:
      return "type conversion not supported for 'type'";
    case Kind::kOptional:
      return "optional.none() dereference";
    default:
      return no_conversion(RuntimeTypeName(key));
  }
}

std::string AppendEncoded(Frame& frame, std::string& out, const Value& value, std::string& number);

std::string AppendEncodedList(Frame& frame, std::string& out, const Value& list,
                              std::string& number) {
  out += '[';
  bool first = true;
  for (const Value& item : list.as_list()) {
    if (!first) out += ',';
    first = false;
    if (std::string error = AppendEncoded(frame, out, item, number); !error.empty()) return error;
  }
  out += ']';
  return "";
}

std::string AppendEncodedMap(Frame& frame, std::string& out, const Value& map,
                             std::string& number) {
  out += '{';
  bool first = true;
  for (const value::MapEntry& entry : map.as_map()) {
    Value key = entry.key;
    while (key.kind() == Kind::kOptional && key.optional_value()) key = *key.optional_value();
    if (!key.is_string()) return KeyError(key);
    if (!first) out += ',';
    first = false;
    if (!frame.SpendText(key.size()) ||
        !frame.HasRoomForText(out, key.size() + Frame::kShortText)) {
      return "limit";
    }
    value::AppendJsonString(out, key.as_string(), frame.budget(), value::HtmlEscape::kOn);
    out += ':';
    if (std::string error = AppendEncoded(frame, out, entry.value, number); !error.empty())
      return error;
  }
  out += '}';
  return "";
}

// Appends `value` as JSON; an error text if it has no JSON form, else "". Follows the proto3
// mapping cel-go converts by: integers that a double cannot hold are strings, durations and
// timestamps too. A number that is none is found only when all is converted: the first one's text
// goes to `number`.
std::string AppendEncoded(Frame& frame, std::string& out, const Value& value, std::string& number) {
  const Level level(frame);
  if (!level || !frame.Spend(1 + value.size() / 16) ||
      !frame.HasRoomForText(out, value.size() + Frame::kShortText))
    return "limit";
  const auto quoted = [&](std::string_view text) {
    value::AppendJsonString(out, text, frame.budget(), value::HtmlEscape::kOn);
    return std::string(frame.budget().spent() ? "limit" : "");
  };
  std::string text;
  switch (value.kind()) {
    case Kind::kNull:
      out += "null";
      return "";
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return "";
    case Kind::kInt:
      base::AppendInt(text, value.as_int());
      if (value.as_int() > kMaxSafe || value.as_int() < -kMaxSafe) return quoted(text);
      out += text;
      return "";
    case Kind::kUint:
      base::AppendUint(text, value.as_uint());
      if (value.as_uint() > static_cast<std::uint64_t>(kMaxSafe)) return quoted(text);
      out += text;
      return "";
    case Kind::kDouble:
      if (!std::isfinite(value.as_double())) {
        const char* text_of = std::isnan(value.as_double()) ? "NaN"
                              : value.as_double() > 0       ? "+Inf"
                                                            : "-Inf";
        if (number.empty()) {
          number = std::string("proto: google.protobuf.Value.number_value: invalid ") + text_of +
                   " value";
        }
        return "";
      }
      base::AppendJsonNumber(out, value.as_double());
      return "";
    case Kind::kString:
      return quoted(value.as_string());
    case Kind::kBytes:
      base::AppendBase64(text, value.as_string());
      return quoted(text);
    case Kind::kTimestamp:
      value::AppendRfc3339(text, value);
      return quoted(text);
    case Kind::kDuration:
      return quoted(DurationText(value.duration_nanoseconds()));
    case Kind::kOptional:
      if (!value.optional_value()) return "optional.none() dereference";
      return AppendEncoded(frame, out, *value.optional_value(), number);
    case Kind::kList:
      return AppendEncodedList(frame, out, value, number);
    case Kind::kMap:
      return AppendEncodedMap(frame, out, value, number);
    case Kind::kOmit:
      // Inside a container Go's reflection panics.
      if (out.empty()) return "cannot convert *template.omitValue to JSON value";
      return "internal error: reflect.Value.SetMapIndex: value of type *template.omitValue is not "
             "assignable "
             "to type *structpb.Value";
    default:
      return "type conversion not supported for '" + std::string(RuntimeTypeName(value)) + "'";
  }
}

Value JsonEncode(Frame& frame, const Value* arguments) {
  std::string out;
  std::string number;
  std::string error = AppendEncoded(frame, out, arguments[0], number);
  if (frame.exceeded()) return frame.LimitError();
  if (error.empty()) error = number;
  return error.empty() ? frame.NewString(out) : frame.Fail(error);
}

}  // namespace

void DeclareEncoders(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  all.Add("base64.decode").Global("base64_decode_string", {&kString}, &kBytes, Base64Decode);
  all.Add("base64.encode").Global("base64_encode_bytes", {&kBytes}, &kString, Base64Encode);
  all.Add("json.encode").Global("json_encode_dyn", {&kDyn}, &kString, JsonEncode);
}

}  // namespace openchoreo::cel
