#include "common/base/go_parse.h"

#include <gtest/gtest.h>

#include <cmath>

#include "common/base/go_quote.h"

namespace openchoreo::base {
namespace {

TEST(GoParseTest, ReadsIntegers) {
  EXPECT_EQ(*ParseGoInt("+007"), 7);
  EXPECT_EQ(*ParseGoInt("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(ParseGoInt("9223372036854775808").error().message,
            "strconv.ParseInt: parsing \"9223372036854775808\": value out of range");
  // Digit after digit: what comes first is what is said.
  EXPECT_EQ(ParseGoInt("99999999999999999999x").error().message,
            "strconv.ParseInt: parsing \"99999999999999999999x\": value out of range");
  EXPECT_EQ(ParseGoInt("9223372036854775808x").error().message,
            "strconv.ParseInt: parsing \"9223372036854775808x\": invalid syntax");
  for (const char* text : {"", "-", "1_0", "0x1", " 1", "1.0"}) {
    EXPECT_EQ(ParseGoInt(text).error().message,
              "strconv.ParseInt: parsing " + GoQuote(text) + ": invalid syntax");
  }
}

TEST(GoParseTest, ReadsFloats) {
  EXPECT_EQ(*ParseGoFloat("1e3"), 1000);
  EXPECT_EQ(*ParseGoFloat("-.5"), -0.5);
  EXPECT_EQ(*ParseGoFloat("0x1p4"), 16);
  EXPECT_EQ(*ParseGoFloat("1e-999"), 0);
  EXPECT_TRUE(std::isinf(*ParseGoFloat("-Inf")));
  EXPECT_TRUE(std::isnan(*ParseGoFloat("nan")));
  EXPECT_EQ(ParseGoFloat("1e999").error().message,
            "strconv.ParseFloat: parsing \"1e999\": value out of range");
  EXPECT_EQ(*ParseGoFloat("1_000.5"), 1000.5);
  EXPECT_EQ(*ParseGoFloat("-0x_1p1_0"), -1024);
  for (const char* text : {"", "-", "1e", "0x1", "1 ", "--1", "+-1", "infx", "-nan", "_1", "1_",
                           "1__0", "1_.5", "1._5", "1e_5", "in_f"}) {
    EXPECT_FALSE(ParseGoFloat(text)) << text;
  }
}

TEST(GoParseTest, ReadsBooleans) {
  EXPECT_TRUE(*ParseGoBool("T"));
  EXPECT_FALSE(*ParseGoBool("False"));
  EXPECT_EQ(ParseGoBool("yes").error().message,
            "strconv.ParseBool: parsing \"yes\": invalid syntax");
}

}  // namespace
}  // namespace openchoreo::base
