#include "common/value/overlay.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::value {
namespace {

TEST(OverlayTest, HoldsTheEntriesOfBothInOrder) {
  const struct {
    const char *map, *over, *both;
  } cases[] = {
      {R"({})", R"({})", R"({})"},
      {R"({"a":1})", R"({})", R"({"a":1})"},
      {R"({})", R"({"a":1})", R"({"a":1})"},
      {R"({"a":1,"c":3})", R"({"b":2,"c":4,"d":5})", R"({"a":1,"b":2,"c":4,"d":5})"},
      {R"({"b":{"x":1},"z":1})", R"({"a":0,"b":{"y":2}})", R"({"a":0,"b":{"y":2},"z":1})"},
  };

  for (const auto& c : cases) {
    base::Arena arena;
    const Value map = *ReadJson(c.map, arena), over = *ReadJson(c.over, arena);
    EXPECT_EQ(ToJson(Overlaid(arena, map, over)), c.both);
  }
}

TEST(OverlayTest, EndsWithTheBudget) {
  base::Arena values;
  const Value map = *ReadJson(R"({"a":1})", values), over = *ReadJson(R"({"b":2})", values);
  base::Budget budget(2, 1 << 20, 1 << 20);
  base::Arena arena(budget);
  EXPECT_EQ(ToJson(Overlaid(arena, map, over)), R"({"a":1})");
  EXPECT_TRUE(budget.spent());
}

}  // namespace
}  // namespace openchoreo::value
