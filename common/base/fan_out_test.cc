#include "common/base/fan_out.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <new>
#include <stdexcept>
#include <vector>

namespace openchoreo::base {
namespace {

// Takes 0…n-1 from a queue and counts how often each was taken.
struct Counting {
  explicit Counting(std::size_t n) : taken(n) {}

  void operator()() {
    for (std::size_t i = next++; i < taken.size(); i = next++) ++taken[i];
  }

  std::atomic<std::size_t> next{0};
  std::vector<std::atomic<int>> taken;
};

TEST(FanOutTest, DoesEveryPieceOnceWithAnyNumberOfJobs) {
  for (unsigned jobs : {0u, 1u, 2u, 7u, 100'000u}) {
    Counting work(1000);
    ASSERT_TRUE(FanOut(jobs, [&] { work(); }));
    for (const auto& count : work.taken) ASSERT_EQ(count, 1) << jobs;
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(FanOutTest, WorksWithTheThreadsThereAre) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  rlimit tight = before;
  tight.rlim_cur = 500u << 20;  // a few stacks of 8 MiB
  ASSERT_EQ(setrlimit(RLIMIT_AS, &tight), 0);
  Counting work(1000);
  const auto done = FanOut(250, [&] { work(); });
  ASSERT_EQ(setrlimit(RLIMIT_AS, &before), 0);
  ASSERT_TRUE(done);
  for (const auto& count : work.taken) EXPECT_EQ(count, 1);
}
#endif

TEST(FanOutTest, WhatAThreadThrowsIsAnErrorOnceAllAreDone) {
  std::atomic<int> calls{0};
  const auto failing = [&](const auto& error) {
    return FanOut(3, [&] {
      if (calls++ % 3 == 0) throw error;
    });
  };
  auto memory = failing(std::bad_alloc());
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.error().code, ErrorCode::kLimit);
  EXPECT_EQ(memory.error().message, "there is no more memory to be had");
  auto other = failing(std::runtime_error("broken"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kInternal);
  EXPECT_EQ(other.error().message, "broken");
}

}  // namespace
}  // namespace openchoreo::base
