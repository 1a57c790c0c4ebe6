#include "common/template/expression_scan.h"

#include <gtest/gtest.h>

#include <string>

namespace openchoreo::tmpl {
namespace {

std::string Found(std::string_view text) {
  const auto expressions = FindExpressions(text);
  if (!expressions) return expressions.error().message;
  std::string found;
  for (const Expression& e : *expressions) {
    EXPECT_EQ(text.substr(e.begin, 2), "${");
    EXPECT_EQ(text.substr(e.begin + 2, e.end - e.begin - 3), e.inner);
    found += "<" + std::string(e.inner) + ">";
  }
  return found;
}

TEST(ExpressionScanTest, FindsExpressions) {
  const struct {
    const char* name;
    const char* text;
    const char* want;
  } cases[] = {
      {"none", "a $ {b} $b", ""},
      {"two with text", "a${b}c${d}e", "<b><d>"},
      {"empty", "${}", "<>"},
      {"braces nest", "${ {'a': {1: 2}} }x}", "< {'a': {1: 2}} >"},
      {"quotes hide braces", R"(${'}' + "{'"})", R"(<'}' + "{'">)"},
      {"backslashes in quotes", R"(${'\'}'}${"\\"})", R"(<'\'}'><"\\">)"},
      {"quotes hide expressions", "${'${a}'}", "<'${a}'>"},
      {"nested", "x${a + ${b}}", "nested CEL expressions must be quoted: ${a + ${"},
      {"unclosed is text", "${a}${b", "<a>"},
      {"an odd quote swallows the rest", "${a'}${b}", ""},
      {"dollar before an expression", "$${a}", "<a>"},
  };

  for (const auto& c : cases) EXPECT_EQ(Found(c.text), c.want) << c.name;
}

}  // namespace
}  // namespace openchoreo::tmpl
