#include "common/value/value.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "common/value/value_hash.h"

namespace openchoreo::value {
namespace {

Value Json(base::Arena& arena, std::string_view text) { return *ReadJson(text, arena); }

TEST(ValueTest, FindsInSmallAndLargeMaps) {
  base::Arena arena;
  MapBuilder map(arena);
  for (int i = 20; i > 0; --i) map.Add(arena.CopyString("k" + std::to_string(i)), Value::Int(i));
  const Value large = map.Build();
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(large.Get("k" + std::to_string(i)).as_int(), i);
  EXPECT_EQ(large.Find("k21"), nullptr);
  EXPECT_EQ(Json(arena, R"({"a":{"b":3}})").Get("a", "b").as_int(), 3);
}

TEST(ValueTest, WithAndWithoutKeyKeepOrder) {
  base::Arena arena;
  const Value map = Json(arena, R"({"a":1,"c":3})");
  EXPECT_EQ(ToJson(WithKey(arena, map, "b", Value::Int(2))), R"({"a":1,"b":2,"c":3})");
  EXPECT_EQ(ToJson(WithKey(arena, map, "d", Value::Int(4))), R"({"a":1,"c":3,"d":4})");
  EXPECT_EQ(ToJson(WithKey(arena, map, "a", Value::Int(9))), R"({"a":9,"c":3})");
  EXPECT_EQ(ToJson(WithoutKey(arena, map, "a")), R"({"c":3})");
  EXPECT_EQ(ToJson(WithoutKey(arena, map, "x")), R"({"a":1,"c":3})");
}

TEST(ValueTest, EqualsAndHashesByContent) {
  base::Arena arena;
  EXPECT_TRUE(JsonEquals(Json(arena, R"({"a":[1,2]})"), Json(arena, R"({"a":[1.0,2]})")));
  EXPECT_FALSE(JsonEquals(Json(arena, R"({"a":[1,2]})"), Json(arena, R"({"a":[2,1]})")));
  EXPECT_EQ(HashValue(Json(arena, R"({"b":1,"a":2})")), HashValue(Json(arena, R"({"a":2,"b":1})")));
  EXPECT_NE(HashValue(Json(arena, R"(["ab","c"])")), HashValue(Json(arena, R"(["a","bc"])")));
}

TEST(ValueTest, FollowsPointers) {
  base::Arena arena;
  const Value root = Json(arena, R"({"a/b":[{"c~d":7}]})");
  ASSERT_NE(FindAtPointer(root, "/a~1b/0/c~0d"), nullptr);
  EXPECT_EQ(FindAtPointer(root, "/a~1b/1"), nullptr);
  EXPECT_EQ(FindAtPointer(root, "/a~1b/x"), nullptr);
}

}  // namespace
}  // namespace openchoreo::value
