#include "common/render/foreign_objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/render/tree_for_tests.h"

namespace openchoreo::render {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kStore =
    "apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: vault}\n"
    "spec: {text: \"${not ours}\"}\n";

Files WithOthers() {
  return {
      {"a.yaml", kPlatform + Component("api")},
      {"store.yaml", kStore},
      {"list.yaml",
       "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: "
       "{name: c, namespace: n}}\n"},
      {"kustomization.yaml",
       "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: k}\n"},
      {"local.yaml",
       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: l, annotations: "
       "{config.kubernetes.io/local-config: \"true\"}}\n"},
      {"ours.yaml",
       "apiVersion: gitops.openchoreo.dev/v1alpha1\nkind: OpenChoreoRender\nmetadata: {name: r}\n"},
      {"values.yaml", "apiVersion: 1\nreplicas: 2\n"}};
}

TEST(Passthrough, OtherObjectsAreToldOrEmittedAsTheyAre) {
  Options options;
  options.verbose = true;
  const Output told = Render(WithOthers(), options);
  EXPECT_THAT(Names(told),
              ElementsAre("Namespace dp-acme-shop-dev-1c11194b", "ReleaseBinding api-dev"));
  EXPECT_THAT(Messages(told, base::Severity::kNote),
              testing::Contains(HasSubstr("2 other objects are left alone; --passthrough")));
  options.passthrough = true;
  const Output passed = Render(WithOthers(), options);
  EXPECT_THAT(Names(passed),
              ElementsAre("Namespace dp-acme-shop-dev-1c11194b", "ReleaseBinding api-dev",
                          "ClusterSecretStore vault", "ConfigMap c"));
  EXPECT_THAT(TextOf(passed, "ClusterSecretStore", "vault"), HasSubstr("${not ours}"));
  EXPECT_EQ(TextOf(passed, "ClusterSecretStore", "vault").find("annotations"), std::string::npos);
}

TEST(Passthrough, AFileThatCannotBeReadFailsIt) {
  Options options;
  options.passthrough = true;
  Files files = WithOthers();
  files["broken.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [\n";
  const Output output = Render(files, options);
  EXPECT_TRUE(output.failed);
  EXPECT_THAT(Messages(output), ElementsAre(HasSubstr("broken.yaml cannot be passed through")));
  options.passthrough = false;
  EXPECT_FALSE(Render(files, options).failed);
}

TEST(EmittedTrees, OthersAreReadOnly) {
  resource::MemoryTree own(Files{{"app.yaml", Component("api")}});
  resource::MemoryTree platform(Files{{"a.yaml", kPlatform}, {"store.yaml", kStore}});
  source::FileTree* trees[] = {&own, &platform};
  Options options;
  options.include = Include::kAll;
  options.passthrough = true;
  options.emitted_trees = 1;
  Renderer renderer;
  const Output output = renderer.Render(trees, options);
  EXPECT_THAT(Messages(output), IsEmpty());
  EXPECT_THAT(Names(output),
              ElementsAre("Namespace dp-acme-shop-dev-1c11194b", "ReleaseBinding api-dev",
                          "Component api", "ReleaseBinding api-dev", "Workload api-workload"));
}

}  // namespace
}  // namespace openchoreo::render
