#include "common/base/utf8.h"

namespace openchoreo::base {

DecodedRune DecodeRune(std::string_view text) {
  constexpr DecodedRune kInvalid{kReplacement, 1, false};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1, true};
  std::uint32_t size;
  char32_t rune;
  char32_t least;
  if (first >= 0xc2 && first <= 0xdf) {
    size = 2, rune = first & 0x1f, least = 0x80;
  } else if ((first & 0xf0) == 0xe0) {
    size = 3, rune = first & 0x0f, least = 0x800;
  } else if (first >= 0xf0 && first <= 0xf4) {
    size = 4, rune = first & 0x07, least = 0x10000;
  } else {
    return kInvalid;
  }
  if (text.size() < size) return kInvalid;
  for (std::uint32_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return kInvalid;
    rune = (rune << 6) | (byte(i) & 0x3f);
  }
  if (rune < least || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) return kInvalid;
  return {rune, size, true};
}

void AppendRune(std::string& out, char32_t rune) {
  if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) rune = kReplacement;
  const auto put = [&](char32_t bits) { out += static_cast<char>(bits); };
  if (rune < 0x80) {
    put(rune);
  } else if (rune < 0x800) {
    put(0xc0 | (rune >> 6));
    put(0x80 | (rune & 0x3f));
  } else if (rune < 0x10000) {
    put(0xe0 | (rune >> 12));
    put(0x80 | ((rune >> 6) & 0x3f));
    put(0x80 | (rune & 0x3f));
  } else {
    put(0xf0 | (rune >> 18));
    put(0x80 | ((rune >> 12) & 0x3f));
    put(0x80 | ((rune >> 6) & 0x3f));
    put(0x80 | (rune & 0x3f));
  }
}

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    const DecodedRune decoded = DecodeRune(text);
    if (!decoded.valid) return false;
    text.remove_prefix(decoded.size);
  }
  return true;
}

namespace {

// Go's unicode.IsSpace.
bool IsSpace(char32_t rune) {
  switch (rune) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
      return true;
    default:
      return rune == ' ' || (rune >= '\t' && rune <= '\r') || (rune >= 0x2000 && rune <= 0x200a);
  }
}

// Where the last code point of `text` begins.
std::size_t LastRune(std::string_view text) {
  std::size_t begin = text.size() - 1;
  while (begin > 0 && text.size() - begin < 4 &&
         (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) {
    --begin;
  }
  return begin;
}

}  // namespace

std::string_view TrimSpace(std::string_view text) {
  while (!text.empty()) {
    const DecodedRune first = DecodeRune(text);
    if (!IsSpace(first.rune)) break;
    text.remove_prefix(first.size);
  }
  while (!text.empty()) {
    const std::size_t begin = LastRune(text);
    const DecodedRune last = DecodeRune(text.substr(begin));
    // Bytes behind it belong to no code point.
    if (last.size < text.size() - begin || !IsSpace(last.rune)) break;
    text = text.substr(0, begin);
  }
  return text;
}

std::size_t CountRunes(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(DecodeRune(text).size);
    ++count;
  }
  return count;
}

}  // namespace openchoreo::base
