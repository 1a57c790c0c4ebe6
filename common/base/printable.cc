#include "common/base/printable.h"

#include <algorithm>
#include <iterator>

#include "common/base/secret.h"
#include "common/base/utf8.h"

namespace openchoreo::base {

namespace {

constexpr std::string_view kReplacementText = "\xef\xbf\xbd";

bool KeepsBreak(std::string_view next_line, LineBreaks breaks) {
  if (breaks == LineBreaks::kKeep) return true;
  if (breaks == LineBreaks::kEscape) return false;
  return next_line.starts_with(" | ") || next_line.starts_with("ERROR: ");
}

}  // namespace

bool SteersTerminal(char32_t rune) {
  struct Range {
    char32_t first, last;
  };

  constexpr Range kRanges[] = {
      {0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},   {0x200b, 0x200b}, {0x200e, 0x200f},
      {0x2028, 0x202e}, {0x2060, 0x2069}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};
  return std::any_of(std::begin(kRanges), std::end(kRanges), [rune](const Range& range) {
    return rune >= range.first && rune <= range.last;
  });
}

std::string Printable(std::string_view text, LineBreaks breaks) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const DecodedRune rune = DecodeRune(text);
    if (rune.rune == '\n') {
      safe += KeepsBreak(text.substr(1), breaks) ? "\n" : "\\n";
    } else if (rune.rune == '\r') {
      safe += "\\r";
    } else if (rune.rune == '\t') {
      safe += ' ';
    } else if (!rune.valid || SteersTerminal(rune.rune)) {
      safe += kReplacementText;
    } else {
      safe += text.substr(0, rune.size);
    }
    text.remove_prefix(rune.size);
  }
  return safe;
}

std::string Shown(std::string_view text, LineBreaks breaks) {
  return Printable(WithoutSecrets(text), breaks);
}

std::string QuotedLines(std::string_view text) {
  std::string quoted;
  while (text.ends_with('\n')) text.remove_suffix(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    quoted += "\n | ";
    quoted += text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return quoted;
}

}  // namespace openchoreo::base
