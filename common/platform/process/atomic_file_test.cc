#include "common/platform/process/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

namespace openchoreo::process {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public ::testing::Test {
 protected:
  AtomicFileTest()
      : base_(fs::temp_directory_path() / ("atomic-file-test-" + std::to_string(::getpid()))),
        root_(base_ / "root") {
    fs::remove_all(base_);
    fs::create_directories(root_);
    fs::create_directories(base_ / "outside");
    Put(base_ / "outside/victim", "original");
  }

  ~AtomicFileTest() override { fs::remove_all(base_); }

  static void Put(const fs::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
  }

  static std::string Get(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Folder Root() const { return *Folder::Open(root_); }

  base::Result<void> Write(const std::string& relative, const std::string& content) const {
    return Root().Write(relative, content, Durability::kCanBeMadeAgain);
  }

  // Everything below the root, links not followed.
  std::set<std::string> Names() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(root_))
      names.insert(entry.path().lexically_relative(root_));
    return names;
  }

  const fs::path base_, root_;
};

TEST_F(AtomicFileTest, WritesReadsReplacesAndRemoves) {
  for (Durability durability : {Durability::kCanBeMadeAgain, Durability::kOnlyCopy}) {
    ASSERT_TRUE(Root().Write("a/b/c.yaml", "one", durability));
    ASSERT_TRUE(Root().Write("a/b/c.yaml", "two", durability));
    EXPECT_EQ(Get(root_ / "a/b/c.yaml"), "two");
    EXPECT_EQ(*Root().Read("a/b/c.yaml", 10), "two");
    EXPECT_EQ(Root().Read("a/b/c.yaml", 2).error().code, base::ErrorCode::kLimit);
    EXPECT_EQ(*Root().Read("a/none", 10), std::nullopt);
    EXPECT_EQ(*Root().Read("none/none", 10), std::nullopt);
    ASSERT_TRUE(*Root().RemoveFile("a/b/c.yaml"));
    EXPECT_FALSE(*Root().RemoveFile("a/b/c.yaml"));
    EXPECT_TRUE(*Root().Empty()) << "the folders that got empty go with the file";
  }
}

