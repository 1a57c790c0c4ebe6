#include "common/cel/program_cache.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace openchoreo::cel {
namespace {

TEST(ProgramCacheTest, SameTextAndEnvironmentGiveTheSameProgram) {
  ProgramCache cache;
  const Environment environment({"a", "b"});
  const auto first = cache.Get("a + b", environment);
  EXPECT_EQ(*first, *cache.Get("a + b", Environment({"a", "b"})));
  EXPECT_NE(*first, *cache.Get("a + b", Environment({"b", "a"})));
  EXPECT_NE(*first, *cache.Get("a + b", Environment({"a", "b"}, Macros::kComponentV1)));
  EXPECT_EQ(cache.size(), 3u);
}

TEST(ProgramCacheTest, DropsTheLeastRecentlyUsed) {
  ProgramCache cache(2);
  const Environment environment({});
  const auto one = *cache.Get("1", environment);
  const auto two = *cache.Get("2", environment);
  EXPECT_EQ(one, *cache.Get("1", environment));
  EXPECT_TRUE(cache.Get("3", environment));
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_EQ(one, *cache.Get("1", environment));
  EXPECT_NE(two, *cache.Get("2", environment));
}

TEST(ProgramCacheTest, KeepsNoErrors) {
  ProgramCache cache;
  EXPECT_FALSE(cache.Get("(", Environment({})));
  EXPECT_EQ(cache.size(), 0u);
}

TEST(ProgramCacheTest, ManyThreads) {
  ProgramCache cache(5);
  const Environment environment({"x"});
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(cache.Get("x + " + std::to_string(i % 9), environment));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache.size(), 5u);
}

}  // namespace
}  // namespace openchoreo::cel
