#include "common/patch/patch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::patch {
namespace {

using value::ReadJson;
using value::Value;

std::string Patched(std::string_view target_text, std::vector<Operation> operations,
                    const base::RenderLimits& limits = {}) {
  base::Arena arena;
  const Value target = value::NumbersAsDoubles(arena, *ReadJson(target_text, arena));
  const std::string before = value::ToJson(target);
  const auto result = Apply(target, operations, arena, limits);
  // The target is never touched, even when an operation fails half way.
  EXPECT_EQ(value::ToJson(target), before);
  return result ? value::ToJson(*result) : result.error().message;
}

struct Case {
  const char* name;
  const char* target;
  Operation operation;
  const char* want;
};

TEST(PatchTest, OneOperation) {
  const Value one = Value::Double(1);
  const Case cases[] = {
      {"add makes parents", "{}", {"add", "/a/b", one}, R"({"a":{"b":1}})"},
      {"add makes a list before -", "{}", {"Add", "/a/-", one}, R"({"a":[1]})"},
      {"add replaces a key", R"({"a":2})", {"add", "/a", one}, R"({"a":1})"},
      {"add inserts in front of an index",
       R"({"a":[2,3]})",
       {"add", "/a/0", one},
       R"({"a":[1,2,3]})"},
      {"add inserts at the end", R"({"a":[2]})", {"add", "/a[-]", one}, R"({"a":[2,1]})"},
      {"filters compare the text of numbers",
       R"({"a":[{"n":1000000},{"n":2}]})",
       {"add", "/a[?(@.n=='1e+06')]/x", one},
       R"({"a":[{"n":1000000,"x":1},{"n":2}]})"},
      {"filters follow nested fields",
       R"({"a":[{"m":{"k":"v"}}]})",
       {"replace", "/a/[?(@.m.k == \"v\")]/m/k", one},
       R"({"a":[{"m":{"k":1}}]})"},
      {"null matches the empty text",
       R"({"a":[{"n":null}]})",
       {"add", "/a[?(@.n=='')]/x", one},
       R"({"a":[{"n":null,"x":1}]})"},
      {"wildcards reach all",
       R"({"a":[{},{}]})",
       {"add", "/a[*]/x", one},
       R"({"a":[{"x":1},{"x":1}]})"},
      {"wildcards that reach none are an error",
       R"({"a":[]})",
       {"add", "/a[*]/x", one},
       "operation #0 failed: path \"/a[*]/x\" contains a filter or wildcard but matched 0 elements "
       "(filter "
       "criteria not met or target does not exist)"},
      {"indexes go stale while removing",
       R"({"a":[1,2,3]})",
       {"remove", "/a[*]", {}},
       "operation #0 failed: array index 2 out of bounds for remove (length 1)"},
      {"removing a missing key is fine", R"({"a":1})", {"remove", "/b", {}}, R"({"a":1})"},
      {"escapes", R"({"a/b":{"~1":2}})", {"replace", "/a~1b/~01", one}, R"({"a/b":{"~1":1}})"},
      {"the root cannot be patched",
       "{}",
       {"add", "", one},
       "operation #0 failed: cannot apply add operation to root document"},
      {"lists in lists cannot be traversed",
       R"({"a":[[1]]})",
       {"replace", "/a/0/0", one},
       "operation #0 failed: parent must be a map for non-array operations, got []interface {}"},
      {"empty segments count for nothing",
       R"({"a":{"b":2}})",
       {"replace", "/a//b/", one},
       R"({"a":{"b":1}})"},
      {"unknown operations",
       "{}",
       {"move", "/a", one},
       "operation #0 failed: unsupported patch operation \"move\" (supported: add, replace, "
       "remove, "
       "mergeShallow)"},
      {"the first place's error comes first",
       R"({"l":[{"x":[]},{"x":1},7]})",
       {"add", "/l[*]/x[0]", one},
       "operation #0 failed: array index 0 out of bounds"},
  };
  for (const Case& c : cases) EXPECT_EQ(Patched(c.target, {c.operation}), c.want) << c.name;
}

TEST(PatchTest, MergeShallowOverlaysOneLevel) {
  base::Arena arena;
  const Value overlay = *ReadJson(R"({"b":{"y":2},"c":3})", arena);
  EXPECT_EQ(Patched(R"({"a":{"b":{"x":1},"d":4}})", {{"mergeShallow", "/a", overlay}}),
            R"({"a":{"b":{"y":2},"c":3,"d":4}})");
  EXPECT_EQ(Patched("{}", {{"mergeShallow", "/a/b", overlay}}),
            R"({"a":{"b":{"b":{"y":2},"c":3}}})");
  EXPECT_EQ(Patched(R"({"l":[1]})", {{"MERGESHALLOW", "/l/0", overlay}}),
            R"({"l":[{"b":{"y":2},"c":3}]})");
  EXPECT_EQ(Patched(R"({"l":[1]})", {{"mergeShallow", "/l/-", overlay}}),
            "operation #0 failed: mergeShallow operation cannot target append position '-'");
}

TEST(PatchTest, OneValueAtTwoPlacesStaysTwoValues) {
  base::Arena arena;
  const Value list = *ReadJson(R"([0])", arena);
  EXPECT_EQ(Patched(R"({"a":[{},{}]})",
                    {{"add", "/a[*]/l", list}, {"add", "/a/0/l/-", Value::Double(1)}}),
            R"({"a":[{"l":[0,1]},{"l":[0]}]})");
}

TEST(PatchTest, AResultCanBePatchedAgain) {
  base::Arena arena;
  const Value target = *ReadJson(R"({"a":{"b":[1]}})", arena);
  const Operation append{"add", "/a/b/-", Value::Double(2)};
  const Value once = *Apply(target, {&append, 1}, arena);
  const Value twice = *Apply(once, {&append, 1}, arena);
  EXPECT_EQ(value::ToJson(target), R"({"a":{"b":[1]}})");
  EXPECT_EQ(value::ToJson(once), R"({"a":{"b":[1,2]}})");
  EXPECT_EQ(value::ToJson(twice), R"({"a":{"b":[1,2,2]}})");
}

TEST(PatchTest, HostilePathsAreBounded) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "/a";
  EXPECT_EQ(Patched("{}", {{"add", deep, Value()}}),
            "operation #0 failed: path is deeper than 200 segments (max_depth)");

  // One wildcard over many items copies the list once; beyond upstream's bound it is an error.
  const auto wide = [](int items) {
    std::string text = R"({"a":[{})";
    for (int i = 1; i < items; ++i) text += ",{}";
    return text + "]}";
  };
  EXPECT_GT(Patched(wide(60000), {{"add", "/a[*]/x", Value::Double(1)}}).size(), 400000u);
  EXPECT_EQ(Patched(wide(70000), {{"add", "/a[*]/x", Value::Double(1)}}),
            "operation #0 failed: path expansion exceeded maximum states (65536)");
}

}  // namespace
}  // namespace openchoreo::patch
