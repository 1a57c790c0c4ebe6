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

  fs::path folder_;
};

TEST_F(OutputFolderTest, WritesThenRemovesWhatIsStale) {
  ASSERT_TRUE(WriteOutputFolder(folder_, {{"dev/shop/a.yaml", "1"}, {"dev/old/b.yaml", "2"}}));
  ASSERT_TRUE(WriteOutputFolder(folder_, {{"dev/shop/a.yaml", "3"}}));
  EXPECT_EQ(Read("dev/shop/a.yaml"), "3");
  EXPECT_FALSE(fs::exists(folder_ / "dev/old"));
}

TEST_F(OutputFolderTest, LeavesOtherPeoplesFilesAlone) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "mine.txt") << "keep";
  EXPECT_FALSE(WriteOutputFolder(folder_, {{"a.yaml", "1"}}));
  EXPECT_EQ(Read("mine.txt"), "keep");
  fs::remove(folder_ / "mine.txt");
  ASSERT_TRUE(WriteOutputFolder(folder_, {{"a.yaml", "1"}}));
  std::ofstream(folder_ / "mine.txt") << "keep";
  ASSERT_TRUE(WriteOutputFolder(folder_, {}));
  EXPECT_EQ(Read("mine.txt"), "keep");
  EXPECT_FALSE(fs::exists(folder_ / "a.yaml"));
}

TEST_F(OutputFolderTest, NeverLeavesTheFolder) {
  EXPECT_FALSE(WriteOutputFolder(folder_, {{"../x.yaml", "1"}}));
  EXPECT_FALSE(WriteOutputFolder(folder_, {{"/x.yaml", "1"}}));
}

}  // namespace
}  // namespace openchoreo::cli
