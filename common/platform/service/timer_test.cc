#include "common/platform/service/timer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace openchoreo::service {
namespace {

using namespace std::chrono_literals;

TEST(Timer, CallsInOrderOfTimeNotOfAsking) {
  std::string order;
  std::promise<void> last;
  {
    Timer timer;
    auto now = Timer::Clock::now();
    timer.At(now + 60ms, [&] {
      order += 'c';
      last.set_value();
    });
    timer.At(now + 10ms, [&] { order += 'a'; });
    timer.At(now + 30ms, [&] { order += 'b'; });
    ASSERT_EQ(last.get_future().wait_for(5s), std::future_status::ready);
    EXPECT_GE(Timer::Clock::now(), now + 60ms);
  }
  EXPECT_EQ(order, "abc");
}

// Regression: the sleeping thread was not told of the first entry.
TEST(Timer, WakesWhenItHadNothingToDo) {
  Timer timer;
  std::this_thread::sleep_for(50ms);
  std::promise<void> called;
  timer.At(Timer::Clock::now() + 10ms, [&] { called.set_value(); });
  EXPECT_EQ(called.get_future().wait_for(5s), std::future_status::ready);
}

TEST(Timer, WhatIsNotDueDiesWithIt) {
  std::atomic<bool> called{false};
  {
    Timer timer;
    timer.At(Timer::Clock::now() + 1h, [&] { called = true; });
  }
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace openchoreo::service
