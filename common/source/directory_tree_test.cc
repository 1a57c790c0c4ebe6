#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/source/file_tree.h"

namespace openchoreo::source {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DirectoryTest : public ::testing::Test {
 protected:
  DirectoryTest() {
    std::string pattern = fs::temp_directory_path() / "directory_test.XXXXXX";
    root_ = mkdtemp(pattern.data());
  }

  ~DirectoryTest() override { fs::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

  std::vector<std::string> List(DirectoryOptions options = {}) {
    const auto tree = OpenDirectory(root_, "", std::move(options));
    const auto files = tree->List();
    return files ? *files : std::vector<std::string>{"error: " + files.error().message};
  }

  fs::path root_;
};

TEST_F(DirectoryTest, ListsManifestsSorted) {
  for (const char* path : {"b.yaml", "a/z.yml", "a/b/c.json", "a.yaml", "a/readme.md",
                           ".git/x.yaml", "a/Kustomization", "a/.hidden/x.yaml", "chart/Chart.yaml",
                           "chart/templates/x.yaml", "templates/kept.yaml"}) {
    Write(path, "a: 1\n");
  }
  EXPECT_THAT(List(), ElementsAre("a.yaml", "a/Kustomization", "a/b/c.json", "a/z.yml", "b.yaml",
                                  "chart/Chart.yaml", "templates/kept.yaml"));
  DirectoryOptions options;
  options.exclude = {"a/b", "*.yml"};
  EXPECT_THAT(List(options), ElementsAre("a.yaml", "a/Kustomization", "b.yaml", "chart/Chart.yaml",
                                         "templates/kept.yaml"));
}

TEST_F(DirectoryTest, SourceIgnoreCounts) {
  Write(".sourceignore", "gen/\n*.tmp.yaml\n");
  Write("sub/.sourceignore", "!kept.tmp.yaml\n/only.yaml\n");
  for (const char* path :
       {"gen/a.yaml", "x.tmp.yaml", "sub/kept.tmp.yaml", "sub/only.yaml", "sub/deep/only.yaml"}) {
    Write(path, "a: 1\n");
  }
  EXPECT_THAT(List(), ElementsAre("sub/deep/only.yaml", "sub/kept.tmp.yaml"));
}

TEST_F(DirectoryTest, LinksStayInside) {
  Write("real/a.yaml", "a: 1\n");
  Write(".data/hidden.yaml", "b: 2\n");
  fs::create_symlink("../.data/hidden.yaml", root_ / "real" / "link.yaml");
  fs::create_symlink("/etc/passwd", root_ / "out.yaml");
  fs::create_symlink("nowhere", root_ / "broken.yaml");
  fs::create_directory_symlink("real", root_ / "folder");
  fs::create_directory_symlink("..", root_ / "real" / "up");
  ::mkfifo((root_ / "pipe.yaml").c_str(), 0600);
  const auto tree = OpenDirectory(root_, "");
  EXPECT_THAT(*tree->List(), ElementsAre("real/a.yaml", "real/link.yaml"));
  EXPECT_EQ(**tree->Read("real/link.yaml"), "b: 2\n");
  EXPECT_FALSE(tree->Read("out.yaml"));
  EXPECT_FALSE(tree->Read("real/up/out.yaml"));
  EXPECT_THAT(tree->LeftOutPaths(), ElementsAre(LeftOut{".data", LeftOutReason::kHiddenFolder},
                                                LeftOut{"broken.yaml", LeftOutReason::kBrokenLink},
                                                LeftOut{"folder", LeftOutReason::kLinkToFolder},
                                                LeftOut{"out.yaml", LeftOutReason::kLinkOutside},
                                                LeftOut{"pipe.yaml", LeftOutReason::kSpecialFile},
                                                LeftOut{"real/up", LeftOutReason::kLinkToFolder}));
  EXPECT_TRUE(tree->ReadStart("out.yaml"));
}

TEST_F(DirectoryTest, LinkedFoldersElsewhereAreLookedInto) {
  Write("tree/a.yaml", "a: 1\n");
  Write("elsewhere/deep/b.yaml", "b: 2\n");
  Write("elsewhere/.git/c.yaml", "c: 3\n");
  fs::create_directory_symlink("../elsewhere", root_ / "tree" / "platform");
  const auto tree = OpenDirectory(root_ / "tree", "");
  EXPECT_THAT(*tree->List(), ElementsAre("a.yaml"));
  EXPECT_THAT(tree->LeftOutPaths(),
              ElementsAre(LeftOut{"platform/deep/b.yaml", LeftOutReason::kLinkOutside}));
  EXPECT_EQ(**tree->ReadStart("platform/deep/b.yaml"), "b: 2\n");
}

TEST_F(DirectoryTest, ReadsWhatFitsTheLimit) {
  const std::string big(100'000, 'x');
  Write("big.yaml", big);
  Write("empty.yaml", "");
  const auto tree = OpenDirectory(root_, "");
  EXPECT_EQ(**tree->Read("big.yaml"), big);
  EXPECT_EQ(**tree->Read("empty.yaml"), "");
  DirectoryOptions options;
  options.max_file_bytes = 99'999;
  const auto refused = OpenDirectory(root_, "", options)->Read("big.yaml");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kLimit);
  EXPECT_EQ(refused.error().message, "cannot read big.yaml: larger than 99999 bytes");
  EXPECT_EQ((*OpenDirectory(root_, "", options)->ReadStart("big.yaml"))->size(), 99'999u);
}

TEST_F(DirectoryTest, OneFileAsSource) {
  Write("one.txt", "a: 1\n");
  const auto tree = OpenDirectory(root_ / "one.txt", "");
  EXPECT_THAT(*tree->List(), ElementsAre("one.txt"));
  EXPECT_EQ(**tree->Read("one.txt"), "a: 1\n");
}

TEST_F(DirectoryTest, MissingSource) {
  const auto missing = OpenDirectory(root_ / "no", "")->List();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::kUnreadableSource);
  EXPECT_THAT(missing.error().message, HasSubstr("No such file"));
}

}  // namespace
}  // namespace openchoreo::source
