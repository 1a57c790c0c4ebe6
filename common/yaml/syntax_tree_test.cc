#include "common/yaml/syntax_tree.h"

#include <gtest/gtest.h>

namespace openchoreo::yaml {
namespace {

// "{a: [1, *x]}": the tree as flow text, each scalar and alias as it is written.
std::string Print(const SyntaxTree::Node& node, std::string_view text) {
  std::string out;
  if (node.is_map()) {
    for (const auto& [key, value] : node.Entries())
      out += (out.empty() ? "" : ", ") + Print(key, text) + ": " + Print(value, text);
    return "{" + out + "}";
  }
  if (node.is_list()) {
    for (const auto& item : node.Items()) out += (out.empty() ? "" : ", ") + Print(item, text);
    return "[" + out + "]";
  }
  return std::string(text.substr(node.content_begin(), node.content_end() - node.content_begin()));
}

TEST(SyntaxTreeTest, NodesAsWritten) {
  const struct {
    const char *text, *want;
  } cases[] = {
      {"", ""},
      {"a: 1 # c\nb:\n- 'x'\n- \"\u00e9\"\n", "{a: 1, b: ['x', \"\u00e9\"]}"},
      {"\u00e9: \u00e8\nb: |\n  x\n\n  y\n# end\n", "{\u00e9: \u00e8, b: |\n  x\n\n  y}"},
      {"a: &x {b: [1]}\nc: *x\n", "{a: {b: [1]}, c: *x}"},
      {"a:\nb:\n", "{a: , b: }"},
  };

  for (const auto& c : cases) {
    const SyntaxTree tree(c.text);
    EXPECT_FALSE(tree.error());
    EXPECT_EQ(Print(tree.root(), c.text), c.want);
  }
}

TEST(SyntaxTreeTest, ContentOfBlockCollections) {
  const std::string text = "a: &x\n  b: 1\n  c:\n  - d: 2\n\n# end\ne: f\n";
  const SyntaxTree tree(text);
  const SyntaxTree::Node map = tree.root().Find("a");
  EXPECT_TRUE(map.labelled());
  EXPECT_EQ(text.substr(map.content_begin(), map.content_end() - map.content_begin()),
            "b: 1\n  c:\n  - d: 2");
}

TEST(SyntaxTreeTest, FindsByPointer) {
  const std::string text = "x: &x {k: 1}\nw:\n  <<: *x\n  a/b: [0, 5]\nz: *x\n";
  const SyntaxTree tree(text);

  const struct {
    const char *pointer, *text;
    bool exact;
  } cases[] = {
      {"", "", true},      {"/w/a~1b/1", "5", true}, {"/w/k", "1", true},
      {"/z/k", "1", true}, {"/w/a~1b/2", "", false}, {"/w/none/k", "", false},
  };

  for (const auto& c : cases) {
    const auto found = tree.Find(c.pointer);
    EXPECT_EQ(found.exact, c.exact) << c.pointer;
    EXPECT_EQ(found.node.text(), c.text) << c.pointer;
  }
  EXPECT_FALSE(SyntaxTree("").Find("/a").node);
}

TEST(SyntaxTreeTest, WhatIsPassedOverStillBorrows) {
  SyntaxLimits limits;
  limits.keep_depth = 2;
  const SyntaxTree tree("- &a {b: &c 1}\n- {d: [*c]}\n- {e: &f 1, g: *f}\n- *a\n", limits);
  const auto items = tree.root().Items();
  ASSERT_EQ(items.size(), 4u);
  const bool want[] = {false, true, false, true};
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(items[i].borrows_anchor(), want[i]) << i;
    EXPECT_TRUE(items[i].Entries().empty());
  }
}

TEST(SyntaxTreeTest, EndsEarly) {
  EXPECT_EQ(SyntaxTree("a: {b\n").error()->code, base::ErrorCode::kYamlSyntax);
  SyntaxLimits limits;
  limits.max_depth = 3;
  EXPECT_FALSE(SyntaxTree("[[[x]]]", limits).error());
  EXPECT_EQ(SyntaxTree("[[[[x]]]]", limits).error()->code, base::ErrorCode::kYamlLimit);
  limits.keep_depth = 1;
  EXPECT_EQ(SyntaxTree("[[[[x]]]]", limits).error()->code, base::ErrorCode::kYamlLimit);
  limits.max_nodes = 5;
  EXPECT_FALSE(SyntaxTree("[1, 2, 3, 4, 5, 6, 7, 8, 9]", limits).error());
}

}  // namespace
}  // namespace openchoreo::yaml
