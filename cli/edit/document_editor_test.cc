#include "cli/edit/document_editor.h"

#include <gtest/gtest.h>

#include <functional>

namespace openchoreo::edit {
namespace {

TEST(DocumentEditorTest, Moves) {
  const struct {
    const char* name;
    const char* before;
    std::function<bool(DocumentEditor&)> move;
    const char* after;
  } cases[] = {
      {"rename", "a: 1  # one\n", [](auto& e) { return e.Rename({"a"}, "b"); }, "b: 1  # one\n"},
      {"reference", "a: x\n", [](auto& e) { return e.ToReference({"a"}, "K"); },
       "a: {kind: K, name: x}\n"},
      {"unwrap", "a:\n  # of x\n  x:\n    b: 1\n", [](auto& e) { return e.Unwrap({"a"}, "c"); },
       "c:\n  # of x\n  b: 1\n"},
      {"insert", "a: [{b: 1}]\n",
       [](auto& e) {
         return e.InsertFirst({"a", "0"}, "k: v");
       },
       "a: [{k: v, b: 1}]\n"},
      {"remove", "a:\n  b: 1\n  c:\n",
       [](auto& e) {
         return e.Remove({"a", "c"});
       },
       "a:\n  b: 1\n"},
      {"remove the last", "a:\n  b: |\n    x\n",
       [](auto& e) {
         return e.Remove({"a", "b"});
       },
       "a:\n  {}\n"},
      {"remove from a flow map", "a: {b: 1, c: 2}\n",
       [](auto& e) {
         return e.Remove({"a", "c"});
       },
       "a: {b: 1}\n"},
      {"scalar", "a: [x, 'y']\n",
       [](auto& e) {
         return e.ReplaceScalar({"a", "1"}, "z");
       },
       "a: [x, z]\n"},
      {"wrap", "a:\n  b: 1\n# end\n", [](auto& e) { return e.WrapUnder({"a"}, {"k: v"}, "spec"); },
       "a:\n  k: v\n  spec:\n    b: 1\n# end\n"},
  };

  for (const auto& c : cases) {
    DocumentEditor editor(c.before);
    EXPECT_TRUE(c.move(editor)) << c.name;
    EXPECT_EQ(editor.text(), c.after) << c.name;
    EXPECT_TRUE(editor.valid()) << c.name;
  }
}

TEST(DocumentEditorTest, NothingHappensWhereNothingIs) {
  for (const char* text : {"", "a: 1\n", "[x]", "a: {b\n", "a: *b\n"}) {
    DocumentEditor editor(text);
    EXPECT_FALSE(editor.Remove({"x", "y"})) << text;
    EXPECT_FALSE(editor.Rename({"x"}, "z")) << text;
    EXPECT_FALSE(editor.WrapUnder({"a"}, {}, "z")) << text;
    EXPECT_FALSE(editor.At({"x", "0"})) << text;
    EXPECT_EQ(editor.text(), text);
  }
  EXPECT_FALSE(DocumentEditor("a: {b\n").valid());
  EXPECT_FALSE(DocumentEditor(std::string(200, '[')).valid());
}

}  // namespace
}  // namespace openchoreo::edit
