#include "common/base/go_regexp.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

TEST(GoRegexpTest, TakesGosNamedGroups) {
  const GoRegexp named("^(?<first>a)(?P<second>b)$");
  EXPECT_EQ(named.error(), "");
  EXPECT_TRUE(named.Matches("ab"));
  EXPECT_FALSE(named.Matches("abc"));
  EXPECT_TRUE(GoRegexp("[(?<]x").Matches("<x"));
  EXPECT_TRUE(GoRegexp("\\Q(?<\\E").Matches("a(?<"));
  EXPECT_TRUE(GoRegexp("[]a](?<n>b)").Matches("]b"));
  EXPECT_TRUE(GoRegexp("[[:alpha:](?<]").Matches("?"));
}

TEST(GoRegexpTest, SaysWhatGoSays) {
  struct Case {
    const char* pattern;
    const char* error;
  };

  constexpr Case kCases[] = {
      {"(", "missing closing ): `(`"},
      {"a)", "unexpected ): `a)`"},
      {"a[b", "missing closing ]: `[b`"},
      {"[b-a]", "invalid character class range: `b-a`"},
      {"\\", "trailing backslash at end of expression: ``"},
      {"*", "missing argument to repetition operator: `*`"},
      {"a**", "invalid nested repetition operator: `**`"},
      {"a{1001}", "invalid repeat count: `{1001}`"},
      {"a{99999999999}", "invalid repeat count: `{99999999999}`"},
      {"a{1,99999999999}b", "invalid repeat count: `{1,99999999999}`"},
      {"a\\C", "invalid escape sequence: `\\C`"},
      {"\\x{", "invalid escape sequence: `\\x{`"},
      {"\\p", "invalid character class range: `\\p`"},
      {"(?=a)", "invalid or unsupported Perl syntax: `(?=`"},
      {"(?<", "invalid or unsupported Perl syntax: `(?<`"},
      {"(?<!a)(?<n>b)", "invalid named capture: `(?<!a)(?<n>`"},
      {"(?<n>a)[b", "missing closing ]: `[b`"},
  };
  for (const Case& c : kCases) {
    const std::string want = std::string("error parsing regexp: ") + c.error;
    EXPECT_EQ(GoRegexp(c.pattern).error(), want) << c.pattern;
  }
  EXPECT_EQ(GoRegexp("\\pL{1000}", 1 << 20).error(),
            "error parsing regexp: expression too large: ``");
}

TEST(GoRegexpTest, BracesThatRepeatNothingAreText) {
  EXPECT_TRUE(GoRegexp("a{,3}").Matches("a{,3}"));
  EXPECT_TRUE(GoRegexp("a{x}").Matches("a{x}"));
  EXPECT_TRUE(GoRegexp("^a{2,3}$").Matches("aaa"));
}

}  // namespace
}  // namespace openchoreo::base
