#include "kustomize-fn/item_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace openchoreo::kustomize_fn {
namespace {

namespace fs = std::filesystem;

class ItemSourcesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::canonical(testing::TempDir()) / "item_sources_test";
    fs::remove_all(root_);
    fs::create_directories(root_ / ".git");
  }

  void TearDown() override { fs::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

  static std::string Project(const std::string& name, const std::string& ns) {
    return "kind: Project\nmetadata: {name: " + name + ", namespace: " + ns + "}\n";
  }

  std::string Find(const Item& item) const {
    const std::string folder = root_ / "outer";
    const ItemSource source = ItemSources(folder).Of(item);
    return source.path + "#" + source.index;
  }

  static Item Named(const std::string& name, const std::string& ns) {
    Item item;
    item.kind = "Project";
    item.name = name;
    item.ns = ns;
    return item;
  }

  fs::path root_;
};

TEST_F(ItemSourcesTest, FindsWhatTheKustomizationsList) {
  Write("outer/kustomization.yaml", "resources: [../base, own.yaml]\ntransformers: [fn.yaml]\n");
  Write("outer/fn.yaml", "kind: OpenChoreoRender\nmetadata: {name: render}\n");
  Write("base/kustomization.yaml", "resources: [a.yaml, b.yaml]\n");
  Write("base/a.yaml", Project("shop", "acme"));
  Write("base/b.yaml", Project("shop", "globex") + "---\n" + Project("twice", "acme"));
  Write("base/not-listed.yaml", Project("stranger", "acme"));
  Write("outer/own.yaml", Project("twice", "acme") + "---\n" + Project("own", "acme"));

  EXPECT_EQ(Find(Named("own", "acme")), "own.yaml#1");
  EXPECT_EQ(Find(Named("own", "moved")), "own.yaml#1");
  EXPECT_EQ(Find(Named("shop", "acme")), "../base/a.yaml#0");
  EXPECT_EQ(Find(Named("shop", "globex")), "../base/b.yaml#0");
  EXPECT_EQ(Find(Named("shop", "moved")), "#") << "either file may hold it";
  EXPECT_EQ(Find(Named("twice", "acme")), "#");
  EXPECT_EQ(Find(Named("stranger", "acme")), "#");
  Item config = Named("render", "");
  config.kind = "OpenChoreoRender";
  EXPECT_EQ(Find(config), "fn.yaml#0");
}

TEST_F(ItemSourcesTest, FindsAnItemByTheNameItWasWrittenWith) {
  Write("outer/kustomization.yaml", "resources: [a.yaml]\nnamePrefix: p-\n");
  Write("outer/a.yaml", Project("shop", "acme"));
  Item item = Named("q-p-shop", "acme");
  EXPECT_EQ(Find(item), "#");
  item.annotations.previous_names = "shop,p-shop";
  item.annotations.previous_kinds = "Project,Project";
  EXPECT_EQ(Find(item), "a.yaml#0");
}

TEST_F(ItemSourcesTest, WhatAnItemSaysOfItself) {
  Write("outer/kustomization.yaml", "resources: [a.yaml]\n");
  Write("outer/a.yaml", Project("shop", "acme"));
  Item item = Named("shop", "acme");
  item.annotations.origin = "path: outer/a.yaml\n";  // from an outermost kustomization
  EXPECT_EQ(Find(item), "a.yaml#0");
  item.annotations.path = "kpt.yaml";
  EXPECT_EQ(Find(item), "kpt.yaml#");
  Item made = Named("made", "acme");
  made.annotations.origin = "path: elsewhere.yaml\n";
  EXPECT_EQ(Find(made), "elsewhere.yaml#");
}

}  // namespace
}  // namespace openchoreo::kustomize_fn
