#include "common/render/manifest_files.h"

#include <gmock/gmock.h>

#include "common/render/tree_for_tests.h"

namespace openchoreo::render {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Group MakeGroup(std::string kind, std::string name, std::string environment, std::string project,
                const std::vector<std::string>& objects) {
  Group group = GroupOf(std::move(kind), std::move(name), objects);
  group.environment = std::move(environment);
  group.project = std::move(project);
  return group;
}

TEST(ManifestFilesTest, PutsABindingIntoItsEnvironmentsAndProjectsFolder) {
  const std::vector<Group> groups = {
      MakeGroup("Namespace", "dp-a", "dev", "shop", {"a: 1\n"}),
      MakeGroup("Namespace", "dp-b", "dev", "shop", {"a: 2\n"}),
      MakeGroup("ProjectReleaseBinding", "shop-dev", "dev", "shop", {"b: 1\n"}),
      MakeGroup("ReleaseBinding", "cart-dev", "dev", "shop", {"c: 1\n", "c: 2\n"}),
      MakeGroup("ReleaseBinding", "gone-dev", "dev", "shop", {}),
      MakeGroup("DataPlane", "default", "", "", {"d: 1\n"})};
  EXPECT_THAT(ToFiles(groups, Format::kYaml),
              ElementsAre(Pair("-/-/dataplane-default.yaml", "---\nd: 1\n"),
                          Pair("dev/shop/namespaces.yaml", "---\na: 1\n---\na: 2\n"),
                          Pair("dev/shop/projectreleasebinding-shop-dev.yaml", "---\nb: 1\n"),
                          Pair("dev/shop/releasebinding-cart-dev.yaml", "---\nc: 1\n---\nc: 2\n")));
}

TEST(ManifestFilesTest, WritesJsonAsOneArrayPerFile) {
  const std::vector<Group> groups = {
      MakeGroup("ReleaseBinding", "cart", "dev", "shop", {"{\"c\":1}", "{\"c\":2}"})};
  EXPECT_THAT(ToFiles(groups, Format::kJson), ElementsAre(Pair("dev/shop/releasebinding-cart.json",
                                                               "[\n{\"c\":1},\n{\"c\":2}\n]\n")));
}

TEST(ManifestFilesTest, TellsTheSizeOfAFile) {
  const std::vector<Group> groups = {
      MakeGroup("ReleaseBinding", "cart", "dev", "shop", {"c: 1\n"})};
  const std::vector<ManifestFile> files = LayOut(groups, Format::kYaml);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].size(), files[0].Content().size());
}

TEST(ManifestFilesTest, NamesEveryFolderAndFileInAKustomization) {
  std::map<std::string, std::string> files = {{"dev/shop/namespaces.yaml", ""},
                                              {"dev/shop/releasebinding-a.yaml", ""},
                                              {"prod/-/x.yaml", ""}};
  AddKustomizations(files);
  const std::string head =
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n";
  EXPECT_EQ(files.size(), 8u);
  EXPECT_EQ(files["kustomization.yaml"], head + "- dev\n- prod\n");
  EXPECT_EQ(files["dev/kustomization.yaml"], head + "- shop\n");
  EXPECT_EQ(files["dev/shop/kustomization.yaml"],
            head + "- namespaces.yaml\n- releasebinding-a.yaml\n");
  EXPECT_EQ(files["prod/kustomization.yaml"], head + "- '-'\n") << "no list in a list";
  EXPECT_EQ(files["prod/-/kustomization.yaml"], head + "- x.yaml\n");
}

TEST(ManifestFilesTest, NamesStayTextsInAKustomization) {
  std::map<std::string, std::string> files = {{"1/true/x.yaml", ""}, {"1/shop/x.yaml", ""}};
  AddKustomizations(files);
  EXPECT_THAT(files["kustomization.yaml"], HasSubstr("- '1'\n"));
  EXPECT_THAT(files["1/kustomization.yaml"], HasSubstr("- shop\n- 'true'\n"));
}

TEST(ManifestFilesTest, GivesNothingAKustomizationWithoutResources) {
  std::map<std::string, std::string> files;
  AddKustomizations(files);
  EXPECT_THAT(files, ElementsAre(Pair("kustomization.yaml",
                                      "apiVersion: kustomize.config.k8s.io/v1beta1\n"
                                      "kind: Kustomization\nresources: []\n")));
}

TEST(ManifestFilesTest, KnowsItsOwnPaths) {
  const std::vector<Group> groups = {MakeGroup("Namespace", "n", "dev", "s", {"a: 1\n"}),
                                     MakeGroup("ReleaseBinding", "a", "dev", "s", {"a: 1\n"}),
                                     MakeGroup("ClusterDataPlane", "default", "", "", {"a: 1\n"})};
  for (const Format format : {Format::kYaml, Format::kJson}) {
    for (const ManifestFile& file : LayOut(groups, format))
      EXPECT_TRUE(IsManifestPath(file.path)) << file.path;
  }
  for (const char* path :
       {"", "/", "x.yaml", "dev/s/x.yaml", "dev/s/releasebinding-.yaml", "dev/s/-x.yaml",
        "dev/s/Releasebinding-x.yaml", "dev/s/releasebinding-x.yml", "dev/s/releasebinding-x",
        "dev/releasebinding-x.yaml", "dev/s/t/releasebinding-x.yaml", "/dev/releasebinding-x.yaml",
        "../s/releasebinding-x.yaml", "dev/../releasebinding-x.yaml", "dev//releasebinding-x.yaml",
        "dev/./namespaces.yaml", "dev/s/.yaml", "dev/s/.json"}) {
    EXPECT_FALSE(IsManifestPath(path)) << path;
  }
}

TEST(ManifestFilesTest, StreamsAllObjectsInOrder) {
  const std::vector<Group> groups = {MakeGroup("ReleaseBinding", "b", "dev", "s", {"b: 1\n"}),
                                     MakeGroup("ReleaseBinding", "a", "dev", "s", {"a: 1\n"})};
  EXPECT_THAT(StreamOf(groups, Format::kYaml), ElementsAre("---\n", "b: 1\n", "---\n", "a: 1\n"));
  EXPECT_THAT(StreamOf({}, Format::kJson), ElementsAre("[]\n"));
}

}  // namespace
}  // namespace openchoreo::render
