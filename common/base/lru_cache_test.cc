#include "common/base/lru_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace openchoreo::base {
namespace {

TEST(LruCacheTest, TheLongestUnusedGoesFirst) {
  LruCache<std::string, int> cache(10);
  cache.Put("a", 1, 4);
  cache.Put("b", 2, 4);
  ASSERT_NE(cache.Find("a"), nullptr);
  cache.Put("c", 3, 4);
  EXPECT_EQ(cache.Find("b"), nullptr);
  EXPECT_EQ(*cache.Find("a"), 1);
  EXPECT_EQ(*cache.Find("c"), 3);
  EXPECT_EQ(cache.bytes(), 8u);
  EXPECT_EQ(cache.size(), 2u);
}

TEST(LruCacheTest, TellsWhatWouldGo) {
  LruCache<std::string, int> cache(10);
  EXPECT_EQ(cache.ToGoFor(11), nullptr);
  cache.Put("a", 1, 4, {0, 7});
  cache.Put("b", 2, 4, {0, 8});
  EXPECT_EQ(cache.ToGoFor(2), nullptr);
  ASSERT_NE(cache.ToGoFor(3), nullptr);
  EXPECT_EQ(cache.ToGoFor(3)->build, 7u);
  cache.Put("c", 3, 4);
  EXPECT_EQ(cache.Find("a"), nullptr) << "to be told of is no use";
}

TEST(LruCacheTest, KeepsTheFirstOfAKeyAndNothingTooLarge) {
  LruCache<std::string, int> cache(10);
  cache.Put("a", 1, 4);
  cache.Put("a", 2, 4);
  cache.Put("b", 3, 11);
  EXPECT_EQ(*cache.Find("a"), 1);
  EXPECT_EQ(cache.Find("b"), nullptr);
  EXPECT_EQ(cache.bytes(), 4u);
  LruCache<std::string, int> none(0);
  none.Put("a", 1, 1);
  EXPECT_EQ(none.Find("a"), nullptr);
}

// A tree of a hundred things, one of which each build has anew.
class Series {
 public:
  explicit Series(LruCache<std::string, int>& cache, std::uint64_t id) : cache_(cache), id_(id) {}

  void Build(bool ends = true) {
    things_[next_++ % things_.size()] += "'";
    const CacheUse use = cache_.Begin(id_);
    for (std::size_t i = 0; i < things_.size(); ++i) {
      const std::string key = std::to_string(id_) + " " + std::to_string(i) + things_[i];
      if (cache_.Find(key, use) != nullptr) continue;
      cache_.Put(key, 0, 1, use);
      ++made_;
    }
    if (ends) cache_.End(use);
  }

  std::size_t made() const { return made_; }

 private:
  LruCache<std::string, int>& cache_;
  const std::uint64_t id_;
  std::vector<std::string> things_ = std::vector<std::string>(100);
  std::size_t next_ = 0, made_ = 0;
};

TEST(LruCacheTest, WhatASeriesHasReplacedGoesThoughThereIsRoom) {
  LruCache<std::string, int> cache(1'000'000);
  Series busy(cache, 1), quiet(cache, 2);
  quiet.Build();
  quiet.Build();
  for (int i = 0; i < 2'000; ++i) {
    busy.Build();
    ASSERT_LT(cache.size(), 400u) << "build " << i;
  }
  EXPECT_EQ(busy.made(), 100u + 1'999u) << "what it goes on using stays";
  quiet.Build();
  EXPECT_EQ(quiet.made(), 100u + 2u) << "and so does what another has";
}

TEST(LruCacheTest, WhatMayBeAskedForAgainStays) {
  LruCache<std::string, int> cache(1'000'000);
  Series none(cache, 0), broken(cache, 1);
  for (int i = 0; i < 200; ++i) none.Build();
  broken.Build();
  for (int i = 0; i < 200; ++i) broken.Build(false);
  EXPECT_EQ(cache.size(), none.made() + broken.made()) << "of no series; of builds that broke off";
}

TEST(LruCacheTest, TheLastBuildButOneIsKept) {
  LruCache<std::string, int> cache(1'000'000);
  const auto build = [&](const std::string& prefix) {
    const CacheUse use = cache.Begin(1);
    for (int i = 0; i < 100; ++i) {
      const std::string key = prefix + std::to_string(i);
      if (cache.Find(key, use) == nullptr) cache.Put(key, 0, 1, use);
    }
    cache.End(use);
  };
  build("a");
  build("b");
  EXPECT_EQ(cache.size(), 200u);
  build("a");  // it was taken back
  EXPECT_EQ(cache.size(), 200u);
  build("c");
  EXPECT_EQ(cache.size(), 200u);
  EXPECT_EQ(cache.Find("b0"), nullptr);
}

TEST(LruCacheTest, WhatASeriesHadGoesOnceItHasEnded) {
  LruCache<std::string, int> cache(1'000'000);
  Series ended(cache, 1), other(cache, 2);
  ended.Build();
  cache.EndSeries(1);
  for (int i = 0; i < 100; ++i) other.Build();
  EXPECT_LT(cache.size(), 250u);
}

}  // namespace
}  // namespace openchoreo::base
