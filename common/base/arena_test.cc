#include "common/base/arena.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

TEST(ArenaTest, KeepsWhatItCopiesAcrossBlocks) {
  Arena arena(16);
  const std::string_view first = arena.CopyString("first");
  for (int i = 0; i < 1000; ++i) arena.CopyString("a longer string than a block");
  EXPECT_EQ(first, "first");
}

TEST(ArenaTest, Aligns) {
  Arena arena(64);
  arena.CopyString("x");
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena.AllocateArray<double>(3)) % alignof(double), 0u);
}

TEST(ArenaTest, NothingHasAPlaceToo) {
  Arena arena;
  EXPECT_NE(arena.Allocate(0), nullptr);
}

TEST(ArenaTest, ResetKeepsOneBlock) {
  Arena arena(16);
  for (int i = 0; i < 1000; ++i) arena.Allocate(100);
  const std::size_t before = arena.bytes();
  arena.Reset();
  EXPECT_LT(arena.bytes(), before);
  arena.Allocate(100);
  EXPECT_LT(arena.bytes(), before);
}

}  // namespace
}  // namespace openchoreo::base
