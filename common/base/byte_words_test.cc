#include "common/base/byte_words.h"

#include <gtest/gtest.h>

#include <string>

namespace openchoreo::base {
namespace {

struct Case {
  const char* name;
  Bytes16 (*marks)(Bytes16 bytes);
  bool (*looked_for)(unsigned char c);
};

const Case kCases[] = {
    {"below blank, or high", [](Bytes16 bytes) { return Bytes16(bytes < ' '); },
     [](unsigned char c) { return c < 0x20 || c >= 0x80; }},
    {"a quote", [](Bytes16 bytes) { return Bytes16(bytes == '"'); },
     [](unsigned char c) { return c == '"'; }},
    {"unprintable", [](Bytes16 bytes) { return MarksUnprintable(bytes); },
     [](unsigned char c) { return c < 0x20 || c > 0x7e; }},
    {"unprintable, or blank", [](Bytes16 bytes) { return MarksUnprintable(bytes, '!'); },
     [](unsigned char c) { return c <= 0x20 || c > 0x7e; }},
};

// Every byte, at every place of texts of every length around one and two sixteens, among neighbours
// that differ from it by one.
TEST(ByteWordsTest, FindsEveryByteAtEveryPlace) {
  for (const Case& test : kCases) {
    for (const char neighbour : {'a', '~', ' ', '!', '#'}) {
      if (test.looked_for(static_cast<unsigned char>(neighbour))) continue;
      for (std::size_t size = 1; size <= 35; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
          for (int c = 0; c < 256; ++c) {
            std::string text(size, neighbour);
            text[at] = static_cast<char>(c);
            const bool marked = test.looked_for(static_cast<unsigned char>(c));
            ASSERT_EQ(NoneMarked(text, test.marks), !marked)
                << test.name << ": " << c << " at " << at << " of " << size;
            const std::size_t unmarked = (marked ? at : size) / 16 * 16;
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
