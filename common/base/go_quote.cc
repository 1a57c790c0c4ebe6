#include "common/base/go_quote.h"

#include <cstdio>

#include "common/base/utf8.h"

namespace openchoreo::base {

namespace {

// strconv.IsPrint for what texts hold in practice: controls, separators, format and private-use
// characters are escaped; unassigned code points are not told apart.
bool IsPrintable(char32_t r) {
  if (r < 0x20 || (r >= 0x7f && r <= 0xa0) || r == 0xad) return false;
  if (r == 0x1680 || r == 0x180e || r == 0x3000 || r == 0xfeff) return false;
  if ((r >= 0x2000 && r <= 0x200f) || (r >= 0x2028 && r <= 0x202f) || (r >= 0x205f && r <= 0x206f))
    return false;
  if ((r >= 0xd800 && r <= 0xf8ff) || (r >= 0xfff0 && r <= 0xfffb)) return false;
  return r < 0xe0000;
}

void AppendEscape(std::string& out, const char* format, unsigned value) {
  char text[12];
  out.append(text, static_cast<std::size_t>(std::snprintf(text, sizeof(text), format, value)));
}

}  // namespace

std::string GoQuote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const DecodedRune decoded = DecodeRune(text);
    const char32_t r = decoded.rune;
    if (!decoded.valid) {
      AppendEscape(out, "\\x%02x", static_cast<unsigned char>(text[0]));
    } else if (r == '"' || r == '\\') {
      out += '\\';
      out += static_cast<char>(r);
    } else if (IsPrintable(r)) {
      out += text.substr(0, decoded.size);
    } else {
      static constexpr std::string_view kLetters = "abtnvfr";  // U+0007 … U+000D
      if (r >= 0x07 && r <= 0x0d) {
        out += '\\';
        out += kLetters[r - 0x07];
      } else if (r < 0x20 || r == 0x7f) {
        AppendEscape(out, "\\x%02x", static_cast<unsigned>(r));
      } else {
        AppendEscape(out, r < 0x10000 ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(r));
      }
    }
    text.remove_prefix(decoded.size);
  }
  out += '"';
  return out;
}

}  // namespace openchoreo::base
