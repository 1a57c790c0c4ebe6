#include "common/platform/process/child_process.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "common/platform/process/temporary_folder.h"

namespace openchoreo::process {
namespace {

TEST(RunCommand, OutputErrorsAndLimits) {
  Command command;
  command.environment = {"PATH=/usr/bin:/bin"};
  command.arguments = {"sh", "-c", "echo out; echo err >&2; exit 3"};
  auto result = RunCommand(command);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->output, "out\n");
  EXPECT_EQ(result->errors, "err\n");
  command.arguments = {"sh", "-c", "kill -9 $$"};
  EXPECT_EQ(RunCommand(command)->exit_code, 137);
  command.arguments = {"no-such-program-here"};
  EXPECT_FALSE(RunCommand(command));
  command.arguments = {"sh", "-c",
                       "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done"};
  command.max_output_bytes = 100'000;
  EXPECT_EQ(RunCommand(command).error().code, base::ErrorCode::kLimit);
  command.arguments = {"sleep", "20"};
  command.max_time = std::chrono::milliseconds(150);
  EXPECT_EQ(RunCommand(command).error().code, base::ErrorCode::kLimit);
  command.max_time = std::chrono::minutes(1);
  command.cancel.Set();
  EXPECT_EQ(RunCommand(command).error().code, base::ErrorCode::kCancelled);
}

TEST(TemporaryFolder, GoesWithAllThatLiesInItButNotBehindLinks) {
  const std::string parent = testing::TempDir() + "/temporary-folder-test";
  std::filesystem::create_directories(parent + "/kept");
  std::ofstream(parent + "/kept/file") << "x";
  std::string path;
  {
    auto folder = TemporaryFolder::Make(parent + "/new/one", "work");
    ASSERT_TRUE(folder) << folder.error().message;
    path = folder->path();
    std::filesystem::create_directories(path + "/a/b");
    std::filesystem::create_symlink(parent + "/kept", path + "/a/link");
    EXPECT_TRUE(std::filesystem::exists(path + "/a/link/file"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(std::filesystem::exists(parent + "/kept/file"));
  std::filesystem::remove_all(parent);
  EXPECT_FALSE(TemporaryFolder::Make("/proc/none", "x"));
}

}  // namespace
}  // namespace openchoreo::process
