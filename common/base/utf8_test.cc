#include "common/base/utf8.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

TEST(Utf8Test, Decodes) {
  EXPECT_EQ(CountRunes("aé☃😀"), 4u);
  EXPECT_TRUE(IsValidUtf8("aé☃😀"));
  for (const char* bad :
       {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x98", "\x80"}) {
    EXPECT_FALSE(IsValidUtf8(bad));
  }
}

TEST(Utf8Test, RoundTrips) {
  for (char32_t rune : {U'a', U'é', U'☃', U'\U0001F600'}) {
    std::string text;
    AppendRune(text, rune);
    EXPECT_EQ(DecodeRune(text).rune, rune);
    EXPECT_EQ(DecodeRune(text).size, text.size());
  }
}

TEST(Utf8Test, TrimsUnicodeSpace) {
  EXPECT_EQ(TrimSpace("\xe3\x80\x80\t a b \xc2\xa0\n"), "a b");
  EXPECT_EQ(TrimSpace(" \xff "), "\xff");
  EXPECT_EQ(TrimSpace("a \x80"), "a \x80");
  EXPECT_EQ(TrimSpace(" \n "), "");
}

}  // namespace
}  // namespace openchoreo::base
