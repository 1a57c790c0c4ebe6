#include "common/source/disk_place.h"

#include <gtest/gtest.h>

#include <fstream>

namespace openchoreo::source {
namespace {

namespace fs = std::filesystem;

TEST(DiskPlaceTest, TheNearestRepositoryUpwards) {
  const fs::path base = fs::canonical(testing::TempDir()) / "disk_place_test";
  fs::remove_all(base);
  fs::create_directories(base / "outer/.git");
  fs::create_directories(base / "outer/module/app");
  std::ofstream(base / "outer/module/.git") << "gitdir: elsewhere\n";  // as in a submodule
  fs::create_directories(base / "outer/app");
  EXPECT_EQ(RepositoryOf(base / "outer/app"), base / "outer");
  EXPECT_EQ(RepositoryOf(base / "outer"), base / "outer");
  EXPECT_EQ(RepositoryOf(base / "outer/module/app"), base / "outer/module");
  EXPECT_NE(RepositoryOf(base), base);
  EXPECT_EQ(RepositoryOf("/"), std::nullopt);
  fs::remove_all(base);
}

TEST(DiskPlaceTest, TellsWhatLiesBelow) {
  EXPECT_TRUE(IsBelow("/a/b", "/a/b"));
  EXPECT_TRUE(IsBelow("/a/b/c", "/a/b"));
  EXPECT_FALSE(IsBelow("/a/bc", "/a/b"));
  EXPECT_FALSE(IsBelow("/a", "/a/b"));
}

TEST(DiskPlaceTest, FilesAreShownAsSeenFromHere) {
  const fs::path base = fs::path(testing::TempDir()) / "disk_place_test";
  fs::create_directories(base / "shop");
  EXPECT_EQ(DisplayPrefix(".", base), "");
  EXPECT_EQ(DisplayPrefix("shop", base), "shop/");
  EXPECT_EQ(DisplayPrefix("shop//", base), "shop/");
  EXPECT_EQ(DisplayPrefix("..", base), "../");
  EXPECT_EQ(DisplayPrefix("/"), "/");
  EXPECT_EQ(DisplayPrefix("cart.yaml", base), "");
  EXPECT_EQ(DisplayPrefix("shop/cart.yaml", base), "shop/");
  fs::remove_all(base);
}

}  // namespace
}  // namespace openchoreo::source
