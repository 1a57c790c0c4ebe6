#include "kustomize-fn/item_names.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/yaml/reader.h"

namespace openchoreo::kustomize_fn {
namespace {

// One item; `previous` is what kustomize notes about names it had, oldest first.
std::string ItemText(const std::string& kind, const std::string& name, const std::string& previous,
                     const std::string& spec, const std::string& ns = "acme") {
  std::string text = "- apiVersion: openchoreo.dev/v1alpha1\n  kind: " + kind +
                     "\n  metadata:\n    name: " + name + "\n    namespace: " + ns + "\n";
  if (!previous.empty()) {
    std::string kinds = kind;
    for (const char c : previous) {
      if (c == ',') kinds += "," + kind;
    }
    text += "    annotations:\n      internal.config.kubernetes.io/previousNames: " + previous +
            "\n      internal.config.kubernetes.io/previousKinds: " + kinds + "\n";
  }
  return text + "  spec: " + spec + "\n";
}

class ItemNamesTest : public ::testing::Test {
 protected:
  ResolvedItems Resolve(const std::string& items) {
    text_ = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n" + items;
    auto list = ReadResourceList(text_, arena_);
    EXPECT_TRUE(list) << list.error().message;
    list_ = *list;
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < list_.items.size(); ++i) all.push_back(i);
    auto resolved = ResolveNames(list_, all, "default", arena_);
    EXPECT_TRUE(resolved) << resolved.error().message;
    return *resolved;
  }

  // What rendering reads of an item.
  value::Value Read(const ResolvedItems& resolved, std::size_t i) {
    const auto instead = resolved.read_as.find(i);
    const std::string text =
        instead == resolved.read_as.end() ? DocumentOf(list_.items[i]) : instead->second;
    return yaml::Read(text, arena_).documents.front().root;
  }

