#include "common/cel/go_text.h"

#include "common/base/go_format.h"
#include "common/base/utf8.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {

using value::Kind;
using value::Value;

std::string GoText(const Value& value) {
  std::string out;
  switch (value.kind()) {
    case Kind::kNull:
      return "null";
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
    case Kind::kType:
      return std::string(value.as_string());
    case Kind::kTimestamp:
      value::AppendRfc3339(out, value);
      return out;
    default:
      return value::ToJson(value);
  }
}

std::string GoQuote(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  while (!text.empty()) {
    const base::DecodedRune decoded = base::DecodeRune(text);
    const auto byte = static_cast<unsigned char>(text.front());
    const std::string_view bytes = text.substr(0, decoded.size);
    text.remove_prefix(decoded.size);
    switch (decoded.rune) {
      case '"':
        out += "\\\"";
        continue;
      case '\\':
        out += "\\\\";
        continue;
      case '\a':
        out += "\\a";
        continue;
      case '\b':
        out += "\\b";
        continue;
      case '\f':
        out += "\\f";
        continue;
      case '\n':
        out += "\\n";
        continue;
      case '\r':
        out += "\\r";
        continue;
      case '\t':
        out += "\\t";
        continue;
      case '\v':
        out += "\\v";
        continue;
      default:
        break;
    }
    if (!decoded.valid || decoded.rune < 0x20 || decoded.rune == 0x7f) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += bytes;
    }
  }
  return out + "\"";
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
