#include "common/health/own_rules.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"

namespace openchoreo::health {
namespace {

class OwnRulesTest : public testing::Test {
 protected:
  value::Value Json(std::string_view text) {
    const auto json = value::ReadJson(text, arena_);
    EXPECT_TRUE(json) << text;
    return json ? *json : value::Value();
  }

  Judgement Judge(const OwnRules& rules, std::string_view object, Mode mode = Mode::kStrict,
                  const base::RenderLimits& limits = {}) {
    const value::Value live = Json(object);
    return rules.Judge(live.Get("apiVersion").string_or_empty(), live.Get("kind").string_or_empty(),
                       live, {mode, Version::kV1, {}}, arena_, limits);
  }

  base::Arena arena_;
};

constexpr char kCluster[] = R"([{"apiVersion":"db.example.com/v1","kind":"Cluster",
    "inProgress":"status.phase == 'Creating'","failed":"status.phase == 'Error'",
    "current":"status.phase == 'Ready'"}])";

TEST_F(OwnRulesTest, AskInTheirOrder) {
  const auto rules = OwnRules::Read(Json(kCluster));
  ASSERT_TRUE(rules);

  struct Case {
    const char* phase;
    State state;
  };

  for (const Case& c : {Case{"Creating", State::kProgressing}, Case{"Error", State::kDegraded},
                        Case{"Ready", State::kHealthy}, Case{"Other", State::kProgressing}}) {
    EXPECT_EQ(Judge(*rules, std::string(R"({"apiVersion":"db.example.com/v2","kind":"Cluster",
              "status":{"phase":")") +
                                c.phase + "\"}}")
                  .state,
              c.state)
        << c.phase;
  }
}

TEST_F(OwnRulesTest, DoNotReachFurtherThanTheySay) {
  const auto rules = OwnRules::Read(Json(kCluster));
  ASSERT_TRUE(rules);
  const char* other =
      R"({"apiVersion":"db.example.com/v1","kind":"User","status":{"phase":"Error"}})";
  EXPECT_EQ(Judge(*rules, other).state, State::kHealthy);
  const char* own =
      R"({"apiVersion":"db.example.com/v1","kind":"Cluster","status":{"phase":"Error"}})";
  EXPECT_EQ(Judge(*rules, own, Mode::kUpstream).state, State::kHealthy);
  const char* leaving = R"({"apiVersion":"db.example.com/v1","kind":"Cluster",
      "metadata":{"deletionTimestamp":"2026-05-04T10:00:00Z"},"status":{"phase":"Error"}})";
  EXPECT_EQ(Judge(*rules, leaving).state, State::kProgressing);
  EXPECT_EQ(Judge(*rules, "null").state, State::kUnknown);
}

TEST_F(OwnRulesTest, OverrideTheTableAndTakeWholeGroups) {
  const auto rules =
      OwnRules::Read(Json(R"([{"apiVersion":"batch/v1","kind":"*","current":"true"}])"));
  ASSERT_TRUE(rules);
  EXPECT_EQ(Judge(*rules, R"({"apiVersion":"batch/v1","kind":"Job"})").state, State::kHealthy);
}

TEST_F(OwnRulesTest, AFailureIsUnknown) {
  const auto rules = OwnRules::Read(Json(
      R"([{"apiVersion":"x.example.com/v1","kind":"X","failed":"status.a == 'b'","current":"1"}])"));
  ASSERT_TRUE(rules);
  EXPECT_EQ(Judge(*rules, R"({"apiVersion":"x.example.com/v1","kind":"X"})").state,
            State::kUnknown);
  EXPECT_EQ(
      Judge(*rules, R"({"apiVersion":"x.example.com/v1","kind":"X","status":{"a":"c"}})").state,
      State::kUnknown)
      << "a number is no answer";
}

TEST_F(OwnRulesTest, AreBounded) {
  const auto rules = OwnRules::Read(Json(
      R"json([{"apiVersion":"x.example.com/v1","kind":"X",
      "current":"[1,2,3,4,5,6,7,8].all(a, [1,2,3,4,5,6,7,8].all(b, [1,2,3,4,5,6,7,8].all(c, true)))"}])json"));
  ASSERT_TRUE(rules);
  base::RenderLimits limits;
  limits.max_cel_steps = 100;
  const char* object = R"({"apiVersion":"x.example.com/v1","kind":"X"})";
  EXPECT_EQ(Judge(*rules, object).state, State::kHealthy);
  EXPECT_EQ(Judge(*rules, object, Mode::kStrict, limits).state, State::kUnknown);
}

TEST_F(OwnRulesTest, AreCheckedWhenRead) {
  struct Case {
    const char* json;
    const char* message;
  };

  for (const Case& c : {
           Case{R"({})", "healthCheckExprs must be a list"},
           Case{R"([{"kind":"X","current":"true"}])",
                "healthCheckExprs[0]: apiVersion and kind must be given"},
           Case{R"([{"apiVersion":"a/v1","kind":"X"}])",
                "healthCheckExprs[0]: current must be given"},
           Case{R"([{"apiVersion":"a/v1","kind":"X","current":true}])",
                "healthCheckExprs[0].current must be a text"},
           Case{R"([{"apiVersion":"a/v1","kind":"X","current":"nothing == 1"}])",
                "healthCheckExprs[0].current: ERROR: <input>:1:1: undeclared reference to "
                "'nothing'"},
       }) {
    const auto rules = OwnRules::Read(Json(c.json));
    ASSERT_FALSE(rules) << c.json;
    EXPECT_TRUE(rules.error().message.starts_with(c.message)) << rules.error().message;
  }
  EXPECT_TRUE(OwnRules::Read(value::Value())->empty());
}

}  // namespace
}  // namespace openchoreo::health
