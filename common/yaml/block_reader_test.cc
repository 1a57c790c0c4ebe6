#include "common/yaml/block_reader.h"

#include <gtest/gtest.h>

#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/document_builder.h"

namespace openchoreo::yaml {
namespace {

// What the block reader gives, after checking that libyaml gives the same.
std::string Json(const char* text) {
  base::Arena arena;
  const base::RenderLimits limits;
  const auto fast = BlockReader(arena, limits).Read(text);
  if (!fast) return "left";
  const auto slow = DocumentBuilder(arena, limits).Build(text);
  EXPECT_TRUE(slow) << text;
  if (slow) {
    EXPECT_EQ(value::ToJson(*fast), value::ToJson(*slow)) << text;
  }
  return value::ToJson(*fast);
}

struct Case {
  const char* yaml;
  const char* want;
};

TEST(BlockReaderTest, Reads) {
  const Case cases[] = {
      {"", "null"},
      {"# c\n\n  # d", "null"},
      {"a: 1", R"({"a":1})"},
      {"  a: 1\n  b: x y # c\n", R"({"a":1,"b":"x y"})"},
      {"b: 1\na: 2\n", R"({"a":2,"b":1})"},
      {"n: 1\n1.0: x\n", R"({"1":"x","false":1})"},
      {"a:\nb:\n  c:\n    d: e\n  f: g\nh: i\n",
       R"({"a":null,"b":{"c":{"d":"e"},"f":"g"},"h":"i"})"},
      {"a:\n- 1\n- b: 2\n  c:\n  - 3\n-\n  - 4\n- - 5\n  - 6\n-\nd: 7\n",
       R"({"a":[1,{"b":2,"c":[3]},[4],[5,6],null],"d":7})"},
      {"a:\n  - x\n\n# c\n  - z\n", R"({"a":["x","z"]})"},
      {"- a\n- -1\n- --x\n- ~\n- {}\n- [] # c\n", R"(["a",-1,"--x",null,{},[]])"},
      {"a:\n  b\nc: d\n", R"({"a":"b","c":"d"})"},
      {"a: \"x\"\nb: \"y \\\"z\\\" \\n\"  # c\nc: 'it''s'\nd: ''\n",
       R"({"a":"x","b":"y \"z\" \n","c":"it's","d":""})"},
      {"a: ${x.y ? \"1\" : 2}\n", "left"},
      {"a: ${x.y[\"b\"]}\nb: http://x:1/#y\nc: <no>\n",
       R"({"a":"${x.y[\"b\"]}","b":"http://x:1/#y","c":"<no>"})"},
      {"a: |\n  x\n   y\n\n  # z\n\n# c\nb: 1\n", R"({"a":"x\n y\n\n# z\n","b":1})"},
      {"a: |-\n  x\n\nb: |+\n  y\n\nc:\n- |\n z\n- |\n\n  w",
       R"({"a":"x","b":"y\n\n","c":["z\n","\nw"]})"},
      {"a: |\n  x\n     \n  y\n  \n", R"({"a":"x\n   \ny\n"})"},
      {"a: {b: c d, e: [1, -x, \"y, z\", 'it''s', {}], \"f\":true} # c\nb: [\n  x,\n\n z ,]\n",
       R"({"a":{"b":"c d","e":[1,"-x","y, z","it's",{}],"f":true},"b":["x","z"]})"},
      {"{\n  \"a\": [1.0, null],\n  \"b\": {}\n}\n", R"({"a":[1,null],"b":{}})"},
      {"- [a, [b]]\n- {c: ${d.e}}\n", "left"},
      {"\"a b\": 1\n'c': 2\n", R"({"a b":1,"c":2})"},
      {"größe: 1\na: ü # ö\n", "left"},
      {"a: some more text, é, and more\nb: ~!\n",
       R"({"a":"some more text, é, and more","b":"~!"})"},
      {"a: ü # ö\n", "{\"a\":\"ü\"}"},
  };
  for (const Case& c : cases) EXPECT_EQ(Json(c.yaml), c.want) << c.yaml;
}

TEST(BlockReaderTest, LeavesTheRest) {
  const char* const texts[] = {
      "x",
      "a",
      "a: b\n  c\n",
      "a: \"b\n  c\"\n",
      "a: b: c\n",
      "a: b:\n",
      "a: - b\n",
      "a: [b: c]\n",
      "a: {b: c, b: d}\n",
      "a: {b}\n",
      "a: {b: }\n",
      "a: {b:c}\n",
      "a: [b:]\n",
      "a: [b\n c]\n",
      "a: [b, # c\n d]\n",
      "a: [,]\n",
      "a: [b,,c]\n",
      "a: [b] c\n",
      "a: [- b]\n",
      "a: {b: c}}\n",
      "a: {b: &c d}\n",
      "a: [b\n",
      "[a]: b\n",
      "\"a\\n\": b\n",
      "'a''b': c\n",
      "a: &x b\n",
      "a: *x\n",
      "a: !!str b\n",
      "<<: {a: b}\n",
      "? a\n: b\n",
      "a: >\n  b\n",
      "a: |2\n  b\n",
      "a: | # c\n  b\n",
      "a: |\nb: 1\n",
      "a: |\n    \n  b\n",
      "a:\tb\n",
      "a: b\r\n",
      "a: b\na: c\n",
      "a: b\n c: d\n",
      " a: b\nc: d\n",
      "a:\n    b: c\n  d: e\n",
      "a:\n  - b\n  c: d\n",
      "a: b\n- c\n",
      "- a\nb: c\n",
      "- a\n - b\n",
      "a: \"b\" c\n",
      "a: \"b\"#c\n",
      "a: 'b'c\n",
      "a: \"\\x41\"\n",
      "a: \"b\n",
      "a: .inf\n",
      "~: a\n",
      "%a\n",
      "--- a: b\n",
      "a: @b\n",
      "a: `b\n",
      "a: \x01\n",
      "a: long enough \x01 and more\n",
      "a: long enough \x7f and more\n",
      "a: long enough é \x1f and more\n",
      "a: \xff\n",
      "a: \xc2\x85\n",
      "a: []]\n",
  };
  for (const char* text : texts) EXPECT_EQ(Json(text), "left") << text;
}

TEST(BlockReaderTest, KeepsTheLimits) {
  base::Arena arena;
  base::RenderLimits limits;
  limits.max_depth = 3;
  EXPECT_TRUE(BlockReader(arena, limits).Read("a:\n b:\n  c: d\n"));
  EXPECT_FALSE(BlockReader(arena, limits).Read("a:\n b:\n  c:\n   d: e\n"));
  EXPECT_FALSE(BlockReader(arena, limits).Read("- - - - a\n"));
  limits.max_nodes = 4;
  EXPECT_TRUE(BlockReader(arena, limits).Read("- 1\n- 2\n- 3\n"));
  EXPECT_FALSE(BlockReader(arena, limits).Read("- 1\n- 2\n- 3\n- 4\n"));
  limits.max_scalar_bytes = 5;
  EXPECT_FALSE(BlockReader(arena, limits).Read("- 1234\n"));
}

}  // namespace
}  // namespace openchoreo::yaml
