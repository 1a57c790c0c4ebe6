#include "kustomize-fn/output.h"

#include <gtest/gtest.h>

#include "common/render/tree_for_tests.h"

namespace openchoreo::kustomize_fn {
namespace {

using render::GroupOf;

ResourceList ListOf(ListStyle style, std::size_t column = 0) {
  ResourceList list;
  list.style = style;
  list.column = column;
  return list;
}

TEST(OutputTest, WritesBlockItemsAtTheListsColumn) {
  const auto items = MakeItems(
      {GroupOf(
          "ReleaseBinding", "cart-dev",
          {R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"n"},"data":{"a":"x\n\ny\n"}})"})},
      ListOf(ListStyle::kBlock, 2));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(items->front().text,
            "  - apiVersion: v1\n"
            "    data:\n"
            "      a: |\n"
            "        x\n"
            "\n"
            "        y\n"
            "    kind: ConfigMap\n"
            "    metadata:\n"
            "      annotations:\n"
            "        config.kubernetes.io/index: \"0\"\n"
            "        config.kubernetes.io/path: releases/cart-dev/configmap-c.yaml\n"
            "        internal.config.kubernetes.io/index: \"0\"\n"
            "        internal.config.kubernetes.io/path: releases/cart-dev/configmap-c.yaml\n"
            "      name: c\n"
            "      namespace: \"n\"\n");
}

TEST(OutputTest, KeepsAnnotationsAndWritesJson) {
  const auto items = MakeItems(
      {GroupOf(
          "Namespace", "n",
          {R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n","annotations":{"z":"1"}}})"})},
      ListOf(ListStyle::kFlow));
  ASSERT_TRUE(items);
  EXPECT_EQ(
      items->front().text,
      R"({"apiVersion":"v1","kind":"Namespace","metadata":{"annotations":{"config.kubernetes.io/index":"0",)"
      R"("config.kubernetes.io/path":"releases/namespaces/namespace-n.yaml","internal.config.kubernetes.io/index":"0",)"
      R"("internal.config.kubernetes.io/path":"releases/namespaces/namespace-n.yaml","z":"1"},"name":"n"}})");
}

TEST(OutputTest, PathsAreUniqueAndPlain) {
  const std::string role =
      R"({"apiVersion":"rbac/v1","kind":"Role","metadata":{"name":"sys:a/b"}})";
  const auto items = MakeItems(
      {GroupOf("ReleaseBinding", "x", {role, role}), GroupOf("ReleaseBinding", "x", {role})},
      ListOf(ListStyle::kFlow));
  ASSERT_TRUE(items);
  EXPECT_EQ(items->at(0).path, "releases/x/role-sys-a-b.yaml");
  EXPECT_EQ(items->at(1).path, "releases/x/role-sys-a-b-2.yaml");
  EXPECT_EQ(items->at(2).path, "releases/x/role-sys-a-b-3.yaml");
}

TEST(OutputTest, AFormerRunsFileIsKept) {
  ResourceList list = ListOf(ListStyle::kFlow);
  Item& former = list.items.emplace_back();
  former.api_version = "v1";
  former.kind = "Secret";
  former.name = "s";
  former.stamped = true;
  former.annotations.path = "elsewhere/s.yaml";
  former.annotations.index = "3";
  const std::string secret = R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"}})";
  auto items = MakeItems({GroupOf("ReleaseBinding", "x", {secret})}, list);
  ASSERT_TRUE(items);
  EXPECT_EQ(items->front().path, "elsewhere/s.yaml");
  EXPECT_NE(items->front().text.find(R"("config.kubernetes.io/index":"3")"), std::string::npos);
  former.release = "acme/other";
  items = MakeItems({GroupOf("ReleaseBinding", "x", {secret})}, list);
  ASSERT_TRUE(items);
  EXPECT_EQ(items->front().path, "releases/x/secret-s.yaml");
}

}  // namespace
}  // namespace openchoreo::kustomize_fn