TEST_F(AtomicFileTest, TheSameContentIsLeftAlone) {
  ASSERT_TRUE(Write("a", "same"));
  struct stat before, after;
  ASSERT_EQ(stat((root_ / "a").c_str(), &before), 0);
  ASSERT_TRUE(Write("a", "same"));
  ASSERT_EQ(stat((root_ / "a").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(AtomicFileTest, KeepsTheModeOfWhatItReplaces) {
  Put(root_ / "run.sh", "old");
  fs::permissions(root_ / "run.sh", fs::perms(0750));
  ASSERT_TRUE(Write("run.sh", "new"));
  EXPECT_EQ(fs::status(root_ / "run.sh").permissions(), fs::perms(0750));
}

TEST_F(AtomicFileTest, RefusesPathsThatCouldLeaveTheFolder) {
  for (const char* path :
       {"", "/", "/etc/x", "..", "../x", "a/../../x", "a/./b", "a//b", "a/", "."}) {
    EXPECT_EQ(Write(path, "x").error().code, base::ErrorCode::kUsage) << path;
    EXPECT_EQ(Root().Read(path, 1).error().code, base::ErrorCode::kUsage) << path;
    EXPECT_EQ(Root().RemoveFile(path).error().code, base::ErrorCode::kUsage) << path;
  }
  EXPECT_FALSE(Write(std::string("a\0b", 3), "x"));
  EXPECT_TRUE(*Root().Empty());
}

TEST_F(AtomicFileTest, FollowsNoLinkBelowTheRoot) {
  fs::create_symlink(base_ / "outside", root_ / "folder");
  auto through = Write("folder/victim", "overwritten");
  ASSERT_FALSE(through);
  EXPECT_NE(through.error().message.find("a symbolic link is in the way"), std::string::npos)
      << through.error().message;
  EXPECT_FALSE(Write("folder/new", "x"));
  EXPECT_FALSE(Root().Read("folder/victim", 100));
  EXPECT_FALSE(*Root().RemoveFile("folder/victim"));

  // A link in the file's own place is replaced, not followed; it is not read or removed either.
  fs::create_symlink(base_ / "outside/victim", root_ / "file");
  EXPECT_EQ(*Root().Read("file", 100), std::nullopt);
  EXPECT_FALSE(*Root().RemoveFile("file"));
  ASSERT_TRUE(Write("file", "mine"));
  EXPECT_EQ(Get(root_ / "file"), "mine");
  EXPECT_FALSE(fs::is_symlink(root_ / "file"));

  EXPECT_EQ(Get(base_ / "outside/victim"), "original");
  EXPECT_FALSE(fs::exists(base_ / "outside/new"));
}

TEST_F(AtomicFileTest, WritesManyFilesFolderByFolder) {
  const Folder root = Root();
  FolderWriter writer(root, Durability::kCanBeMadeAgain);
  const auto write = [&](const std::string& relative, std::vector<std::string_view> pieces) {
    return writer.Write(relative, pieces).has_value();
  };
  EXPECT_TRUE(write("a/b/1", {"o", "", "ne"}));
  EXPECT_TRUE(write("a/b/2", {"two"}));
  EXPECT_TRUE(write("a/3", {}));
  EXPECT_TRUE(write("4", {"four"}));
  EXPECT_TRUE(write("a/b/1", {"other"}));
  EXPECT_FALSE(write("a/b/..", {"x"}));
  EXPECT_EQ(Names(), (std::set<std::string>{"a", "a/b", "a/b/1", "a/b/2", "a/3", "4"}));
  EXPECT_EQ(Get(root_ / "a/b/1"), "other");
  EXPECT_EQ(Get(root_ / "a/b/2"), "two");
  EXPECT_EQ(Get(root_ / "a/3"), "");
  EXPECT_EQ(Get(root_ / "4"), "four");
}

TEST_F(AtomicFileTest, SameContentIsToldWhateverItsPieces) {
  ASSERT_TRUE(Write("a", "same text"));
  struct stat before, after;
  ASSERT_EQ(stat((root_ / "a").c_str(), &before), 0);
  const Folder root = Root();
  FolderWriter writer(root, Durability::kCanBeMadeAgain);
  const std::vector<std::string_view> same{"same", " ", "text"}, other{"same", "-", "text"};
  ASSERT_TRUE(writer.Write("a", same));
  ASSERT_EQ(stat((root_ / "a").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  ASSERT_TRUE(writer.Write("a", other));
  EXPECT_EQ(Get(root_ / "a"), "same-text");
}

// The folder that stands open is the one that was found without a link, whatever takes its name.
TEST_F(AtomicFileTest, WriterFollowsNoLinkThatComesBetweenTwoFiles) {
  const Folder root = Root();
  FolderWriter writer(root, Durability::kCanBeMadeAgain);
  const std::vector<std::string_view> content{"mine"};
  ASSERT_TRUE(writer.Write("folder/a", content));
  fs::rename(root_ / "folder", root_ / "moved");
  fs::create_symlink(base_ / "outside", root_ / "folder");
  ASSERT_TRUE(writer.Write("folder/victim", content));
  EXPECT_EQ(Get(base_ / "outside/victim"), "original");
  EXPECT_EQ(Get(root_ / "moved/victim"), "mine");
  EXPECT_FALSE(writer.Write("folder/below/victim", content));
}

TEST_F(AtomicFileTest, TheRootItselfMayBeALink) {
  fs::create_directory_symlink(root_, base_ / "link");
  ASSERT_TRUE(Folder::Make(base_ / "link"));
  ASSERT_TRUE(Folder::Open(base_ / "link")->Write("a", "x", Durability::kOnlyCopy));
  EXPECT_EQ(Get(root_ / "a"), "x");
}

TEST_F(AtomicFileTest, RemovesNothingButRegularFiles) {
  fs::create_directories(root_ / "folder");
  ASSERT_EQ(mkfifo((root_ / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(*Root().RemoveFile("folder"));
  EXPECT_FALSE(*Root().RemoveFile("pipe"));
  EXPECT_EQ(*Root().Read("pipe", 10), std::nullopt);
  EXPECT_EQ(Names(), (std::set<std::string>{"folder", "pipe"}));
}

TEST_F(AtomicFileTest, AFailedWriteLeavesTheOldFileAndNoTemporary) {
  ASSERT_TRUE(Write("a", "old"));
  fs::create_directories(root_ / "taken");
  EXPECT_FALSE(Write("taken", "x"));
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit tight = before;
  tight.rlim_cur = 10;
  const auto former = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const auto full = Write("a", std::string(100, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, former);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().message, "cannot write " + root_.string() + "/a: File too large");
  EXPECT_EQ(Get(root_ / "a"), "old");
  EXPECT_EQ(Names(), (std::set<std::string>{"a", "taken"}));
}

}  // namespace
}  // namespace openchoreo::process
