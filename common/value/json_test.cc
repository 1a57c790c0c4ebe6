#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

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

TEST(JsonReader, DropsWhatTheMaskLeavesOut) {
  struct Case {
    const char* name;
    FieldMask mask;
    const char* text;
    const char* want;
  };

  const Case cases[] = {
      {"only", FieldMask::Only({"/a/b", "/c"}),
       R"({"a":{"b":{"x":1},"d":[{"y":"\\\""}]},"c":[1,{"z":2}],"e":null})",
       R"({"a":{"b":{"x":1}},"c":[1,{"z":2}]})"},
      {"without", FieldMask::Without({"/a/b", "/c"}),
       R"({"a":{"b":{"x":1},"d":[2]},"c":[1,{"z":2}],"e":null})", R"({"a":{"d":[2]},"e":null})"},
      {"through a list", FieldMask::Only({"/items/name"}),
       R"({"items":[{"name":"a","big":"x"},{"name":"b"},3]})",
       R"({"items":[{"name":"a"},{"name":"b"},3]})"},
      {"escaped segment", FieldMask::Without({"/m/k~1l~0"}), R"({"m":{"k/l~":1,"k":2}})",
       R"({"m":{"k":2}})"},
      {"the wider of two", FieldMask::Only({"/a/b/c", "/a"}), R"({"a":{"b":{"c":1,"d":2}}})",
       R"({"a":{"b":{"c":1,"d":2}}})"},
      {"the wider of two, first", FieldMask::Only({"/a", "/a/b/c"}), R"({"a":{"b":{"d":2}}})",
       R"({"a":{"b":{"d":2}}})"},
      {"no map there", FieldMask::Only({"/a/b"}), R"({"a":"text"})", R"({"a":"text"})"},
  };
  for (const Case& c : cases) {
    base::Arena arena;
    auto read = ReadJson(c.text, arena, c.mask);
    ASSERT_TRUE(read) << c.name << ": " << read.error().message;
    EXPECT_EQ(ToJson(*read), c.want) << c.name;
  }
}

TEST(JsonReader, WhatIsDroppedMustBeJsonToo) {
  base::Arena arena;
  const FieldMask mask = FieldMask::Without({"/a"});
  for (const char* text :
       {R"({"a":)", R"({"a":[1,})", R"({"a":{"b"}})", R"({"a":"x)", R"({"a":tru})",
        R"({"a":[1 2]})", R"({"a":{"b":1,}})", R"({"a":01})", "{\"a\":\"\x01\"}", R"({"a":"\)"}) {
    EXPECT_FALSE(ReadJson(text, arena, mask)) << text;
  }
  const std::size_t depth = base::kLimits.max_depth + 1;
  const std::string deep = "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  auto read = ReadJson(deep, arena, mask);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, base::ErrorCode::kYamlLimit);
}

}  // namespace
}  // namespace openchoreo::value
