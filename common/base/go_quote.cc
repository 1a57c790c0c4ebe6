#include "common/base/go_quote.h"

#include <re2/re2.h>

#include <cstdio>

#include "common/base/utf8.h"

namespace openchoreo::base {

namespace {

// Go's strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.
bool IsPrintable(char32_t r) {
  if (r < 0x7f) return r >= 0x20;
  static const RE2 kPrintable("[\\pL\\pM\\pN\\pP\\pS]");
  std::string text;
  AppendRune(text, r);
  return RE2::FullMatch(text, kPrintable);
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
