#include "common/base/go_format.h"

#include <gtest/gtest.h>

#include <limits>

namespace openchoreo::base {
namespace {

TEST(GoFormatTest, G) {
  const struct {
    double in;
    const char* want;
  } kCases[] = {
      {0, "0"},
      {-0.0, "-0"},
      {3, "3"},
      {100000, "100000"},
      {999999, "999999"},
      {1000000, "1e+06"},
      {1048576, "1.048576e+06"},
      {123456789, "1.23456789e+08"},
      {0.0001, "0.0001"},
      {0.00001, "1e-05"},
      {2.5, "2.5"},
      {12345678.5, "1.23456785e+07"},
      {1e21, "1e+21"},
      {1e100, "1e+100"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {std::numeric_limits<double>::infinity(), "+Inf"},
  };

  for (const auto& c : kCases) EXPECT_EQ(FormatG(c.in), c.want);
}

TEST(GoFormatTest, Json) {
  const struct {
    double in;
    const char* want;
  } kCases[] = {
      {3, "3"},
      {-0.0, "-0"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {1e-6, "0.000001"},
      {1e-7, "1e-7"},
      {2.5e-9, "2.5e-9"},
      {9007199254740992, "9007199254740992"},
      {0.25, "0.25"},
      {1e100, "1e+100"},
  };

  for (const auto& c : kCases) {
    std::string got;
    AppendJsonNumber(got, c.in);
    EXPECT_EQ(got, c.want);
  }
}

}  // namespace
}  // namespace openchoreo::base
