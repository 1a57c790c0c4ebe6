#include "health/stand_back.h"

#include <gtest/gtest.h>

namespace openchoreo::mapper {
namespace {

const BindingId kBinding{"ReleaseBinding", "acme", "web-dev"};

std::optional<Writer> WroteAt(std::int64_t seconds) {
  return Writer{"other", base::Instant{seconds, 0}};
}

TEST(StandBackTest, WaitsUntilTheOtherIsSilent) {
  StandBack stand_back(std::chrono::seconds(60));
  const auto first = stand_back.Look(kBinding, WroteAt(1000), {1010, 0});
  EXPECT_TRUE(first.began);
  EXPECT_EQ(first.until, (base::Instant{1060, 0}));
  const auto again = stand_back.Look(kBinding, WroteAt(1050), {1055, 0});
  EXPECT_FALSE(again.began) << "told once";
  EXPECT_EQ(again.until, (base::Instant{1110, 0}));
  EXPECT_EQ(stand_back.standing(), 1u);
  const auto silent = stand_back.Look(kBinding, WroteAt(1050), {1110, 0});
  EXPECT_TRUE(silent.ended);
  EXPECT_FALSE(silent.until);
  EXPECT_FALSE(stand_back.Look(kBinding, std::nullopt, {1111, 0}).ended) << "told once";
  EXPECT_EQ(stand_back.standing(), 0u);
  EXPECT_EQ(stand_back.stood_back(), 1u);
}

TEST(StandBackTest, WaitsTwiceAsLongEachTimeTheOtherComesBack) {
  StandBack stand_back(std::chrono::seconds(60));
  std::int64_t now = 0;
  for (const std::int64_t silence : {60, 120, 240, 480, 960, 960}) {
    now += 10'000;
    const auto decision = stand_back.Look(kBinding, WroteAt(now), {now, 0});
    ASSERT_TRUE(decision.until);
    EXPECT_EQ(decision.until->seconds - now, silence);
    EXPECT_TRUE(stand_back.Look(kBinding, WroteAt(now), {now + silence, 0}).ended);
  }
}

TEST(StandBackTest, NobodyElseIsNoReason) {
  StandBack stand_back(std::chrono::seconds(60));
  const auto decision = stand_back.Look(kBinding, std::nullopt, {1, 0});
  EXPECT_FALSE(decision.until || decision.began || decision.ended);
}

}  // namespace
}  // namespace openchoreo::mapper
