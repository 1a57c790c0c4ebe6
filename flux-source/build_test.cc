#include "flux-source/build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/render/tree_for_tests.h"
#include "common/source/content_store.h"
#include "common/source/memory_tree.h"

namespace openchoreo::flux {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kPlatform = std::string(render::kEnvironments) + R"(---
apiVersion: openchoreo.dev/v1alpha1
kind: ProjectType
metadata: {name: std, namespace: acme}
spec:
  resources:
    - id: namespace
      template: {apiVersion: v1, kind: Namespace, metadata: {name: "${metadata.namespace}"}}
    - id: elsewhere
      template: {apiVersion: v1, kind: ConfigMap, metadata: {name: "${metadata.environmentName}", namespace: shared}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata: {name: shop, namespace: acme}
spec: {deploymentPipelineRef: {name: main}, type: {kind: ProjectType, name: std}}
)";

std::string ProjectBinding(const std::string& environment, const std::string& release = "") {
  return "---\napiVersion: openchoreo.dev/v1alpha1\nkind: ProjectReleaseBinding\nmetadata: {name: "
         "shop-" +
         environment +
         ", namespace: acme}\nspec: {owner: {projectName: shop}, environment: " + environment +
         (release.empty() ? "" : ", projectRelease: " + release) + "}\n";
}

Build RunBuildOf(const std::string& tree, const Spec& spec) {
  source::ContentStore contents;
  std::vector<source::SourceFile> files = {contents.Intern("tree.yaml", tree)};
  source::MemoryTree memory(files, "", "", {});
  source::FileTree* trees[] = {&memory};
  render::Renderer renderer;
  return Build::Run(renderer, trees, spec, "app", {});
}

Spec ByEnvironment() {
  Spec spec;
  spec.split[static_cast<std::size_t>(SplitKey::kEnvironment)] = true;
  return spec;
}

// "<name> <state> <members>" of each part.
std::vector<std::string> Parts(const Build& build) {
  static constexpr const char* kStates[] = {"good", "failed", "empty"};
  std::vector<std::string> lines;
  for (const BuiltPart& part : build.parts()) {
    lines.push_back(part.name + " " + kStates[static_cast<int>(part.state)] + " " +
                    std::to_string(part.members.size()));
  }
  return lines;
}

std::vector<std::string> Paths(const artifact::FileViews& files) {
  std::vector<std::string> paths;
  for (const auto& [path, content] : files) paths.push_back(path);
  return paths;
}

TEST(Build, OnePartPerEnvironmentWithItsNamespaces) {
  const Build build =
      RunBuildOf(kPlatform + ProjectBinding("dev") + ProjectBinding("prod"), ByEnvironment());
  EXPECT_EQ(build.failure(), "");
  EXPECT_EQ(build.message(), "");
  ASSERT_THAT(Parts(build), ElementsAre("app-dev good 1", "app-prod good 1"));
  const PartFiles files = build.FilesOf(build.parts()[0]);
  EXPECT_THAT(Paths(files.files()),
              ElementsAre("dev/kustomization.yaml", "dev/shop/kustomization.yaml",
                          "dev/shop/namespaces.yaml",
                          "dev/shop/projectreleasebinding-shop-dev.yaml", "kustomization.yaml"));
  EXPECT_THAT(files.files().at("dev/shop/kustomization.yaml").pieces.front(),
              HasSubstr("resources:\n- namespaces.yaml\n- projectreleasebinding-shop-dev.yaml\n"));
}

TEST(Build, ABrokenBindingHoldsItsPartAlone) {
  const Build build = RunBuildOf(
      kPlatform + ProjectBinding("dev", "missing") + ProjectBinding("prod"), ByEnvironment());
  EXPECT_EQ(build.failure(), "");
  ASSERT_THAT(Parts(build), ElementsAre("app-dev failed 1", "app-prod good 1"));
  EXPECT_THAT(build.parts()[0].message, HasSubstr("ProjectReleaseBinding acme/shop-dev"));
  EXPECT_EQ(build.parts()[0].message, build.message());
}

TEST(Build, WhatBelongsToNoBindingHoldsAll) {
  const Build build = RunBuildOf(
      kPlatform + ProjectBinding("dev") + "---\napiVersion: openchoreo.dev/v1alpha1\nkind: [\n",
      ByEnvironment());
  EXPECT_THAT(build.failure(), HasSubstr("error[yaml-syntax]"));
  EXPECT_FALSE(build.temporary());
  EXPECT_THAT(build.parts(), IsEmpty());
}

TEST(Build, AnEnvironmentWithoutBindingsIsEmpty) {
  Spec spec = ByEnvironment();
  const Build build = RunBuildOf(kPlatform + ProjectBinding("dev"), spec);
  ASSERT_THAT(Parts(build), ElementsAre("app-dev good 1", "app-prod empty 0"));
  EXPECT_THAT(build.message(), HasSubstr("app-prod: the result is empty"));
  EXPECT_THAT(Paths(build.FilesOf(build.parts()[1]).files()), ElementsAre("kustomization.yaml"));
  spec.allow_empty = true;
  EXPECT_EQ(RunBuildOf(kPlatform + ProjectBinding("dev"), spec).message(), "");
}

TEST(Build, ASelectionOfWhatIsNotThereHoldsAll) {
  Spec spec = ByEnvironment();
  spec.options = {{"environments", {"development"}}};
  EXPECT_THAT(RunBuildOf(kPlatform + ProjectBinding("dev"), spec).failure(),
              HasSubstr("development"));
  spec.options = {{"environments", {"dev"}}};
  EXPECT_THAT(Parts(RunBuildOf(kPlatform + ProjectBinding("dev") + ProjectBinding("prod"), spec)),
              ElementsAre("app-dev good 1"));
}

TEST(Build, WholeHoldsEverything) {
  const Build build =
      RunBuildOf(kPlatform + ProjectBinding("dev") + ProjectBinding("prod"), Spec());
  ASSERT_THAT(Parts(build), ElementsAre("app good 2"));
  EXPECT_THAT(build.FilesOf(build.parts()[0]).files().at("kustomization.yaml").pieces.front(),
              HasSubstr("resources:\n- dev\n- prod\n"));
}

TEST(Build, AnOptionThatIsNoneIsRefused) {
  Spec spec;
  spec.options = {{"plane", {"moon"}}};
  EXPECT_THAT(RunBuildOf(kPlatform + ProjectBinding("dev"), spec).failure(), HasSubstr("plane"));
}

TEST(LargestFolders, NamesThem) {
  EXPECT_EQ(LargestFolders({{"a/b", {"1", "2"}}, {"a/c", {"3"}}, {"d", {"4444"}}}),
            "7 bytes of manifests; the largest folders: . (4), a (3)");
}

}  // namespace
}  // namespace openchoreo::flux
