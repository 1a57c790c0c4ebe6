#include "common/platform/service/clock.h"

#include <gtest/gtest.h>

namespace openchoreo::service {
namespace {

TEST(Clock, WritesTimesAsKubernetesDoes) {
  const auto time = std::chrono::system_clock::time_point(std::chrono::seconds(1'796'000'400)) +
                    std::chrono::microseconds(42);
  EXPECT_EQ(Rfc3339(time), "2026-11-30T01:00:00Z");
  EXPECT_EQ(Rfc3339Micro(time), "2026-11-30T01:00:00.000042Z");
}

TEST(Clock, BootTimeGoesOn) {
  const auto before = SystemClock().BootTime();
  EXPECT_GT(before.count(), 0);
  EXPECT_LE(before, SystemClock().BootTime());
}

}  // namespace
}  // namespace openchoreo::service
