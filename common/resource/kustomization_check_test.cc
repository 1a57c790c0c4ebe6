#include "common/resource/kustomization_check.h"

#include <gtest/gtest.h>

#include <string>

#include "common/resource/memory_tree_for_tests.h"

namespace openchoreo::resource {
namespace {

constexpr const char* kProject =
    "apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata: {name: shop}\n"
    "spec: {deploymentPipelineRef: {name: main}}\n";

std::string WarningsOf(std::map<std::string, std::string, std::less<>> files,
                       const std::string& ns = "default") {
  MemoryTree tree(std::move(files));
  source::FileTree* const trees[] = {&tree};
  LoadOptions options;
  options.default_namespace = ns;
  const auto repository = Load(trees, options);
  std::string text;
  for (const base::Diagnostic& diagnostic : repository->diagnostics()) {
    if (diagnostic.code != base::ErrorCode::kUsage) continue;
    text += repository->sources().at(diagnostic.place.source).display_path +
            diagnostic.place.field + ": " +
            diagnostic.message.substr(0, diagnostic.message.find('.'));
    text += '\n';
  }
  return text;
}

TEST(KustomizationCheckTest, WarnsWhereAnotherResultWouldCome) {
  const struct {
    const char* name;
    const char* path;
    const char* kustomization;
    const char* want;
  } cases[] = {
      {"a folder", "kustomization.yaml", "resources: [shop]\nnamespace: my-org\n",
       "kustomization.yaml/namespace: not applied: namespace\n"},
      {"a file", "shop/kustomization.yml",
       "resources: [project.yaml]\nnamePrefix: a-\nimages: [{}]\n",
       "shop/kustomization.yml/namePrefix: not applied: namePrefix, images\n"},
      {"a folder beside", "overlay/kustomization.yaml", "bases: [../shop/]\npatches: [{path: a}]\n",
       "overlay/kustomization.yaml/patches: not applied: patches\n"},
      {"everything", "kustomization.yaml", "resources: [.]\nnameSuffix: -a\n",
       "kustomization.yaml/nameSuffix: not applied: nameSuffix\n"},
      {"the namespace all have", "kustomization.yaml", "resources: [shop]\nnamespace: default\n",
       ""},
      {"labels", "kustomization.yaml", "resources: [shop]\ncommonLabels: {a: b}\n", ""},
      {"other files", "kustomization.yaml", "resources: [sho]\nnamespace: my-org\n", ""},
      {"out of the tree", "kustomization.yaml", "resources: [../shop]\nnamespace: my-org\n", ""},
      {"another kind of file", "kustomization.yaml",
       "apiVersion: v1\nresources: [shop]\nnamespace: my-org\n", ""},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(WarningsOf({{"shop/project.yaml", kProject}, {c.path, c.kustomization}}), c.want)
        << c.name;
  }
}

TEST(KustomizationCheckTest, TheNamespaceThatWasAskedForIsNoChange) {
  EXPECT_EQ(WarningsOf({{"project.yaml", kProject},
                        {"kustomization.yaml", "resources: [project.yaml]\nnamespace: my-org\n"}},
                       "my-org"),
            "");
}

TEST(KustomizationCheckTest, SaysThatAFileIsAPatch) {
  constexpr const char* kPatch =
      "apiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBinding\nmetadata: {name: a}\n"
      "spec: {environment: staging}\n";
  for (const char* kustomization :
       {"patches: [{path: ../patch.yaml}]\n", "patchesStrategicMerge: [../patch.yaml]\n",
        "patchesJson6902: [{path: ../patch.yaml}]\n"}) {
    MemoryTree tree({{"patch.yaml", kPatch},
                     {"other.yaml", kPatch},
                     {"overlay/kustomization.yaml", kustomization}});
    source::FileTree* const trees[] = {&tree};
    const auto repository = Load(trees, LoadOptions());
    std::size_t told = 0;
    for (const base::Diagnostic& diagnostic : repository->diagnostics()) {
      if (diagnostic.severity != base::Severity::kError) continue;
      const std::string& path = repository->sources().at(diagnostic.place.source).path;
      const bool hinted = diagnostic.hint.starts_with(
          "the file is a patch of overlay/kustomization.yaml, not an object of its own: leave it "
          "out (--exclude patch.yaml)");
      EXPECT_EQ(hinted, path == "patch.yaml") << path << ": " << diagnostic.hint;
      told += hinted;
    }
    EXPECT_GT(told, 0u) << kustomization;
  }
}

}  // namespace
}  // namespace openchoreo::resource
