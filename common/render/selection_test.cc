#include "common/render/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/render/selected_by.h"
#include "common/render/tree_for_tests.h"

namespace openchoreo::render {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kProjectBinding = R"(---
apiVersion: openchoreo.dev/v1alpha1
kind: ProjectReleaseBinding
metadata: {name: shop-dev, namespace: acme}
spec: {owner: {projectName: shop}, environment: dev}
)";

constexpr const char* kNamespace = "Namespace dp-acme-shop-dev-1c11194b";

// A project type whose project gives no Namespace of that name has it added; this one's does.
Files Shop() {
  return {{"a.yaml", kPlatform + Component("api") + Component("front") + kProjectBinding}};
}

TEST(Selection, KindsOfBindingsAndTheirNamespaces) {
  struct Case {
    const char* name;
    std::vector<std::string> bindings, components;
    bool given;
    std::vector<std::string> want;
  };

  const std::string project = "ProjectReleaseBinding shop-dev", api = "ReleaseBinding api-dev",
                    front = "ReleaseBinding front-dev";
  const Case cases[] = {
      {"all", {}, {}, false, {project, api, front}},
      {"project", {"project"}, {}, false, {project}},
      {"component", {"component"}, {}, false, {api, front}},
      {"component, with Namespaces", {"component"}, {}, true, {kNamespace, api, front}},
      {"one component", {}, {"api"}, false, {api}},
      {"one component, with Namespaces", {}, {"api"}, true, {kNamespace, api}},
  };
  for (const Case& test : cases) {
    Options options;
    options.bindings = test.bindings;
    options.components = test.components;
    options.namespaces_given = test.given;
    const Output output = Render(Shop(), options);
    EXPECT_EQ(Names(output), test.want) << test.name;
    EXPECT_FALSE(output.failed) << test.name;
  }
}

TEST(Selection, AProjectsPartHoldsTheNamespacesOfAllItsBindings) {
  // The project type gives another Namespace beside its own, so that nothing provides "jobs".
  std::string platform = kPlatform;
  const std::string from =
      "metadata: {name: \"${metadata.componentName}\", namespace: "
      "\"${metadata.namespace}\"}";
  const std::size_t at = platform.find(from);
  ASSERT_NE(at, std::string::npos);
  platform.replace(at, from.size(),
                   "metadata: {name: \"${metadata.componentName}\", namespace: jobs}");
  Options options;
  options.bindings = {"project"};
  const Output output =
      Render({{"a.yaml", platform + Component("api") + kProjectBinding}}, options);
  EXPECT_THAT(Messages(output), IsEmpty());
  EXPECT_THAT(Names(output), ElementsAre("Namespace jobs", "ProjectReleaseBinding shop-dev"));
  options.bindings = {"component"};
  const Output rest = Render({{"a.yaml", platform + Component("api") + kProjectBinding}}, options);
  EXPECT_THAT(Names(rest), ElementsAre("ReleaseBinding api-dev"));
  EXPECT_THAT(
      Messages(rest, base::Severity::kNote),
      ElementsAre(HasSubstr("2 Namespaces are left to whoever renders the project's part")));
}

TEST(Selection, OrganizationsAreTheNamespacesOfBindings) {
  Options options;
  options.organizations = {"acme"};
  EXPECT_FALSE(Render(Shop(), options).failed);
  options.organizations = {"globex"};
  EXPECT_THAT(Messages(Render(Shop(), options)),
              ElementsAre("the sources have no organization \"globex\""));
}

