#include "common/resource/kustomization.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace openchoreo::resource {
namespace {

using ::testing::ElementsAre;

TEST(KustomizationTest, ReadsWhatMattersToRendering) {
  const auto read = ReadKustomization(
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: my-org\n"
      "namePrefix: a-\nnameSuffix: -b\nbases: [x]\nresources: [w, {}]\ncomponents: [z]\n"
      "generators: [g.yaml]\ntransformers:\n- t.yaml\n- |\n  kind: T\nvalidators: [v.yaml]\n"
      "patches: [{path: p.yaml}]\nimages: []\nreplicas:\n");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->ns, "my-org");
  EXPECT_EQ(read->name_prefix, "a-");
  EXPECT_EQ(read->name_suffix, "-b");
  EXPECT_THAT(read->resources, ElementsAre("w", "x", "z"));
  EXPECT_THAT(read->generators, ElementsAre("g.yaml"));
  EXPECT_THAT(read->transformers, ElementsAre("t.yaml", "kind: T\n"));
  EXPECT_THAT(read->validators, ElementsAre("v.yaml"));
  EXPECT_THAT(read->changes, ElementsAre("namespace", "namePrefix", "nameSuffix", "patches"));
  EXPECT_FALSE(read->labels_in_selectors);
}

TEST(KustomizationTest, TellsLabelsThatReachSelectors) {
  const struct {
    const char* text;
    bool want;
  } cases[] = {
      {"commonLabels: {a: b}\n", true},
      {"commonLabels: {}\n", false},
      {"labels: [{pairs: {a: b}}]\n", false},
      {"labels: [{pairs: {a: b}, includeSelectors: false}]\n", false},
      {"labels: [{pairs: {a: b}}, {pairs: {c: d}, includeSelectors: true}]\n", true},
  };

  for (const auto& c : cases) {
    const auto read = ReadKustomization(c.text);
    ASSERT_TRUE(read.has_value()) << c.text;
    EXPECT_EQ(read->labels_in_selectors, c.want) << c.text;
  }
}

TEST(KustomizationTest, WhatFieldsName) {
  const auto read = ReadKustomization(
      "images: [{name: a, newTag: b}, {name: c}]\nvars: [{name: V}]\nconfigurations: []\n"
      "patches: [{target: {kind: Job}}, {path: a.yaml}, x, {target: {labelSelector: a=b}}]\n"
      "replacements: [{targets: [{select: {name: p, group: g}}]}, {path: r.yaml}]\n");
  ASSERT_TRUE(read);
  EXPECT_THAT(read->images, ElementsAre("a", "c"));
  EXPECT_THAT(read->vars, ElementsAre("V"));
  EXPECT_FALSE(read->configured);
  ASSERT_EQ(read->targets.size(), 2u);
  EXPECT_EQ(read->targets[0].kind, "Job");
  EXPECT_EQ(read->targets[1].name + read->targets[1].group, "pg");
  EXPECT_TRUE(ReadKustomization("configurations: [c.yaml]\nimages: a\n")->configured);
}

TEST(KustomizationTest, TargetsAreExpressions) {
  const struct {
    PatchTarget target;
    bool want;
  } cases[] = {
      {{"", "", "Deployment", "", ""}, true},
      {{"", "", "Deploy", "", ""}, false},
      {{"", "", "Deploy.*|Job", "", ""}, true},
      {{"", "", "Job|Deployment", "or.*", ""}, true},
      {{"apps", "v1", "", "orders", "dev"}, true},
      {{"batch", "", "", "orders", ""}, false},
      {{"", "v2", "", "", ""}, false},
      {{"", "", "", "", "prod"}, false},
      {{"", "", "Deployment(", "", ""}, false},
      {{"", "", "", "rders", ""}, false},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(Selects(c.target, "apps/v1", "Deployment", "dev", "orders"), c.want)
        << c.target.kind << c.target.name;
  }
  EXPECT_TRUE(Selects({"", "v1", "", "", "default"}, "v1", "Pod", "", "a"));
  EXPECT_FALSE(Selects({"apps", "", "", "", ""}, "v1", "Pod", "", "a"));
}

TEST(KustomizationTest, OtherTextIsNone) {
  for (const char* text : {"", "[a]", "a: [", "apiVersion: v1\nkind: ConfigMap\n"})
    EXPECT_FALSE(ReadKustomization(text).has_value()) << text;
}

TEST(KustomizationTest, KnowsTheNamesKustomizeLooksFor) {
  for (const char* name : {"kustomization.yaml", "kustomization.yml", "Kustomization"})
    EXPECT_TRUE(IsKustomizationFile(name)) << name;
  EXPECT_FALSE(IsKustomizationFile("kustomization.json"));
}

}  // namespace
}  // namespace openchoreo::resource