  std::string text_;
  base::Arena arena_;
  ResourceList list_;
};

TEST_F(ItemNamesTest, LeavesBytesAloneWhereNothingWasRenamed) {
  const auto resolved =
      Resolve(ItemText("Component", "cart", "cart,cart", "{owner: {projectName: shop}}"));
  EXPECT_FALSE(resolved.renamed);
  EXPECT_TRUE(resolved.read_as.empty());
  EXPECT_TRUE(resolved.mended.empty());
}

TEST_F(ItemNamesTest, GivesBackTheNamesReferencesWereWrittenWith) {
  const auto resolved = Resolve(
      ItemText("Component", "p-cart-s", "cart,p-cart",
               "{owner: {projectName: shop}, componentType: {kind: ComponentType, name: "
               "deployment/web}}") +
      ItemText("Project", "p-shop-s", "shop,p-shop", "{deploymentPipelineRef: {name: main}}") +
      ItemText("ReleaseBinding", "p-cart-dev-s", "cart-dev,p-cart-dev",
               "{owner: {projectName: shop, componentName: cart}, environment: dev}"));
  EXPECT_TRUE(resolved.errors.empty());
  EXPECT_EQ(Read(resolved, 0).Get("metadata", "name").as_string(), "cart");
  EXPECT_EQ(Read(resolved, 1).Get("metadata", "name").as_string(), "shop");
  // Nothing refers to a binding; its name is the one it has now.
  EXPECT_EQ(Read(resolved, 2).Get("metadata", "name").as_string(), "p-cart-dev-s");
}

TEST_F(ItemNamesTest, ReferencesByLaterNamesAreFollowed) {
  const auto resolved = Resolve(
      ItemText("ComponentType", "p-web", "web", "{workloadType: deployment}") +
      ItemText("Trait", "p-pvc", "pvc", "{}") + ItemText("SecretReference", "p-db", "db", "{}") +
      ItemText("DataPlane", "p-dp", "dp", "{}") +
      ItemText("Environment", "dev", "", "{dataPlaneRef: p-dp}") +
      ItemText("Component", "cart", "",
               "{componentType: deployment/p-web, traits: [{name: p-pvc}, {name: other}]}") +
      ItemText(
          "Workload", "w", "",
          "{containers: {main: {env: [{key: a, valueFrom: {secretRef: {name: p-db, key: k}}}]}}}"));
  EXPECT_TRUE(resolved.errors.empty());
  EXPECT_EQ(Read(resolved, 4).Get("spec", "dataPlaneRef").as_string(), "dp");
  const value::Value component = Read(resolved, 5).Get("spec");
  EXPECT_EQ(component.Get("componentType").as_string(), "deployment/web");
  EXPECT_EQ(component.Get("traits").as_list()[0].Get("name").as_string(), "pvc");
  EXPECT_EQ(component.Get("traits").as_list()[1].Get("name").as_string(), "other");
  EXPECT_EQ(Read(resolved, 6)
                .Get("spec", "containers", "main", "env")
                .as_list()[0]
                .Get("valueFrom", "secretRef", "name")
                .as_string(),
            "db");
}

TEST_F(ItemNamesTest, AnAmbiguousReferenceIsAnError) {
  const std::string environments =
      ItemText("Environment", "a-dev", "dev", "{}") + ItemText("Environment", "b-dev", "dev", "{}");
  const auto resolved =
      Resolve(environments + ItemText("ReleaseBinding", "r", "", "{environment: dev}") +
              ItemText("ReleaseBinding", "s", "", "{environment: a-dev}"));
  ASSERT_EQ(resolved.errors.size(), 1u);
  EXPECT_EQ(resolved.errors[0].first, 2u);
  EXPECT_EQ(resolved.errors[0].second.place.field, "/spec/environment");
  EXPECT_NE(resolved.errors[0].second.message.find("Environment \"dev\" is ambiguous: a-dev b-dev"),
            std::string::npos);
}

TEST_F(ItemNamesTest, NamesCountPerKindAndNamespace) {
  const auto resolved = Resolve(ItemText("Environment", "a-dev", "dev", "{}", "one") +
                                ItemText("Environment", "b-dev", "dev", "{}", "two") +
                                ItemText("Project", "dev", "", "{}", "one") +
                                ItemText("ReleaseBinding", "r", "", "{environment: b-dev}", "two"));
  EXPECT_TRUE(resolved.errors.empty());
  EXPECT_EQ(Read(resolved, 0).Get("metadata", "name").as_string(), "dev");
  EXPECT_EQ(Read(resolved, 3).Get("spec", "environment").as_string(), "dev");
}

TEST_F(ItemNamesTest, ClusterKindsHaveNoNamespace) {
  const auto resolved =
      Resolve(ItemText("ClusterComponentType", "p-web", "web", "{}", "whatever") +
              ItemText("Component", "cart", "",
                       "{componentType: {kind: ClusterComponentType, name: deployment/p-web}}"));
  EXPECT_EQ(Read(resolved, 1).Get("spec", "componentType", "name").as_string(), "deployment/web");
}

// Two variants of one base, brought together by an outer kustomization.
TEST_F(ItemNamesTest, AVariantRefersToItsOwn) {
  const auto suffixed = [](std::string text, const std::string& suffix) {
    return text.replace(
        text.find("annotations:\n"), 13,
        "annotations:\n      internal.config.kubernetes.io/suffixes: " + suffix + "\n");
  };
  const std::string spec = "{owner: {projectName: shop}}";
  const auto resolved = Resolve(suffixed(ItemText("Project", "shop-a", "shop", "{}"), "-a") +
                                suffixed(ItemText("Project", "shop-b", "shop", "{}"), "-b") +
                                suffixed(ItemText("Component", "cart-a", "cart", spec), "-a") +
                                suffixed(ItemText("Component", "cart-b", "cart", spec), "-b"));
  EXPECT_TRUE(resolved.errors.empty());
  for (const std::size_t i : {std::size_t{2}, std::size_t{3}}) {
    const std::string want = i == 2 ? "shop-a" : "shop-b";
    EXPECT_EQ(Read(resolved, i).Get("spec", "owner", "projectName").as_string(), want);
    EXPECT_EQ(resolved.mended.at(i).Get("spec", "owner", "projectName").as_string(), want);
  }
  const std::vector<std::string> both = {"shop-a", "shop-b"};
  EXPECT_EQ(resolved.known_as.at({names::Kind::kProject, "shop"}), both);
}

TEST_F(ItemNamesTest, WhatStaysInTheOutputRefersToPresentNames) {
  const auto resolved =
      Resolve(ItemText("Project", "p-shop", "shop", "{}") +
              ItemText("Component", "p-cart", "cart", "{owner: {projectName: shop}}"));
  EXPECT_EQ(resolved.mended.size(), 1u);
  EXPECT_EQ(resolved.mended.at(1).Get("spec", "owner", "projectName").as_string(), "p-shop");
  EXPECT_EQ(Read(resolved, 1).Get("spec", "owner", "projectName").as_string(), "shop");
}

TEST(IsOpenChoreoTest, IsTheWholeGroupButForWhatWasRendered) {
  Item item;
  item.api_version = "openchoreo.dev/v1alpha1";
  item.kind = "WorkflowRun";
  EXPECT_TRUE(IsOpenChoreo(item));
  item.kind = "ObservabilityAlertRule";
  item.stamped = true;
  EXPECT_FALSE(IsOpenChoreo(item));
  item.stamped = false;
  item.api_version = "gitops.openchoreo.dev/v1alpha1";
  EXPECT_FALSE(IsOpenChoreo(item));
}

}  // namespace
}  // namespace openchoreo::kustomize_fn
