#include "common/base/go_duration.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>

namespace openchoreo::base {
namespace {

TEST(ParseGoDuration, ReadsWhatGoReads) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::pair<const char*, std::int64_t> good[] = {
      {"0", 0},
      {"-0", 0},
      {"1h2m3.5s", 3'723'500'000'000},
      {"-1us", -1000},
      {"+1µs", 1000},
      {"1μs", 1000},
      {".5s", 500'000'000},
      {"1.s", 1'000'000'000},
      {"0.3333333333333333333h", 1'200'000'000'000},
      {"9223372036854775807ns", Limits::max()},
      {"-9223372036854775808ns", Limits::min()}};
  for (const auto& [text, want] : good) EXPECT_EQ(ParseGoDuration(text), want) << text;
  for (const char* bad : {"", "1", "h", "1d", "--1s", " 1h", "1e3s", ".", ".s", "-",
                          "9223372036854775808ns", "2562048h", "1s9223372036854775807ns"}) {
    EXPECT_FALSE(ParseGoDuration(bad)) << bad;
  }
}

}  // namespace
}  // namespace openchoreo::base
