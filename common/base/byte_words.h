// Tests over the bytes of a text, sixteen at a time.
//
// A test takes sixteen bytes and marks those that are looked for, each with all its bits. The bytes
// are signed: those from 0x80 come before all of ASCII.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace openchoreo::base {

using Bytes16 = signed char __attribute__((vector_size(16)));
using Words2 = std::uint64_t __attribute__((vector_size(16)));

// The next sizeof(Word) bytes of a text, in the machine's order.
template <typename Word>
Word WordAt(const char* text) {
  Word word;
  std::memcpy(&word, text, sizeof word);
  return word;
}

template <typename Word>
void CopyEnds(char* to, std::string_view text) {
  const std::size_t last = text.size() - sizeof(Word);
  const Word front = WordAt<Word>(text.data());
  const Word back = WordAt<Word>(text.data() + last);
  std::memcpy(to, &front, sizeof front);
  std::memcpy(to + last, &back, sizeof back);
}

// Puts the bytes of `text` at `to`, where there is room for them. Most texts are short: two words
// that overlap are cheaper than a call.
inline void CopyText(char* to, std::string_view text) {
  const std::size_t size = text.size();
  if (size > 32) {
    std::memcpy(to, text.data(), size);
  } else if (size >= 16) {
    CopyEnds<Bytes16>(to, text);
  } else if (size >= 8) {
    CopyEnds<std::uint64_t>(to, text);
  } else if (size >= 4) {
    CopyEnds<std::uint32_t>(to, text);
  } else if (size >= 2) {
    CopyEnds<std::uint16_t>(to, text);
  } else if (size == 1) {
    *to = text.front();
  }
}

// Whatever is not between `first` and 0x7e, the last that ASCII shows.
inline Bytes16 MarksUnprintable(Bytes16 bytes, signed char first = ' ') {
  constexpr signed char kDelete = 0x7f;
  return (bytes < first) | (bytes == kDelete);
}

inline bool AnyMarked(Bytes16 marks) {
  const auto words = reinterpret_cast<Words2>(marks);
  return (words[0] | words[1]) != 0;
}

// A text of 1 to 15 bytes; what is missing is filled up with bytes there are.
inline Bytes16 ShortText(const char* text, std::size_t size) {
  constexpr std::uint64_t kTwice = 0x0000000100000001;
  constexpr std::uint64_t kEachByte = 0x0101010101010101;
  const char* const end = text + size;
  std::uint64_t front;
  std::uint64_t back;
  if (size >= 8) {
    front = WordAt<std::uint64_t>(text);
    back = WordAt<std::uint64_t>(end - 8);
  } else if (size >= 4) {
    front = WordAt<std::uint32_t>(text);
    front = back = front << 32 | WordAt<std::uint32_t>(end - 4);
  } else if (size >= 2) {
    front = WordAt<std::uint16_t>(text);
    front = back = (front << 16 | WordAt<std::uint16_t>(end - 2)) * kTwice;
  } else {
    front = back = static_cast<unsigned char>(*text) * kEachByte;
  }
  return reinterpret_cast<Bytes16>(Words2{front, back});
}

// Whether `marks` finds nothing in `text`.
template <typename Marks>
bool NoneMarked(std::string_view text, const Marks& marks) {
  const char* at = text.data();
  const std::size_t size = text.size();
  if (size < 16) return size == 0 || !AnyMarked(marks(ShortText(at, size)));
  const char* const last = at + (size - 16);  // overlaps the piece before it
  for (; at < last; at += 16) {
    if (AnyMarked(marks(WordAt<Bytes16>(at)))) return false;
  }
  return !AnyMarked(marks(WordAt<Bytes16>(last)));
}

// How many bytes at the front of `text`, a multiple of sixteen, `marks` finds nothing in.
template <typename Marks>
std::size_t UnmarkedPrefix(std::string_view text, const Marks& marks) {
  std::size_t i = 0;
  while (i + 16 <= text.size() && !AnyMarked(marks(WordAt<Bytes16>(text.data() + i)))) i += 16;
  return i;
}

}  // namespace openchoreo::base
