#include "common/resource/kustomization_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace openchoreo::resource {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class KustomizationTreeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(::testing::TempDir()) /
            ::testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(root_);
  }

  void TearDown() override { fs::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

  static std::vector<std::string> Names(const std::vector<ListedConfiguration>& listed) {
    std::vector<std::string> names;
    for (const ListedConfiguration& one : listed) names.push_back(one.name);
    return names;
  }

  fs::path root_;
};

std::string Config(const std::string& name, const std::string& spec = "{}") {
  return "apiVersion: a/v1\nkind: K\nmetadata: {name: " + name + "}\nspec: " + spec + "\n";
}

TEST_F(KustomizationTreeTest, InlineConfigurationsComeFirst) {
  Write("a.yaml", Config("a") + "---\n" + Config("b"));
  Write("more/kustomization.yml", "resources: [c.yaml]\n");
  Write("more/c.yaml", Config("c"));
  EXPECT_THAT(Names(ConfigurationsOf(root_, {"a.yaml", "missing.yaml", "more", Config("d")})),
              ElementsAre("d", "a", "b", "c"));
}

TEST_F(KustomizationTreeTest, ReadsWhatATransformerKeeps) {
  Write("a.yaml", Config("a", "{include: [rendered, bindings]}"));
  Write("b.yaml", Config("b", "{include: rendered, tracking: none}"));
  const auto listed = ConfigurationsOf(root_, {"a.yaml", "b.yaml"});
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_TRUE(listed[0].keeps_sources);
  EXPECT_FALSE(listed[0].unmarked);
  EXPECT_EQ(listed[0].spec, R"({"include":["rendered","bindings"]})");
  EXPECT_EQ(listed[0].folder, root_);
  EXPECT_FALSE(listed[1].keeps_sources);
  EXPECT_TRUE(listed[1].unmarked);
}

TEST_F(KustomizationTreeTest, GoesThroughResourcesEachOnce) {
  Write("top/kustomization.yaml", "resources: [../base, ../top]\ncomponents: [../part]\n");
  Write("base/kustomization.yaml", "resources: [../top, x.yaml]\ntransformers: [fn.yaml]\n");
  Write("base/fn.yaml", Config("base"));
  Write("part/Kustomization", "kind: Component\ngenerators: [fn.yaml]\n");
  Write("part/fn.yaml", Config("part"));
  EXPECT_THAT(Names(ConfigurationsBelow(root_ / "top")),
              ::testing::UnorderedElementsAre("base", "part"));
}

TEST_F(KustomizationTreeTest, AFolderThatHoldsItselfEnds) {
  Write("a/kustomization.yaml", "resources: [.]\ntransformers: [../a]\n");
  EXPECT_THAT(Names(ConfigurationsBelow(root_ / "a")), ElementsAre());
}

}  // namespace
}  // namespace openchoreo::resource
