#include "common/admission/field_error.h"

#include "common/base/go_format.h"
#include "common/base/utf8.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::admission {
namespace {

void AppendHex(std::string& out, std::uint32_t value, int digits) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += kDigits[(value >> shift) & 0xf];
}

// unicode.IsPrint, as far as names and texts in manifests need it.
bool IsPrintable(char32_t rune) {
  if (rune < 0x20 || (rune >= 0x7f && rune <= 0xa0) || rune == 0xad) return false;
  if (rune >= 0x2000 && rune <= 0x200f) return false;
  if (rune >= 0x2028 && rune <= 0x202f) return false;
  if (rune >= 0x205f && rune <= 0x206f) return false;
  if (rune >= 0xd800 && rune <= 0xf8ff) return false;
  return rune != 0x1680 && rune != 0x3000 && rune != 0xfeff && (rune & 0xfffe) != 0xfffe &&
         rune < 0xe0000;
}

}  // namespace

std::string GoQuote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const base::DecodedRune decoded = base::DecodeRune(text);
    const char32_t rune = decoded.rune;
    const std::string_view bytes = text.substr(0, decoded.size);
    text.remove_prefix(decoded.size);
    if (!decoded.valid) {
      out += "\\x";
      AppendHex(out, static_cast<unsigned char>(bytes[0]), 2);
    } else if (rune == '"' || rune == '\\') {
      out += '\\';
      out += bytes;
    } else if (IsPrintable(rune)) {
      out += bytes;
    } else if (rune >= '\a' && rune <= '\r') {
      out += '\\';
      out += "abtnvfr"[rune - '\a'];
    } else if (rune < 0x80) {
      out += "\\x";
      AppendHex(out, rune, 2);
    } else if (rune < 0x10000) {
      out += "\\u";
      AppendHex(out, rune, 4);
    } else {
      out += "\\U";
      AppendHex(out, rune, 8);
    }
  }
  out += '"';
  return out;
}

std::string DescribeInvalid(std::string_view label, const value::Value& value) {
  std::string out(label);
  out += ": ";
  if (value.is_string()) {
    out += GoQuote(value.as_string());
  } else if (value.is_double()) {
    base::AppendG(out, value.as_double());
  } else {
    value::AppendJson(out, value, value::HtmlEscape::kOn);
  }
  return out;
}

std::string JoinErrors(const FieldErrors& errors) {
  std::string out;
  for (const FieldError& error : errors) {
    if (!out.empty()) out += "; ";
    out += error.text;
  }
  return out;
}

}  // namespace openchoreo::admission
