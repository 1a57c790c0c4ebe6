#include "common/platform/kube/conditions.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::kube {
namespace {

TEST(Conditions, TimeMovesWithTheStatusAlone) {
  struct Case {
    const char* name;
    const char* before;
    Condition set;
    const char* want;
  };

  const Case cases[] = {
      {"new",
       "[]",
       {"Ready", "True", "Done", "all", 2, ""},
       R"([{"lastTransitionTime":"now","message":"all","observedGeneration":2,"reason":"Done","status":"True","type":"Ready"}])"},
      {"same status, other words",
       R"([{"type":"Ready","status":"True","reason":"A","message":"a","lastTransitionTime":"then"}])",
       {"Ready", "True", "B", "b", 3, ""},
       R"([{"lastTransitionTime":"then","message":"b","observedGeneration":3,"reason":"B","status":"True","type":"Ready"}])"},
      {"other status",
       R"([{"type":"Ready","status":"False","reason":"A","message":"a","lastTransitionTime":"then"}])",
       {"Ready", "True", "B", "b", 0, "ignored"},
       R"([{"lastTransitionTime":"now","message":"b","reason":"B","status":"True","type":"Ready"}])"},
      {"a time that was never written",
       R"([{"type":"Ready","status":"True","reason":"A","message":"a"}])",
       {"Ready", "True", "", "", 0, ""},
       R"([{"lastTransitionTime":"now","message":"","reason":"Unknown","status":"True","type":"Ready"}])"},
      {"others stay where they are",
       R"([{"type":"X","status":"True","reason":"A","message":"","lastTransitionTime":"t"},{"type":"Ready","status":"True","reason":"A","message":"","lastTransitionTime":"t"}])",
       {"Ready", "False", "B", "", 0, ""},
       R"([{"lastTransitionTime":"t","message":"","reason":"A","status":"True","type":"X"},{"lastTransitionTime":"now","message":"","reason":"B","status":"False","type":"Ready"}])"},
  };
  for (const Case& c : cases) {
    base::Arena arena;
    Conditions conditions = Conditions::Read(*value::ReadJson(c.before, arena));
    conditions.Set(c.set, "now");
    EXPECT_EQ(value::ToJson(conditions.ToValue(arena)), c.want) << c.name;
    Conditions again = conditions;
    again.Set(c.set, "later");
    EXPECT_EQ(again, conditions) << c.name << ": set twice";
  }
}

TEST(Conditions, ReadsWhatIsThereAndNoMore) {
  base::Arena arena;
  EXPECT_TRUE(Conditions::Read(value::Value()).all().empty());
  const Conditions conditions = Conditions::Read(*value::ReadJson(
      R"([3,{"status":"True"},{"type":"A","status":"True","observedGeneration":"x"},{"type":"A","status":"False"}])",
      arena));
  ASSERT_EQ(conditions.all().size(), 1u);
  EXPECT_EQ(conditions.Find("A")->status, "True");
  EXPECT_EQ(conditions.Find("A")->observed_generation, 0);
  EXPECT_EQ(conditions.Find("B"), nullptr);
}

TEST(Conditions, RemoveTakesOneAway) {
  Conditions conditions;
  conditions.Set({"A", "True", "R", "", 0, ""}, "t");
  conditions.Set({"B", "True", "R", "", 0, ""}, "t");
  conditions.Remove("A");
  conditions.Remove("C");
  EXPECT_EQ(conditions.Find("A"), nullptr);
  EXPECT_EQ(conditions.all().size(), 1u);
}

TEST(CutText, CountsCodePoints) {
  EXPECT_EQ(CutText("héllo", 5), "héllo");
  EXPECT_EQ(CutText("héllo!", 5), "héll…");
  EXPECT_EQ(CutText("ééé", 1), "…");
  EXPECT_EQ(CutText("a\xff", 5), "a\xef\xbf\xbd");
  Conditions conditions;
  conditions.Set({"A", "True", "R", std::string(40'000, 'x'), 0, ""}, "t");
  EXPECT_EQ(conditions.Find("A")->message.size(), 32'767 + std::string("…").size());
}

}  // namespace
}  // namespace openchoreo::kube