TEST(Selection, TakesABindingByWhatItSaysOfItself) {
  struct Case {
    const char* name;
    void (*select)(Options&);
    bool takes, selects;
  };

  const Case cases[] = {
      {"all", [](Options&) {}, true, false},
      {"its organization", [](Options& o) { o.organizations = {"acme"}; }, true, true},
      {"another organization", [](Options& o) { o.organizations = {"globex"}; }, false, true},
      {"its environment",
       [](Options& o) {
         o.environments = {"prod", "dev"};
       },
       true, true},
      {"another environment", [](Options& o) { o.environments = {"prod"}; }, false, true},
      {"another project", [](Options& o) { o.projects = {"pay"}; }, false, true},
      {"its kind", [](Options& o) { o.bindings = {"resource"}; }, true, true},
      {"another kind", [](Options& o) { o.bindings = {"component"}; }, false, true},
      {"a component of its name", [](Options& o) { o.components = {"db"}; }, false, true},
      {"a data plane, left aside", [](Options& o) { o.dataplanes = {"x"}; }, true, true},
  };
  const SelectedBy binding{names::Kind::kResourceReleaseBinding, "acme", "dev", "shop", "db"};
  for (const Case& test : cases) {
    Options options;
    test.select(options);
    EXPECT_EQ(Takes(options, binding), test.takes) << test.name;
    EXPECT_EQ(Selects(options), test.selects) << test.name;
  }
}

TEST(Selection, AnEmptySelectionCanBeAllowedAlone) {
  struct Case {
    const char* name;
    Files files;
    std::vector<std::string> environments;
    bool fails;
  };

  const Case cases[] = {
      {"the last binding of prod is gone", Shop(), {"prod"}, false},
      {"an environment the tree lacks", Shop(), {"qa"}, true},
      {"no binding at all", {{"a.yaml", kPlatform}}, {}, true},
  };
  for (const Case& test : cases) {
    Options options;
    options.environments = test.environments;
    options.allow_empty_selection = true;
    EXPECT_EQ(Render(test.files, options).failed, test.fails) << test.name;
    options.allow_empty_selection = false;
    EXPECT_TRUE(Render(test.files, options).failed) << test.name;
  }
}

TEST(Selection, AnEmptyResultsHintNamesTheWayOut) {
  Options options;
  options.environments = {"prod"};
  const Output output = Render(Shop(), options);
  ASSERT_EQ(output.diagnostics.size(), 1u);
  EXPECT_THAT(output.diagnostics[0].hint, HasSubstr("state: Undeploy"));
  EXPECT_THAT(output.diagnostics[0].hint, HasSubstr("--allow-empty-selection"));
}

TEST(Tree, IsLoadedOnceAndRenderedInParts) {
  resource::MemoryTree files(Shop());
  source::FileTree* trees[] = {&files};
  Renderer renderer;
  Options options;
  const Tree tree = renderer.Load(trees, options);
  EXPECT_THAT(tree.inventory().components, ElementsAre("api", "front"));
  const Output whole = renderer.Render(tree, options);
  for (const char* component : {"api", "front"}) {
    options.components = {component};
    const Output part = renderer.Render(tree, options);
    const std::string name = std::string(component) + "-dev";
    EXPECT_EQ(TextOf(part, "ReleaseBinding", name), TextOf(whole, "ReleaseBinding", name));
    EXPECT_EQ(part.bindings.size(), 1u);
  }
}

TEST(Include, BindingsAreTheSelectedOnes) {
  Options options;
  options.include = Include{true, true, false};
  options.components = {"api"};
  const Output output = Render(Shop(), options);
  EXPECT_THAT(Names(output), ElementsAre("ReleaseBinding api-dev", "ReleaseBinding api-dev"));
  EXPECT_EQ(output.groups[1].binding, 0u);
  EXPECT_THAT(*output.groups[1].text, HasSubstr("kind: ReleaseBinding"));
}

TEST(Include, OpenChoreoObjectsAreAResult) {
  Options options;
  options.include = Include::kOpenChoreo;
  EXPECT_FALSE(Render({{"a.yaml", kPlatform}}, options).failed);
  EXPECT_TRUE(Render({{"a.yaml", "kind: ConfigMap"}}, options).failed);
}

}  // namespace
}  // namespace openchoreo::render
