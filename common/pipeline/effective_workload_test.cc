#include "common/pipeline/effective_workload.h"

#include <gtest/gtest.h>

#include "common/pipeline/json_for_tests.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::pipeline {
namespace {

TEST(EffectiveWorkloadTest, MergesByKey) {
  const struct {
    const char* name;
    const char* container;
    const char* overrides;
    const char* want;
  } cases[] = {
      {"no overrides", R"({"image":"i","env":[{"key":"A","value":"1"}]})", "null",
       R"({"env":[{"key":"A","value":"1"}],"image":"i"})"},
      {"empty lists change nothing", R"({"env":[{"key":"A"}]})", R"({"env":[],"files":[]})",
       R"({"env":[{"key":"A"}]})"},
      {"replaced in place as a whole, others appended in order",
       R"({"env":[{"key":"A","value":"1"},{"key":"B","value":"2"}]})",
       R"({"env":[{"key":"D","value":"4"},{"key":"A","valueFrom":{"x":1}},{"key":"C","value":"3"}]})",
       R"({"env":[{"key":"A","valueFrom":{"x":1}},{"key":"B","value":"2"},{"key":"D","value":"4"},{"key":"C","value":"3"}]})"},
      {"the last of equal overrides replaces",
       R"({"env":[{"key":"A","value":"1"},{"key":"A","value":"9"}]})",
       R"({"env":[{"key":"A","value":"2"},{"key":"A","value":"3"}]})",
       R"({"env":[{"key":"A","value":"3"},{"key":"A","value":"9"}]})"},
      {"all of equal new overrides are appended", R"({})",
       R"({"files":[{"key":"A","value":"2"},{"key":"A","value":"3"}]})",
       R"({"files":[{"key":"A","value":"2"},{"key":"A","value":"3"}]})"},
      {"other fields are not overridden", R"({"image":"i"})",
       R"({"image":"j","env":[{"key":"A"}]})", R"({"env":[{"key":"A"}],"image":"i"})"},
  };

  base::Arena arena;
  for (const auto& c : cases) {
    EXPECT_EQ(value::ToJson(
                  EffectiveContainer(Json(arena, c.container), Json(arena, c.overrides), arena)),
              c.want)
        << c.name;
  }
}

TEST(EffectiveWorkloadTest, IgnoresUnknownContainers) {
  base::Arena arena;
  const auto merged = EffectiveContainers(
      Json(arena, R"({"main":{"image":"i"},"side":{}})"),
      Json(arena, R"({"main":{"env":[{"key":"A"}]},"other":{"env":[{"key":"B"}]}})"), arena);
  EXPECT_EQ(value::ToJson(merged), R"({"main":{"env":[{"key":"A"}],"image":"i"},"side":{}})");
}

}  // namespace
}  // namespace openchoreo::pipeline
