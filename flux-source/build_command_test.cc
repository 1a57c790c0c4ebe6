#include "flux-source/build_command.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "common/platform/process/temporary_folder.h"
#include "common/render/tree_for_tests.h"

namespace openchoreo::flux {
namespace {

namespace fs = std::filesystem;

class BuildCommandTest : public testing::Test {
 protected:
  BuildCommandTest() {
    Write("good/tree.yaml", render::kPlatform + kBinding);
    Write("bad/tree.yaml", render::kPlatform + kBinding + "---\nkind: [");
    Write("full/file", "x");
    Write("file", "x");
  }

  void Write(const std::string& path, const std::string& text) const {
    const fs::path to = fs::path(root_) / path;
    fs::create_directories(to.parent_path());
    std::ofstream(to, std::ios::binary) << text;
  }

  int Run(const std::string& source, const std::string& output) const {
    BuildCommand command;
    command.paths = {root_ + "/" + source};
    command.output = root_ + "/" + output;
    return RunBuild(command);
  }

  static constexpr const char* kBinding = R"(---
apiVersion: openchoreo.dev/v1alpha1
kind: ProjectReleaseBinding
metadata: {name: shop-dev, namespace: acme}
spec: {owner: {projectName: shop}, environment: dev}
)";
  const process::TemporaryFolder folder_ =
      process::TemporaryFolder::Make(testing::TempDir(), "build").value();
  const std::string root_ = folder_.path();
};

TEST_F(BuildCommandTest, WritesAFolderOrAnArchive) {
  ASSERT_EQ(Run("good", "new/out"), 0);
  EXPECT_TRUE(fs::exists(root_ + "/new/out/kustomization.yaml"));
  EXPECT_TRUE(fs::exists(root_ + "/new/out/dev/shop/namespaces.yaml") ||
              fs::exists(root_ + "/new/out/dev/shop/projectreleasebinding-shop-dev.yaml"));
  ASSERT_EQ(Run("good", "new/out.tar.gz"), 0);
  EXPECT_GT(fs::file_size(root_ + "/new/out.tar.gz"), 0u);
}

TEST_F(BuildCommandTest, TheExitCodeIsThatOfTheErrorsClass) {
  struct Case {
    const char* source;
    const char* output;
    int exit_code;
  };

  const Case cases[] = {
      {"bad", "out", 1},        // a document cannot be read
      {"none", "out", 3},       // the source is not there
      {"good", "full", 2},      // a folder that holds something
      {"good", "file/out", 3},  // no folder can be made there
      {"good", "file/o.tar.gz", 3},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Run(c.source, c.output), c.exit_code) << c.source << " " << c.output;
  }
  EXPECT_FALSE(fs::exists(root_ + "/out")) << "what failed writes nothing";
}

}  // namespace
}  // namespace openchoreo::flux
