#include "common/value/go_json_error.h"

#include <gtest/gtest.h>

namespace openchoreo::value {
namespace {

TEST(GoJsonErrorTest, SpeaksAsEncodingJson) {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {R"({"a":[1,-2.5e+3,"x\u00e9",true,null,{}],"b":[]} )", ""},
      {"", "unexpected end of JSON input"},
      {R"({"a":)", "unexpected end of JSON input"},
      {"not json", "invalid character 'o' in literal null (expecting 'u')"},
      {"{a}", "invalid character 'a' looking for beginning of object key string"},
      {R"({"a" 1})", "invalid character '1' after object key"},
      {R"({"a":1 "b"})", "invalid character '\"' after object key:value pair"},
      {R"({"a":1,})", "invalid character '}' looking for beginning of object key string"},
      {"[1 2]", "invalid character '2' after array element"},
      {"[1,]", "invalid character ']' looking for beginning of value"},
      {"1 x", "invalid character 'x' after top-level value"},
      {"01", "invalid character '1' after top-level value"},
      {"1.x", "invalid character 'x' after decimal point in numeric literal"},
      {"1e", "invalid character ' ' in exponent of numeric literal"},
      {"tru", "invalid character ' ' in literal true (expecting 'e')"},
      {"\"\\", "invalid character ' ' in string escape code"},
      {R"("\u1)", "invalid character ' ' in \\u hexadecimal character escape"},
      {"\"a", "unexpected end of JSON input"},
      {"-x", "invalid character 'x' in numeric literal"},
      {"\"a\nb\"", "invalid character '\\n' in string literal"},
      {R"("\x")", "invalid character 'x' in string escape code"},
      {R"("\u12g4")", "invalid character 'g' in \\u hexadecimal character escape"},
      {"'a'", "invalid character '\\'' looking for beginning of value"},
  };

  for (const auto& c : cases) EXPECT_EQ(GoJsonSyntaxError(c.text), c.want) << c.text;
}

TEST(GoJsonErrorTest, WhatIsNoMap) {
  EXPECT_EQ(GoMapError(Value::Map({})), "");
  EXPECT_EQ(GoMapError(Value()), "");
  EXPECT_EQ(GoMapError(Value::Int(1)),
            "json: cannot unmarshal number into Go value of type map[string]interface {}");
  EXPECT_EQ(GoMapError(Value::List({})),
            "json: cannot unmarshal array into Go value of type map[string]interface {}");
}

}  // namespace
}  // namespace openchoreo::value
