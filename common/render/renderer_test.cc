#include "common/render/renderer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "common/render/tree_for_tests.h"
#include "common/value/json_reader.h"

namespace openchoreo::render {
namespace {

using resource::MemoryTree;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Renderer, EmitsNamespacesThenBindings) {
  const Output output = Render({{"a.yaml", kPlatform + Component("api")}});
  EXPECT_THAT(Messages(output), IsEmpty());
  EXPECT_FALSE(output.failed);
  EXPECT_THAT(Names(output),
              ElementsAre("Namespace dp-acme-shop-dev-1c11194b", "ReleaseBinding api-dev"));
  // Deployment, Service, NetworkPolicy and record.
  EXPECT_EQ(output.groups[1].ends.size(), 4u);
  EXPECT_THAT(TextOf(output, "ReleaseBinding", "api-dev"),
              HasSubstr("openchoreo.dev/rendered-release-name: api-dev"));
}

// Where a connection leads is in the record even if nothing of the objects depends on it.
TEST(Renderer, TheRecordFollowsTheUrlsOfConnections) {
  const auto files = [](const std::string& port) {
    std::string cart = Component("cart");
    cart.replace(cart.find("port: 80"), 8, "port: " + port);
    return Files{{"a.yaml", kPlatform + cart +
                                Component("api",
                                          "{endpoints: [{component: cart, name: http, visibility: "
                                          "project, envBindings: {}}]}")}};
  };
  Renderer renderer(1 << 24);
  for (const std::string port : {"80", "81"}) {
    const Output output = Render(renderer, files(port));
    EXPECT_THAT(Messages(output), IsEmpty());
    EXPECT_THAT(
        TextOf(output, "ReleaseBinding", "api-dev"),
        HasSubstr(
            R"("connections":[{"component":"cart","endpoint":"http","project":"shop","url":{"host":"cart.dp-acme-shop-dev-1c11194b.svc.cluster.local","port":)" +
            port + R"(,"scheme":"http"},"visibility":"project"}])"));
  }
}

// As upstream's status has them: in the workload's order, each once.
TEST(Renderer, TheRecordNamesSecretReferencesInTheWorkloadsOrder) {
  std::string files = kPlatform + Component("api");
  const std::string image = "container: {image: \"i:1\"";
  const auto secret = [](const std::string& key, const std::string& name) {
    return "{key: " + key + ", mountPath: /" + key + ", valueFrom: {secretKeyRef: {name: " + name +
           ", key: k}}}";
  };
  files.replace(files.find(image), image.size(),
                image + ", env: [" + secret("A", "zoo") + ", " + secret("B", "mid") +
                    "], files: [" + secret("c", "any") + ", " + secret("d", "zoo") + "]");
  for (const std::string name : {"any", "mid", "zoo"}) {
    files += "---\napiVersion: openchoreo.dev/v1alpha1\nkind: SecretReference\nmetadata: {name: " +
             name +
             ", namespace: acme}\nspec: {template: {type: Opaque}, data: [{secretKey: k, "
             "remoteRef: {key: x}}]}\n";
  }
  const Output output = Render({{"a.yaml", files}});
  EXPECT_THAT(Messages(output), IsEmpty());
  EXPECT_THAT(TextOf(output, "ReleaseBinding", "api-dev"),
              HasSubstr(R"("secretReferences":["zoo","mid","any"])"));
}

TEST(Renderer, ARenderedNamespaceIsNotAddedAgain) {
  const Output output = Render({{"a.yaml", kPlatform + Component("api")}, {"b.yaml", R"(
apiVersion: openchoreo.dev/v1alpha1
kind: ProjectReleaseBinding
metadata: {name: shop-dev, namespace: acme}
spec: {owner: {projectName: shop}, environment: dev}
)"}});
  EXPECT_THAT(Messages(output), IsEmpty());
  EXPECT_THAT(Names(output),
              ElementsAre("ProjectReleaseBinding shop-dev", "ReleaseBinding api-dev"));
}

TEST(Renderer, ABindingOfARefusedComponentOnlyFollowsFromIt) {
  std::string component = Component("api");
  component.replace(component.find("owner:"), 6, "owned:");
  const Output output =
      Render({{"a.yaml", kPlatform + component + ReleaseBinding("api-dev", "dev", "\"\"")}});
  EXPECT_THAT(Messages(output),
              ElementsAre("Component acme/api: Component \"api\" is invalid: spec.owner: Required "
                          "value"));
  ASSERT_EQ(output.follow_ups.size(), 1u);
  EXPECT_THAT(output.follow_ups[0].message, HasSubstr("ComponentRelease \"\" not found"));
}

TEST(Renderer, SwitchesLeaveTheBareObjects) {
  Options options;
  options.tracking = options.namespaces = options.record = false;
  const Output output = Render({{"a.yaml", kPlatform + Component("api")}}, options);
  EXPECT_THAT(Names(output), ElementsAre("ReleaseBinding api-dev"));
  EXPECT_EQ(output.groups[0].ends.size(), 3u);
  EXPECT_EQ(output.groups[0].text->find("managed-by"), std::string::npos);
}

TEST(Renderer, BindingsOfACycleSeeEachOther) {
  const Output output = Render({{"a.yaml", kPlatform + Component("api", ConnectionTo("front")) +
                                               Component("front", ConnectionTo("api"))}});
  EXPECT_THAT(Messages(output), IsEmpty());
  EXPECT_THAT(Messages(output, base::Severity::kWarning), IsEmpty());
  EXPECT_THAT(TextOf(output, "ReleaseBinding", "api-dev"),
              HasSubstr("http://front.dp-acme-shop-dev-1c11194b.svc.cluster.local:80"));
  EXPECT_THAT(TextOf(output, "ReleaseBinding", "front-dev"),
              HasSubstr("http://api.dp-acme-shop-dev-1c11194b.svc.cluster.local:80"));
}

TEST(Renderer, SelectionLimitsWhatIsEmittedNotWhatIsResolved) {
  Options options;
  options.components = {"api"};
  const Output output =
      Render({{"a.yaml", kPlatform + Component("api", ConnectionTo("front")) + Component("front")}},
             options);
  EXPECT_THAT(Messages(output, base::Severity::kWarning), IsEmpty());
  EXPECT_THAT(Names(output), ElementsAre("ReleaseBinding api-dev"));
  EXPECT_EQ(output.selected_bindings, 1u);
}

TEST(Renderer, AnEmptyResultIsAnErrorUnlessAllowed) {
  struct Case {
    const char* name;
    Files files;
    std::vector<std::string> environments;
    const char* want;
  };

  const Case kCases[] = {
      {"no binding",
       {{"a.yaml", kPlatform}},
       {},
       "nothing to render: the sources hold no ReleaseBinding"},
      {"unknown environment",
       {{"a.yaml", kPlatform + Component("api")}},
       {"qa"},
       "the sources have no environment \"qa\""},
      {"nothing selected",
       {{"a.yaml", kPlatform + Component("api")}},
       {"prod"},
       "the selection matches none of the 1 bindings"},
  };
  for (const Case& test : kCases) {
    Options options;
    options.environments = test.environments;
    const Output output = Render(test.files, options);
    EXPECT_TRUE(output.failed) << test.name;
    EXPECT_THAT(Messages(output), ElementsAre(HasSubstr(test.want))) << test.name;
    options.allow_empty = true;
    EXPECT_FALSE(Render(test.files, options).failed) << test.name;
  }
}

TEST(Renderer, OneBrokenBindingFailsTheGenerationUnlessSkipped) {
  const Files files = {
      {"a.yaml", kPlatform + Component("api") + ReleaseBinding("api-prod", "prod", "nope")}};
  const Output output = Render(files);
  EXPECT_TRUE(output.failed);
  EXPECT_THAT(output.groups, IsEmpty());
  EXPECT_THAT(Messages(output),
              ElementsAre("ReleaseBinding acme/api-prod: ComponentRelease \"nope\" not found"));
  Options options;
  options.skip_broken = true;
  const Output skipped = Render(files, options);
  EXPECT_FALSE(skipped.failed);
  EXPECT_EQ(skipped.failed_bindings, 1u);
  EXPECT_THAT(Names(skipped),
              ElementsAre("Namespace dp-acme-shop-dev-1c11194b", "ReleaseBinding api-dev"));
}

TEST(Renderer, NamesThatAreNoLabelValuesAreRefused) {
  const std::string name(64, 'c');
  EXPECT_THAT(Messages(Render({{"a.yaml", kPlatform + Component(name)}})),
              ElementsAre("ReleaseBinding acme/" + name +
                          "-dev: Failed to reconcile dataplane Release: "
                          "RenderedRelease.openchoreo.dev \"" +
                          name + "-dev\" is invalid: metadata.labels: Invalid value: \"" + name +
                          "\": must be no more than 63 bytes"));
}

TEST(Renderer, ExpressionsThatNeverEndAreWarnedOf) {
  std::string platform = kPlatform;
  const std::string closed = "image: \"${workload.container.image}\"";
  platform.replace(platform.find(closed), closed.size(), "image: \"${workload.container.image\"");
  const Files files = {{"a.yaml", platform + Component("api")}};
  const std::string text = "an expression begins with ${ and never ends, so it is taken as text";
  const Output output = Render(files);
  EXPECT_FALSE(output.failed);
  EXPECT_THAT(Messages(output, base::Severity::kWarning),
              ElementsAre("ReleaseBinding acme/api-dev: " + text));
  Options strict;
  strict.strict = true;
  EXPECT_THAT(Messages(Render(files, strict)), ElementsAre("ReleaseBinding acme/api-dev: " + text));
}

TEST(Renderer, FactsOfBindingsSplitAResultIntoPartsThatStandAlone) {
  Options options;
  options.skip_broken = true;
  const Output output =
      Render({{"a.yaml", kPlatform + Component("api") + ReleaseBinding("api-prod", "prod", "nope")},
              {"b.yaml", R"(
apiVersion: openchoreo.dev/v1alpha1
kind: ProjectReleaseBinding
metadata: {name: shop-dev, namespace: acme}
spec: {owner: {projectName: shop}, environment: dev}
)"}},
             options);
  std::vector<std::string> facts;
  for (const BindingFacts& b : output.bindings) {
    facts.push_back(b.kind + " " + b.ns + "/" + b.name + " " + b.environment + " " + b.project +
                    " " + b.data_plane_id + (b.failed ? " failed" : ""));
  }
  EXPECT_THAT(facts,
              ElementsAre("ProjectReleaseBinding acme/shop-dev dev shop DataPlane acme/default",
                          "ReleaseBinding acme/api-dev dev shop DataPlane acme/default",
                          "ReleaseBinding acme/api-prod prod shop DataPlane acme/default failed"));
  const BindingFacts* alone[] = {&output.bindings[1]};
  const std::vector<Group> added = AddedNamespaces(alone, options.format);
  ASSERT_EQ(added.size(), 1u) << "the project's binding has it, but is not there";
  EXPECT_EQ(added[0].name, "dp-acme-shop-dev-1c11194b");
  EXPECT_EQ(added[0].environment, "dev");
  const BindingFacts* both[] = {&output.bindings[0], &output.bindings[1]};
  EXPECT_THAT(AddedNamespaces(both, options.format), IsEmpty());

  std::vector<std::string> environments;
  for (const EnvironmentFacts& e : output.environments) environments.push_back(e.ns + "/" + e.name);
  EXPECT_THAT(environments, ElementsAre("acme/dev", "acme/prod"));
  options.environments = {"prod"};
  const Output prod = Render({{"a.yaml", kPlatform + Component("api")}}, options);
  ASSERT_EQ(prod.environments.size(), 1u);
  EXPECT_EQ(prod.environments[0].name, "prod");
}

TEST(Renderer, AnAutoDeployThatCannotBeFollowedIsAnError) {
  const Output output = Render({{"a.yaml", kPlatform + Component("api")}, {"b.yaml", R"(
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: lone, namespace: acme}
spec: {owner: {projectName: shop}, autoDeploy: true, componentType: {name: deployment/web}}
)"}});
  EXPECT_TRUE(output.failed);
  EXPECT_THAT(Messages(output),
              ElementsAre("Component acme/lone: Workload for component \"lone\" not found, waiting "
                          "for workload to be created"));
}

TEST(Renderer, ErrorsOfWhatIsNotSelectedDoNotFailTheGeneration) {
  const std::string files = kPlatform + Component("api") + R"(---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: lone, namespace: acme}
spec: {owner: {projectName: shop}, autoDeploy: true, componentType: {name: deployment/web}}
)" + ReleaseBinding("api-prod", "prod", "nope") +
                            ReleaseBinding("bad", "prod", "nope", ", state: Paused");
  Options options;
  options.components = {"api"};
  options.environments = {"dev"};
  const Output output = Render({{"a.yaml", files}}, options);
  EXPECT_THAT(Messages(output), IsEmpty());
  EXPECT_THAT(Names(output), ElementsAre("ReleaseBinding api-dev"));
  EXPECT_TRUE(Render({{"a.yaml", files}}).failed);
}

TEST(Renderer, OneComponentAndEnvironmentHasOneBinding) {
  const Output output =
      Render({{"a.yaml", kPlatform + Component("api") + ReleaseBinding("a", "prod", "api-x") +
                             ReleaseBinding("b", "prod", "api-x")}});
  // Neither names a release there is; the check of ownership comes after rendering.
  EXPECT_EQ(output.failed_bindings, 2u);
}

TEST(Renderer, ObjectsOfTwoContentsFailTheBindingsThatReadThem) {
  const Output output = Render({{"a.yaml", kPlatform + Component("api")}, {"z.yaml", R"(
apiVersion: openchoreo.dev/v1alpha1
kind: Environment
metadata: {name: dev, namespace: acme}
spec: {dataPlaneRef: {kind: DataPlane, name: other}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Environment
metadata: {name: prod, namespace: acme}
spec: {dataPlaneRef: {kind: DataPlane, name: other}}
)"}});
  EXPECT_TRUE(output.failed);
  EXPECT_THAT(Messages(output),
              ElementsAre("ReleaseBinding acme/api-dev: Environment acme/dev is defined more than "
                          "once, with different content"));
  EXPECT_THAT(Messages(output, base::Severity::kWarning),
              ElementsAre(HasSubstr("Environment acme/prod is defined more than once")));
}

TEST(Renderer, OriginsNameTheFileOfTheTree) {
  Options options;
  options.origins = true;
  Renderer renderer(std::size_t{1} << 20);
  for (const char* name : {"platform.yaml", "moved.yaml"}) {
    const Output output =
        Render(renderer, {{name, kPlatform}, {"api.yaml", Component("api")}}, options);
    ASSERT_FALSE(output.failed);
    const std::string text = *output.groups.back().text;
    const std::string want =
        std::string("gitops.openchoreo.dev/origin: ") + name + "[6]#/spec/resources/";
    EXPECT_THAT(text, HasSubstr(want + "0/template\n"));
    EXPECT_THAT(text, HasSubstr(want + "1/template\n"));
  }
  options.origins = false;
  const Output output = Render({{"a.yaml", kPlatform + Component("api")}}, options);
  EXPECT_EQ(output.groups.back().text->find("/origin"), std::string::npos);
}

TEST(Renderer, UndeployEmitsNothingAndIsNoError) {
  const Output output =
      Render({{"a.yaml", kPlatform + Component("api") +
                             ReleaseBinding("api-dev", "dev", "x", ", state: Undeploy")}});
  EXPECT_THAT(Messages(output), IsEmpty());
  EXPECT_FALSE(output.failed);
  EXPECT_THAT(output.groups, IsEmpty());
}

TEST(Renderer, PlanHoldsEveryBindingAlsoBrokenOnes) {
  Options options;
  options.format = Format::kPlan;
  const Output output = Render(
      {{"a.yaml", kPlatform + Component("api") + ReleaseBinding("api-prod", "prod", "nope")}},
      options);
  EXPECT_TRUE(output.failed);
  ASSERT_THAT(Names(output), ElementsAre("ReleaseBinding api-dev", "ReleaseBinding api-prod"));
  for (const Group& group : output.groups) {
    base::Arena arena;
    EXPECT_TRUE(value::ReadJson(*group.text, arena).has_value()) << *group.text;
  }
  EXPECT_THAT(*output.groups[1].text,
              HasSubstr(R"("error":"ComponentRelease \"nope\" not found")"));
}

TEST(Renderer, IncludesTheResourcesThemselves) {
  Options options;
  options.include = Include::kAll;
  const Output output = Render({{"a.yaml", kPlatform + Component("api")}}, options);
  const auto names = Names(output);
  EXPECT_EQ(names.front(), "Namespace dp-acme-shop-dev-1c11194b");
  EXPECT_EQ(std::count(names.begin(), names.end(), "ReleaseBinding api-dev"), 2);
  EXPECT_EQ(std::count(names.begin(), names.end(), "Environment prod"), 1);
}

TEST(Renderer, ThreadsDoNotShow) {
  std::string tree = kPlatform;
  for (int i = 0; i < 40; ++i) {
    tree +=
        Component("c" + std::to_string(i), ConnectionTo("c" + std::to_string((i * 7 + 1) % 40)));
  }
  Options one, many;
  many.jobs = 8;
  EXPECT_EQ(AllText(Render({{"a.yaml", tree}}, one)), AllText(Render({{"a.yaml", tree}}, many)));
}

TEST(Renderer, RendersAgainOnlyWhatChanged) {
  Renderer renderer(64 << 20);
  Files files = {{"platform.yaml", kPlatform},
                 {"api.yaml", Component("api")},
                 {"front.yaml", Component("front")},
                 {"other.yaml", Component("other")}};
  const std::string first = AllText(Render(renderer, files));
  EXPECT_EQ(renderer.cache_stats().binding_misses, 3u);
  EXPECT_EQ(AllText(Render(renderer, files)), first);
  EXPECT_EQ(renderer.cache_stats().binding_hits, 3u);
  files["api.yaml"] = Component("api", "{}", "i:2");
  const Output changed = Render(renderer, files);
  EXPECT_EQ(renderer.cache_stats().binding_hits, 5u);
  EXPECT_EQ(renderer.cache_stats().binding_misses, 4u);
  EXPECT_THAT(TextOf(changed, "ReleaseBinding", "api-dev"), HasSubstr("i:2"));
  EXPECT_EQ(AllText(changed), AllText(Render(files)));
}

TEST(Renderer, ACacheKnowsThatANeighbourHasChanged) {
  Renderer renderer(64 << 20);
  Files files = {{"platform.yaml", kPlatform},
                 {"api.yaml", Component("api", ConnectionTo("front"))},
                 {"front.yaml", Component("front")}};
  Render(renderer, files);
  std::string front = files["front.yaml"];
  front.replace(front.find("port: 80"), 8, "port: 81");
  files["front.yaml"] = front;
  const Output output = Render(renderer, files);
  EXPECT_THAT(TextOf(output, "ReleaseBinding", "api-dev"), HasSubstr(":81"));
}

TEST(Renderer, CanBeCancelled) {
  Options options;
  options.cancel.Set();
  const Output output = Render({{"a.yaml", kPlatform + Component("api")}}, options);
  EXPECT_TRUE(output.failed);
  EXPECT_THAT(Messages(output), ElementsAre("the work was cancelled"));
}

TEST(Renderer, TakesAnInventory) {
  MemoryTree tree({{"a.yaml", kPlatform + Component("api")}});
  source::FileTree* trees[] = {&tree};
  Renderer renderer;
  const Inventory inventory = renderer.TakeInventory(trees, {});
  EXPECT_THAT(inventory.environments, ElementsAre("dev", "prod"));
  EXPECT_THAT(inventory.projects, ElementsAre("shop"));
  EXPECT_THAT(inventory.components, ElementsAre("api"));
  EXPECT_THAT(inventory.dataplanes, ElementsAre("default"));
  EXPECT_THAT(inventory.namespaces, ElementsAre("acme"));
}

}  // namespace
}  // namespace openchoreo::render
