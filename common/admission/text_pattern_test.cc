#include "common/admission/text_pattern.h"

#include <gtest/gtest.h>

#include "common/admission/shape_texts.h"

namespace openchoreo::admission {
namespace {

TEST(TextPatternTest, EveryPatternCompiles) {
  for (std::size_t i = 0; i < PatternTexts().size(); ++i) {
    EXPECT_FALSE(Matches(static_cast<TextPattern>(i), "\x01")) << PatternTexts()[i];
    EXPECT_EQ(PatternText(static_cast<TextPattern>(i)), PatternTexts()[i]);
  }
  EXPECT_TRUE(Matches(kNoPattern, "\x01"));
  EXPECT_EQ(PatternText(kNoPattern), "");
  EXPECT_EQ(PatternText(kUriFormat), "");
}

TEST(TextPatternTest, Uri) {
  for (const char* text : {"https://example.com/a?b=c", "/path", "mailto:x", "*", "a+b://h"}) {
    EXPECT_TRUE(Matches(kUriFormat, text)) << text;
  }
  for (const char* text :
       {"", "nowhere", "a b://h", "1a://h", ":x", "http://a b/", "http://a\x01"}) {
    EXPECT_FALSE(Matches(kUriFormat, text)) << text;
  }
}

}  // namespace
}  // namespace openchoreo::admission
