#include "cli/output_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace openchoreo::cli {
namespace {

namespace fs = std::filesystem;

class OutputFolderTest : public ::testing::Test {
 protected:
  OutputFolderTest()
      : folder_(fs::temp_directory_path() / ("output-folder-test-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
  }

  ~OutputFolderTest() override { fs::remove_all(folder_); }

  std::string Read(const std::string& path) const {
    std::ifstream in(folder_ / path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void Write(const std::string& path, const std::string& content) const {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << content;
  }

  fs::path folder_;
};

TEST_F(OutputFolderTest, WritesThenRemovesWhatIsStale) {
  ASSERT_TRUE(WriteOutputFolder(folder_, {{"dev/shop/releasebinding-a.yaml", {"1"}},
                                          {"dev/old/releasebinding-b.yaml", {"2"}}}));
  ASSERT_TRUE(WriteOutputFolder(folder_, {{"dev/shop/releasebinding-a.yaml", {"3"}}}));
  EXPECT_EQ(Read("dev/shop/releasebinding-a.yaml"), "3");
  EXPECT_FALSE(fs::exists(folder_ / "dev/old"));
}

TEST_F(OutputFolderTest, LeavesOtherPeoplesFilesAlone) {
  fs::create_directories(folder_);
  Write("mine.txt", "keep");
  EXPECT_FALSE(WriteOutputFolder(folder_, {{"dev/p/namespaces.yaml", {"1"}}}));
  EXPECT_EQ(Read("mine.txt"), "keep");
  fs::remove(folder_ / "mine.txt");
  ASSERT_TRUE(WriteOutputFolder(folder_, {{"dev/p/namespaces.yaml", {"1"}}}));
  Write("mine.txt", "keep");
  ASSERT_TRUE(WriteOutputFolder(folder_, {}));
  EXPECT_EQ(Read("mine.txt"), "keep");
  EXPECT_FALSE(fs::exists(folder_ / "dev"));
}

TEST_F(OutputFolderTest, NeverLeavesTheFolder) {
  for (const char* path : {"../x.yaml", "/x.yaml", "dev/../../x/y.yaml", "dev/p/../x.yaml"}) {
    auto written = WriteOutputFolder(folder_, {{path, {"1"}}});
    ASSERT_FALSE(written) << path;
    EXPECT_EQ(written.error().code, base::ErrorCode::kUsage) << path;
  }
}

// A marker may come with a repository: its list is a stranger's.
TEST_F(OutputFolderTest, AMarkersListRemovesNothingThatAnOutputCouldNotHaveWritten) {
  const fs::path victim = folder_.string() + "-victim";
  fs::create_directories(folder_ / "src/main/java");
  fs::create_directories(victim / "p");
  std::ofstream(victim / "p/releasebinding-x.yaml") << "keep";
  Write("src/main/java/releasebinding-x.yaml", "keep");
  Write("src/notes.txt", "keep");
  Write(".gitignore", "keep");
  fs::create_directories(folder_ / "dev/p/releasebinding-folder.yaml");
  fs::create_symlink(victim / "p/releasebinding-x.yaml",
                     folder_ / "dev/p/releasebinding-link.yaml");
  fs::create_symlink(victim, folder_ / "linked");
  Write("dev/p/releasebinding-stale.yaml", "old");
  Write(".openchoreo-gitops-output",
        "src/main/java/releasebinding-x.yaml\nsrc/notes.txt\n.gitignore\n../" +
            victim.filename().string() + "/p/releasebinding-x.yaml\n" + victim.string() +
            "/p/releasebinding-x.yaml\ndev/p/releasebinding-folder.yaml\n"
            "dev/p/releasebinding-link.yaml\nlinked/p/releasebinding-x.yaml\n"
            "dev/p/releasebinding-stale.yaml\n\n.openchoreo-gitops-output\n");
  ASSERT_TRUE(WriteOutputFolder(folder_, {{"dev/p/releasebinding-new.yaml", {"new"}}}));
  EXPECT_EQ(Read("src/main/java/releasebinding-x.yaml"), "keep");
  EXPECT_EQ(Read("src/notes.txt"), "keep");
  EXPECT_EQ(Read(".gitignore"), "keep");
  EXPECT_TRUE(fs::is_directory(folder_ / "dev/p/releasebinding-folder.yaml"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "dev/p/releasebinding-link.yaml"));
  EXPECT_TRUE(fs::exists(victim / "p/releasebinding-x.yaml"));
  EXPECT_FALSE(fs::exists(folder_ / "dev/p/releasebinding-stale.yaml"));
  EXPECT_EQ(Read("dev/p/releasebinding-new.yaml"), "new");
  EXPECT_EQ(Read(".openchoreo-gitops-output"), "dev/p/releasebinding-new.yaml\n");
  fs::remove_all(victim);
}

TEST_F(OutputFolderTest, FollowsNoLinkBelowTheFolder) {
  const fs::path victim = folder_.string() + "-victim";
  fs::create_directories(victim);
  std::ofstream(victim / "file") << "original";
  fs::create_directories(folder_ / "dev/p");
  Write(".openchoreo-gitops-output", "");
  fs::create_symlink(victim, folder_ / "prod");
  EXPECT_FALSE(WriteOutputFolder(folder_, {{"prod/p/releasebinding-c.yaml", {"1"}}}));
  EXPECT_FALSE(fs::exists(victim / "p"));
  // Where a temporary file could be awaited, and in the file's own place.
  for (const char* name : {"releasebinding-c.yaml.new", "releasebinding-c.yaml"})
    fs::create_symlink(victim / "file", folder_ / "dev/p" / name);
  ASSERT_TRUE(WriteOutputFolder(folder_, {{"dev/p/releasebinding-c.yaml", {"1"}}}));
  std::ifstream in(victim / "file");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "original");
  EXPECT_EQ(Read("dev/p/releasebinding-c.yaml"), "1");
  // A marker that is a link is none.
  fs::remove(folder_ / ".openchoreo-gitops-output");
  fs::create_symlink(victim / "file", folder_ / ".openchoreo-gitops-output");
  EXPECT_FALSE(WriteOutputFolder(folder_, {}));
  fs::remove_all(victim);
}

}  // namespace
}  // namespace openchoreo::cli
