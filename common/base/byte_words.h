// Tests over the bytes of a text, eight at a time.
//
// A test takes eight bytes as one word and gives 0 if none of them is looked for. What it gives
// otherwise says only that there is one, not which: a mark may carry over into higher bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace openchoreo::base {

inline constexpr std::uint64_t kEachByte = 0x0101010101010101;
inline constexpr std::uint64_t kHighBits = kEachByte * 0x80;

// The next sizeof(Word) bytes of a text, in the machine's order.
template <typename Word>
Word WordAt(const char* text) {
  Word word;
  std::memcpy(&word, text, sizeof word);
  return word;
}

// The tests below are exact together with MarksHigh, alone for words of ASCII.

constexpr std::uint64_t MarksHigh(std::uint64_t word) { return word & kHighBits; }

constexpr std::uint64_t MarksBelow(std::uint64_t word, unsigned char least) {
  return (word - kEachByte * least) & ~word & kHighBits;
}

constexpr std::uint64_t MarksByte(std::uint64_t word, char c) {
  return MarksBelow(word ^ (kEachByte * static_cast<unsigned char>(c)), 1);
}

// Whatever is not between `first` and 0x7e, the last that ASCII shows.
constexpr std::uint64_t MarksUnprintable(std::uint64_t word, unsigned char first = ' ') {
  return MarksHigh(word | (word + kEachByte)) | MarksBelow(word, first);
}

// Whether `marks` finds nothing in `text`.
template <typename Marks>
bool NoneMarked(std::string_view text, const Marks& marks) {
  const char* at = text.data();
  const std::size_t size = text.size();
  if (size >= 8) {
    const char* const last = at + (size - 8);  // overlaps the word before it
    for (; at < last; at += 8) {
      if (marks(WordAt<std::uint64_t>(at)) != 0) return false;
    }
    return marks(WordAt<std::uint64_t>(last)) == 0;
  }
  // Bytes that are missing are filled up with those there are.
  if (size >= 4) {
    const std::uint64_t front = WordAt<std::uint32_t>(at);
    return marks(front << 32 | WordAt<std::uint32_t>(at + (size - 4))) == 0;
  }
  if (size >= 2) {
    const std::uint64_t ends =
        std::uint64_t{WordAt<std::uint16_t>(at)} << 16 | WordAt<std::uint16_t>(at + (size - 2));
    return marks(ends << 32 | ends) == 0;
  }
  return size == 0 || marks(kEachByte * static_cast<unsigned char>(*at)) == 0;
}

// How many bytes at the front of `text`, a multiple of eight, `marks` finds nothing in.
template <typename Marks>
std::size_t UnmarkedPrefix(std::string_view text, const Marks& marks) {
  std::size_t i = 0;
  while (i + 8 <= text.size() && marks(WordAt<std::uint64_t>(text.data() + i)) == 0) i += 8;
  return i;
}

}  // namespace openchoreo::base
