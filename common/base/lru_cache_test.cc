#include "common/base/lru_cache.h"

#include <gtest/gtest.h>

#include <string>

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
  cache.Put("a", 1, 4);
  cache.Put("b", 2, 4);
  EXPECT_EQ(cache.ToGoFor(2), nullptr);
  ASSERT_NE(cache.ToGoFor(3), nullptr);
  EXPECT_EQ(*cache.ToGoFor(3), 1);
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

}  // namespace
}  // namespace openchoreo::base
