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

TEST(KustomizationTest, ImagesThatConfigurationsSayNothingOf) {
  const auto images = [](const char* text) {
    const auto read = ReadKustomization(text);
    return read ? read->unconfigured_images : std::vector<std::string>{"unread"};
  };
  EXPECT_THAT(images("images: [{name: a, newTag: b}, {name: c}]\n"), ElementsAre("a", "c"));
  EXPECT_THAT(images("images: [{name: a}]\nconfigurations: [c.yaml]\n"), ElementsAre());
  EXPECT_THAT(images("images: [{name: a}]\nconfigurations: []\n"), ElementsAre("a"));
  EXPECT_THAT(images("images: a\n"), ElementsAre());
  const auto read = ReadKustomization(
      "patches: [{target: {kind: Job}}, {path: a.yaml}, x]\nvars: [{name: V}]\n"
      "replacements: [{targets: [{select: {kind: Pod}}]}, {path: r.yaml}]\n");
  ASSERT_TRUE(read);
  EXPECT_THAT(read->target_kinds, ElementsAre("Job", "Pod"));
  EXPECT_THAT(read->vars, ElementsAre("V"));
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
