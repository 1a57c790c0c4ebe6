#include "common/admission/text_pattern.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>

namespace openchoreo::admission {
namespace {

constexpr TextPattern kPatterns[] = {
    TextPattern::kExpression,    TextPattern::kIdentifier,  TextPattern::kDnsLabel,
    TextPattern::kTypeReference, TextPattern::kEmail,       TextPattern::kCommit,
    TextPattern::kHttpUrl,       TextPattern::kReferenceId, TextPattern::kTimeToLive};

// Pieces random texts are made of: those the patterns speak of, and what lies just beside.
constexpr const char* kPieces[] = {
    "${", "}", " ", "\n",  "\t",      "\v",       "a",     "z",    "A", "0",    "9",
    "-",  "_", ".", "@",   "/",       "d",        "h",     "m",    "s", "job/", "deployment/",
    "+",  "'", "é", "abc", "1234567", "https://", "http:", "\xff", "$", "{"};

TEST(Matches, AsTheRegularExpression) {
  std::mt19937 random(7);
  for (const TextPattern pattern : kPatterns) {
    const RE2 expression{std::string(PatternText(pattern))};
    ASSERT_TRUE(expression.ok()) << PatternText(pattern);
    int matching = 0;
    for (int i = 0; i < 60000; ++i) {
      std::string text;
      if (pattern == TextPattern::kExpression && i % 2 == 0) text = "${";
      if (pattern == TextPattern::kTypeReference && i % 2 == 0) text = "job/";
      for (auto n = random() % 7; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
      // RE2 refuses to match bytes that are no UTF-8, Go reads them as U+FFFD.
      if (text.find('\xff') != std::string::npos) continue;
      const bool want = RE2::PartialMatch(text, expression);
      matching += want;
      ASSERT_EQ(Matches(pattern, text), want) << PatternText(pattern) << " on \"" << text << '"';
    }
    EXPECT_GT(matching, 20) << PatternText(pattern);
  }
}

TEST(Matches, Uri) {
  for (const char* text : {"https://example.com/a?b=c", "/path", "mailto:x", "*", "a+b://h"}) {
    EXPECT_TRUE(Matches(TextPattern::kUriFormat, text)) << text;
  }
  for (const char* text :
       {"", "nowhere", "a b://h", "1a://h", ":x", "http://a b/", "http://a\x01"}) {
    EXPECT_FALSE(Matches(TextPattern::kUriFormat, text)) << text;
  }
}

}  // namespace
}  // namespace openchoreo::admission
