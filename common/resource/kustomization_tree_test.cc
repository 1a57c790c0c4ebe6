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

TEST_F(KustomizationTreeTest, GoesThroughResourcesEachOnce) {
  Write("top/kustomization.yaml", "resources: [../base, ../top]\ncomponents: [../part]\n");
  Write("base/kustomization.yaml", "resources: [../top, x.yaml]\ntransformers: [fn.yaml]\n");
  Write("base/fn.yaml", Config("base"));
  Write("part/Kustomization", "kind: Component\ngenerators: [fn.yaml]\n");
  Write("part/fn.yaml", Config("part"));
  std::map<std::string, ListedConfiguration> listed;
  for (ListedConfiguration& one : ConfigurationsBelow(root_ / "top")) listed[one.name] = one;
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed["base"].content,
            R"({"apiVersion":"a/v1","kind":"K","metadata":{"name":"base"},"spec":{}})");
  EXPECT_FALSE(listed["base"].generates);
  EXPECT_EQ(listed["base"].layer, root_ / "base");
  EXPECT_TRUE(listed["part"].generates);
  EXPECT_EQ(listed["part"].folder, root_ / "part");
  EXPECT_EQ(listed["part"].layer, root_ / "top");
}

TEST_F(KustomizationTreeTest, AFolderThatHoldsItselfEnds) {
  Write("a/kustomization.yaml", "resources: [.]\ntransformers: [../a]\n");
  EXPECT_THAT(Names(ConfigurationsBelow(root_ / "a")), ElementsAre());
}

TEST_F(KustomizationTreeTest, WhatStandsBeforeAComponent) {
  Write("base/kustomization.yaml", "resources: [../deep]\n");
  Write("deep/kustomization.yaml", "namePrefix: a\n");
  Write("fn/kustomization.yaml", "kind: Component\n");
  Write("first/kustomization.yaml", "kind: Component\n");
  Write("last/kustomization.yaml", "kind: Component\n");
  Write("mid/kustomization.yaml", "kind: Component\ncomponents: [../first, ../fn/]\n");
  Write("top/kustomization.yaml", "resources: [../base]\ncomponents: [../mid, ../last]\n");
  Write(".hidden/kustomization.yaml", "components: [../last, ../fn]\n");
  fs::create_directories(root_ / ".git");
  const auto names = [&](const std::string& folder) {
    std::vector<std::string> found;
    for (const PlacedKustomization& one : KustomizationsBefore(root_ / folder))
      found.push_back(one.folder.filename().string());
    return found;
  };
  EXPECT_THAT(names("fn"), ElementsAre("fn", "first", "base", "deep"));
  EXPECT_THAT(names("base"), ElementsAre("base", "deep"));
  EXPECT_THAT(names("nowhere"), ElementsAre());
}

}  // namespace
}  // namespace openchoreo::resource
