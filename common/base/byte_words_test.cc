#include "common/base/byte_words.h"

#include <gtest/gtest.h>

#include <string>

namespace openchoreo::base {
namespace {

struct Case {
  const char* name;
  std::uint64_t (*marks)(std::uint64_t word);
  bool (*looked_for)(unsigned char c);
};

const Case kCases[] = {
    {"high", [](std::uint64_t word) { return MarksHigh(word); },
     [](unsigned char c) { return c >= 0x80; }},
    {"below blank, or high",
     [](std::uint64_t word) { return MarksHigh(word) | MarksBelow(word, 0x20); },
     [](unsigned char c) { return c < 0x20 || c >= 0x80; }},
    {"a quote, or high", [](std::uint64_t word) { return MarksHigh(word) | MarksByte(word, '"'); },
     [](unsigned char c) { return c == '"' || c >= 0x80; }},
    {"unprintable", [](std::uint64_t word) { return MarksUnprintable(word); },
     [](unsigned char c) { return c < 0x20 || c > 0x7e; }},
};

// Every byte, at every place of texts of every length around one and two words, among neighbours
// that differ from it by one.
TEST(ByteWordsTest, FindsEveryByteAtEveryPlace) {
  for (const Case& test : kCases) {
    for (const char neighbour : {'a', '~', ' ', '!', '#'}) {
      for (std::size_t size = 1; size <= 19; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
          for (int c = 0; c < 256; ++c) {
            std::string text(size, neighbour);
            text[at] = static_cast<char>(c);
            const bool marked = test.looked_for(static_cast<unsigned char>(c));
            ASSERT_EQ(NoneMarked(text, test.marks), !marked)
                << test.name << ": " << c << " at " << at << " of " << size;
            const std::size_t unmarked = marked ? at / 8 * 8 : size / 8 * 8;
            ASSERT_EQ(UnmarkedPrefix(text, test.marks), unmarked) << test.name << ": " << c;
          }
        }
      }
    }
  }
}

TEST(ByteWordsTest, EmptyTextHoldsNothing) {
  for (const Case& test : kCases) {
    EXPECT_TRUE(NoneMarked("", test.marks));
    EXPECT_EQ(UnmarkedPrefix("", test.marks), 0u);
  }
}

}  // namespace
}  // namespace openchoreo::base
