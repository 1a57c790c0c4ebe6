#include "common/platform/service/duration.h"

#include <gtest/gtest.h>

#include <utility>

namespace openchoreo::service {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, GoTexts) {
  const std::pair<const char*, std::int64_t> good[] = {{"1h", 3'600'000}, {"1h30m", 5'400'000},
                                                       {"750ms", 750},    {"1.5s", 1500},
                                                       {"0s", 0},         {"2m3s4ms", 123'004}};
  for (const auto& [text, want] : good) EXPECT_EQ(ParseDuration(text), milliseconds(want)) << text;
  for (const char* bad : {"", "1", "h", "1d", "-1s", "1h ", "1e3s", "1us", "99999999h", "."}) {
    EXPECT_FALSE(ParseDuration(bad)) << bad;
  }
}

}  // namespace
}  // namespace openchoreo::service
