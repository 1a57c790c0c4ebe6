#include "kustomize-fn/resource_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kustomize-fn/output.h"
#include "kustomize-fn/report.h"

namespace openchoreo::kustomize_fn {
namespace {

const std::string kHead = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";

std::vector<std::size_t> All(const ResourceList& list) {
  std::vector<std::size_t> all(list.items.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

// Texts that come back byte for byte when every item is passed on.
TEST(ResourceListTest, PassesItemsOnUnchanged) {
  struct Case {
    const char* name;
    const char* items;
    std::size_t count;
  };

  const Case cases[] = {
      {"kustomize's own form",
       "items:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: a\n- kind: B\n  "
       "metadata: {name: b}\n",
       2},
      {"indented list", "items:\n  - kind: A\n    data:\n      x: 1\n  - kind: B\n", 2},
      {"comments, blanks and odd spacing",
       "items:\n-   kind: A   # why\n    # inner\n\n    data: {x:   1}\n# between\n-\n  kind: B\n- "
       "# lead\n  kind: C\n",
       3},
      {"scalars of every style",
       "items:\n- kind: A\n  data:\n    a: |\n      x\n       y\n\n    b: >-\n      folded\n      "
       "text\n    c: \"l\\n\n      m\"\n"
       "    d: 'it''s'\n    e: |+\n      keep\n\n- kind: B\n",
       2},
      {"text beyond ASCII",
       "items:\n- kind: A\n  data: {ä: \"☃\", b: 𝄞}\n- kind: ☃\n  x: ü\n- kind: C\n", 3},
      {"a dash inside a block scalar",
       "items:\n- kind: A\n  data: |\n    - not an item\n  list:\n  - a\n  -  b\n- kind: B\n", 2},
      {"carriage returns", "items:\n- kind: A\r\n  x: 1\r\n- kind: B\r\n", 2},
      {"anchors within an item",
       "items:\n- kind: A\n  a: &x {y: 1}\n  b: *x\n  <<: *x\n- kind: B\n", 2},
      {"no items", "items: []\n", 0},
  };
  for (const Case& c : cases) {
    base::Arena arena;
    const std::string text = kHead + c.items;
    const auto list = ReadResourceList(text, arena);
    ASSERT_TRUE(list) << c.name << ": " << list.error().message;
    EXPECT_EQ(list->items.size(), c.count) << c.name;
    EXPECT_EQ(WriteResourceList(*list, All(*list), {}, {}, {}), text) << c.name;
  }
}

TEST(ResourceListTest, PassesFlowItemsOnByValue) {
  struct Case {
    const char* text;
    const char* want;
  };

  const Case cases[] = {
      {R"({"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":[{"kind":"A","x":"\ud83d\ude00 \/"}, {"kind" : "B" } ]})",
       "{\"apiVersion\":\"config.kubernetes.io/v1\",\"kind\":\"ResourceList\",\"items\":[\n"
       "{\"kind\":\"A\",\"x\":\"\xF0\x9F\x98\x80 /\"},\n{\"kind\":\"B\"}]}\n"},
      {"apiVersion: config.kubernetes.io/v1beta1\nkind: ResourceList\nitems: [{kind: A, l: [1,\n  "
       "2]}, # why\n {kind: B}]\n",
       "{\"apiVersion\":\"config.kubernetes.io/v1beta1\",\"kind\":\"ResourceList\",\"items\":[\n"
       "{\"kind\":\"A\",\"l\":[1,2]},\n{\"kind\":\"B\"}]}\n"},
  };
  for (const Case& c : cases) {
    base::Arena arena;
    const auto list = ReadResourceList(c.text, arena);
    ASSERT_TRUE(list) << c.text << ": " << list.error().message;
    EXPECT_EQ(WriteResourceList(*list, All(*list), {}, {}, {}), c.want);
  }
}

TEST(ResourceListTest, ReadsWhatItemsAre) {
  base::Arena arena;
  const std::string text =
      kHead +
      "items:\n"
      "- apiVersion: openchoreo.dev/v1alpha1\n"
      "  kind: Component\n"
      "  metadata:\n"
      "    name: p-cart\n"
      "    namespace: acme\n"
      "    annotations:\n"
      "      config.kubernetes.io/index: '0'\n"
      "      config.kubernetes.io/origin: |\n"
      "        path: cart.yaml\n"
      "      internal.config.kubernetes.io/previousNames: cart\n"
      "- kind: B\n"
      "  metadata:\n"
      "    annotations: {config.kubernetes.io/path: old.yaml, config.kubernetes.io/index: '3'}\n"
      "    labels: {openchoreo.dev/managed-by: openchoreo-gitops}\n"
      "functionConfig:\n"
      "  apiVersion: gitops.openchoreo.dev/v1alpha1\n"
      "  spec: {strict: true}\n";
  const auto list = ReadResourceList(text, arena);
  ASSERT_TRUE(list) << list.error().message;
  const Item& component = list->items[0];
  EXPECT_EQ(Describe(component), "Component acme/p-cart");
  EXPECT_EQ(component.annotations.path, "");
  EXPECT_EQ(component.annotations.origin, "path: cart.yaml\n");
  EXPECT_EQ(component.annotations.previous_names, "cart");
  EXPECT_FALSE(component.stamped);
  EXPECT_EQ(list->items[1].annotations.path, "old.yaml");
  EXPECT_EQ(list->items[1].annotations.index, "3");
  EXPECT_TRUE(list->items[1].stamped);
  EXPECT_TRUE(list->function_config.Get("spec", "strict").as_bool());
}

TEST(ResourceListTest, ExpandsAliasesThatReachOutOfAnItem) {
  base::Arena arena;
  const std::string text = kHead +
                           "items:\n- kind: A\n  data: &d {x: 1}\n- kind: B\n  data: *d\n"
                           "functionConfig: {kind: C, data: *d}\n";
  const auto list = ReadResourceList(text, arena);
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(WriteResourceList(*list, {1}, {}, {}, {}),
            kHead + "items:\n- {\"data\":{\"x\":1},\"kind\":\"B\"}\n");
  EXPECT_EQ(list->function_config.Get("data", "x").as_int(), 1);
}

TEST(ResourceListTest, MakesDocumentsOfItems) {
  base::Arena arena;
  const std::string text = kHead + "items:\n  - kind: A\n    x: |\n      y\n  - {kind: B}\n";
  const auto list = ReadResourceList(text, arena);
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(DocumentOf(list->items[0]), "    kind: A\n    x: |\n      y\n");
  EXPECT_EQ(DocumentOf(list->items[1]), "    {kind: B}\n");
}

TEST(ResourceListTest, RefusesWhatIsNoResourceList) {
  for (const char* text :
       {"", "# nothing\n", "kind: ConfigMap\napiVersion: v1\n", "- a\n", "[]", "{}",
        "apiVersion: config.kubernetes.io/v2\nkind: ResourceList\n", "plain text"}) {
    base::Arena arena;
    const auto list = ReadResourceList(text, arena);
    ASSERT_FALSE(list) << text;
    EXPECT_EQ(list.error().code, base::ErrorCode::kUsage) << text;
  }
}

TEST(ResourceListTest, RefusesWhatItCannotRead) {
  struct Case {
    std::string text;
    const char* message;
  };

  const Case cases[] = {
      {kHead + "items:\n- a: 1\n  a: 2\n", "item 0: "},
      {kHead + "items: []\nitems: []\n", "duplicate key \"items\""},
      {kHead + "items: text\n", "items is not a list"},
      {kHead + "items:\n- text\n", "item 0 is not an object"},
      {kHead + "items:\n- kind: A\n-\n", "item 1 is not an object"},
      {kHead + "items: &a []\n", "items carries an anchor or a tag"},
      {kHead + "items: []\n---\n" + kHead + "items: []\n", "more than one document"},
      {kHead + "items: [\n", ""},
      {kHead + "items:\n- a: \"x\n", ""},
      {R"({"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":[{"a":1,"a":2}]})",
       "duplicate key \"a\""},
      {kHead + "items:\n- a: " + std::string(200, '[') + std::string(200, ']') + "\n",
       "nested too deeply"},
  };
  for (const Case& c : cases) {
    base::Arena arena;
    const auto list = ReadResourceList(c.text, arena);
    ASSERT_FALSE(list) << c.text;
    EXPECT_NE(list.error().code, base::ErrorCode::kUsage) << c.text;
    EXPECT_NE(list.error().message.find(c.message), std::string::npos) << list.error().message;
  }
}

TEST(ResourceListTest, WritesResults) {
  base::Arena arena;
  const std::string text = kHead + "items: []\n";
  const auto list = ReadResourceList(text, arena);
  ASSERT_TRUE(list);
  const std::string directory = "/nowhere";
  ItemSources sources(directory);
  Reporter reporter(*list, directory, sources);
  base::Diagnostic fault;
  fault.code = base::ErrorCode::kTemplate;
  fault.message = "say \"no\"";
  fault.place.field = "/spec/env/0/a~1b";
  Item item;
  item.api_version = "v1";
  item.kind = "ConfigMap";
  item.ns = "acme";
  item.name = "a";
  item.annotations.path = "a.yaml";
  item.annotations.index = "2";
  reporter.TellOfItem(fault, item);
  EXPECT_EQ(reporter.lines(),
            "a.yaml: ConfigMap acme/a spec.env[0].a/b: error[template]: say \"no\"\n");
  EXPECT_EQ(WriteResourceList(*list, {}, {}, {}, reporter.Results()),
            kHead +
                "items: []\nresults:\n- field:\n    path: spec.env[0].a/b\n"
                "  file:\n    index: 2\n    path: a.yaml\n  message: say \"no\"\n"
                "  resourceRef:\n    apiVersion: v1\n    kind: ConfigMap\n    name: a\n"
                "    namespace: acme\n  severity: error\n  tags:\n    rule: template\n");
}

}  // namespace
}  // namespace openchoreo::kustomize_fn
