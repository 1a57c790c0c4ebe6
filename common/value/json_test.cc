#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"

namespace openchoreo::value {
namespace {

TEST(JsonTest, RoundTrips) {
  const struct {
    const char* in;
    const char* want;
  } kCases[] = {
      {"null", "null"},
      {"[1, -2, 2.5, 1e3, 9223372036854775808]", "[1,-2,2.5,1000,9223372036854776000]"},
      {R"({"b":1,"a":{"c":[]},"b":2})", R"({"a":{"c":[]},"b":2})"},
      {R"("\u00e9\n\ud83d\ude00<")", "\"é\\n😀<\""},
  };

  for (const auto& c : kCases) {
    base::Arena arena;
    const auto value = ReadJson(c.in, arena);
    ASSERT_TRUE(value) << c.in << ": " << value.error().message;
    EXPECT_EQ(ToJson(*value), c.want);
  }
}

TEST(JsonTest, Refuses) {
  for (const char* bad :
       {"", "{", "[1,]", "01", "1.", "\"\x01\"", "{\"a\" 1}", "1 2", "nul", "\"\\x\"", "-"}) {
    base::Arena arena;
    EXPECT_FALSE(ReadJson(bad, arena)) << bad;
  }
  base::Arena arena;
  EXPECT_FALSE(ReadJson(std::string(100000, '['), arena));
}

TEST(JsonTest, EscapesHtmlAsGoDoes) {
  EXPECT_EQ(ToJson(Value::String("<&>\xe2\x80\xa8"), HtmlEscape::kOn),
            "\"\\u003c\\u0026\\u003e\\u2028\"");
}

}  // namespace
}  // namespace openchoreo::value
