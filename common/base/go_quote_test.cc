#include "common/base/go_quote.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

TEST(GoQuoteTest, EscapesAsStrconvQuote) {
  const struct {
    std::string_view text;
    const char* want;
  } cases[] = {
      {"plain ☃", "\"plain ☃\""},
      {"a\"b\\c", R"("a\"b\\c")"},
      {"\a\b\t\n\v\f\r", R"("\a\b\t\n\v\f\r")"},
      {std::string_view("\0\x7f", 2), R"("\x00\x7f")"},
      {"\xff", R"("\xff")"},
      {"\u00a0\u200b", R"("\u00a0\u200b")"},
      {"\uFFFD", "\"\uFFFD\""},
      {"\uffff\u2028\u0378", R"("\uffff\u2028\u0378")"},
  };

  for (const auto& c : cases) EXPECT_EQ(GoQuote(c.text), c.want);
}

}  // namespace
}  // namespace openchoreo::base
