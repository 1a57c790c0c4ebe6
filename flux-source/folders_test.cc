#include "flux-source/folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace openchoreo::flux {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const artifact::FileViews kFiles = {{"kustomization.yaml", {"x"}},
                                    {"development/kustomization.yaml", {"x"}},
                                    {"development/shop/releasebinding-cart.yaml", {"x"}},
                                    {"production/shop/namespaces.yaml", {"x"}}};
const Folders kFolders = {"development", "development/shop", "production", "production/shop"};

TEST(Folders, AreThoseOfTheFiles) {
  EXPECT_EQ(FoldersOf(kFiles), kFolders);
  EXPECT_EQ(FoldersOf({{"kustomization.yaml", {"x"}}}), Folders());
}

TEST(Folders, AreReadFromAStoredArchive) {
  std::string root = testing::TempDir() + "/folders-XXXXXX";
  ASSERT_NE(::mkdtemp(root.data()), nullptr);
  auto store = Store::Open(root);
  ASSERT_TRUE(store) << store.error().message;
  const auto packed = artifact::Pack(kFiles, {1 << 20});
  ASSERT_TRUE(packed) << packed.error().message;
  const auto path = (*store)->Put({"ns", "app"}, packed->bytes, packed->digest);
  ASSERT_TRUE(path) << path.error().message;
  EXPECT_EQ(FoldersInStore(**store, *path), kFolders);
  // Nothing is told of what is not what it was.
  std::ofstream(root + "/" + *path, std::ios::trunc) << "other";
  EXPECT_EQ(FoldersInStore(**store, *path), std::nullopt);
  (*store)->Remove({"ns", "app"});
  EXPECT_EQ(FoldersInStore(**store, *path), std::nullopt);
  std::filesystem::remove_all(root);
}

TEST(Folders, ThatWentAreNamed) {
  const Folders less = {"development", "production", "production/shop", "staging"};
  EXPECT_THAT(TextOfVanished("app", kFolders, less), AllOf(StartsWith("app has lost paths. A Kust"),
                                                           EndsWith(" Gone: ./development/shop")));
  EXPECT_THAT(TextOfVanished("app", {"a", "a/b"}, {}), EndsWith(" Gone: ./a, ./a/b"));
  EXPECT_EQ(TextOfVanished("app", kFolders, kFolders), "");
}

TEST(Folders, AreNamedUpToABound) {
  Folders many;
  for (int i = 100; i < 125; ++i) many.insert("e/" + std::to_string(i));
  const std::string text = TextOfVanished("app", many, {});
  EXPECT_THAT(text, EndsWith("./e/119, … and 5 more"));
  EXPECT_THAT(text, Not(HasSubstr("./e/120")));
}

}  // namespace
}  // namespace openchoreo::flux
