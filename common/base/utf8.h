// UTF-8, by code point. Invalid bytes decode to U+FFFD, one byte at a time, as Go's range loop
// does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace openchoreo::base {

inline constexpr char32_t kReplacement = 0xfffd;

struct DecodedRune {
  char32_t rune;
  std::uint32_t size;  // bytes taken, at least 1
  bool valid;
};

// Decodes the code point at the front of `text`, which must not be empty.
DecodedRune DecodeRune(std::string_view text);

void AppendRune(std::string& out, char32_t rune);

bool IsValidUtf8(std::string_view text);

// strings.TrimSpace: without Unicode white space at both ends.
std::string_view TrimSpace(std::string_view text);

// Number of code points.
std::size_t CountRunes(std::string_view text);

inline bool IsAscii(std::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace openchoreo::base
