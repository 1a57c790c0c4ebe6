#include "common/health/rules.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/arena.h"
#include "common/value/json_reader.h"

namespace openchoreo::health {
namespace {

Judgement Judge(std::string_view json, const Terms& terms) {
  base::Arena arena;
  const auto object = value::ReadJson(json, arena);
  EXPECT_TRUE(object) << json;
  return JudgeObject(object->Get("apiVersion").string_or_empty(),
                     object->Get("kind").string_or_empty(), *object, terms);
}

Terms Strict(const char* now = nullptr) {
  Terms terms;
  if (now) terms.now = base::ParseRfc3339(now);
  return terms;
}

constexpr char kScaledOut[] =
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"generation":1},"spec":{"replicas":4},
    "status":{"observedGeneration":1,"updatedReplicas":4,"readyReplicas":1,"availableReplicas":1,
    "unavailableReplicas":3,"conditions":[{"type":"Available","status":"False",
    "lastTransitionTime":"2026-05-04T10:00:00Z"}]}})";

TEST(Rules, TellWhenToLookAgain) {
  const Judgement early = Judge(kScaledOut, Strict("2026-05-04T10:00:30Z"));
  EXPECT_EQ(early.state, State::kProgressing);
  ASSERT_TRUE(early.look_again);
  EXPECT_EQ(base::Rfc3339Text(*early.look_again), "2026-05-04T10:02:00Z");
  const Judgement late = Judge(kScaledOut, Strict("2026-05-04T10:02:00.1Z"));
  EXPECT_EQ(late.state, State::kDegraded);
  EXPECT_FALSE(late.look_again);
  EXPECT_EQ(Judge(kScaledOut, Strict()).state, State::kDegraded) << "no clock, no grace";
}

TEST(Rules, AnAutoscalerHasFiveMinutes) {
  const std::string json =
      R"({"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","status":{"conditions":[
      {"type":"AbleToScale","status":"True"},{"type":"ScalingActive","status":"False",
      "reason":"FailedGetResourceMetric","lastTransitionTime":"2026-05-04T10:00:00Z"}]}})";
  const Judgement early = Judge(json, Strict("2026-05-04T10:00:30Z"));
  EXPECT_EQ(early.state, State::kProgressing);
  EXPECT_EQ(early.look_again, base::ParseRfc3339("2026-05-04T10:05:00Z"));
  EXPECT_EQ(Judge(json, Strict("2026-05-04T10:05:01Z")).state, State::kDegraded);
}

TEST(Rules, AnEmptyStatusIsNone) {
  const std::string json =
      R"({"apiVersion":"data.example.com/v1","kind":"Cache","status":{},
      "metadata":{"creationTimestamp":"2026-05-04T10:00:00Z"}})";
  EXPECT_EQ(Judge(json, Strict("2026-05-04T10:00:10Z")).state, State::kProgressing);
  EXPECT_EQ(Judge(json, Strict("2026-05-04T10:00:16Z")).state, State::kHealthy);
}

TEST(Rules, KindIsWhatWasAskedFor) {
  // Items of a list carry neither apiVersion nor kind.
  base::Arena arena;
  const auto bare = value::ReadJson(R"({"status":{"phase":"Failed"}})", arena);
  EXPECT_EQ(JudgeObject("v1", "Pod", *bare, Strict()).state, State::kDegraded);
  EXPECT_EQ(JudgeObject("example.com/v1", "Pod", *bare, Strict()).state, State::kHealthy);
}

TEST(Rules, TheOldVersionHasItsOwnVerdicts) {
  Terms old{Mode::kUpstream, Version::kV012, std::nullopt},
      today{Mode::kUpstream, Version::kV1, {}};
  const std::string crashed =
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"generation":1},
      "status":{"observedGeneration":1,"updatedReplicas":1,"conditions":[
      {"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable"}]}})";
  EXPECT_EQ(Judge(crashed, old).state, State::kProgressing);
  EXPECT_EQ(Judge(crashed, today).state, State::kDegraded);
  const std::string pod =
      R"({"apiVersion":"v1","kind":"Pod","status":{"phase":"Running","containerStatuses":[
      {"ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}})";
  EXPECT_EQ(Judge(pod, old).state, State::kProgressing);
  EXPECT_EQ(Judge(pod, today).state, State::kDegraded);
}

TEST(Rules, UpstreamTakesTheLastOfAConditionAndCutsCounts) {
  const Terms upstream{Mode::kUpstream, Version::kV1, std::nullopt};
  const std::string twice =
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"generation":1},
      "status":{"observedGeneration":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1,
      "conditions":[{"type":"ReplicaFailure","status":"True"},
      {"type":"ReplicaFailure","status":"False"}]}})";
  EXPECT_EQ(Judge(twice, upstream).state, State::kHealthy);
  const std::string wide =
      R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":4294967296}})";
  EXPECT_EQ(Judge(wide, upstream).state, State::kSuspended) << "0 in 32 bits";
}

TEST(Rules, UpstreamConvertsTheWholeObject) {
  const Terms upstream{Mode::kUpstream, Version::kV1, std::nullopt};

  struct Case {
    const char* what;
    const char* json;
    State state;
  };

  for (const Case& c : {
           Case{
               "a time that is none",
               R"({"apiVersion":"batch/v1","kind":"CronJob","status":{"lastScheduleTime":"noon"}})",
               State::kUnknown},
           Case{"labels that are no texts",
                R"({"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"a":1}},
                "status":{"phase":"Succeeded"}})",
                State::kUnknown},
           Case{"a surge as a number",
                R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"paused":true,
                "strategy":{"rollingUpdate":{"maxSurge":1}}}})",
                State::kSuspended},
           Case{"a surge as a truth",
                R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"paused":true,
                "strategy":{"rollingUpdate":{"maxSurge":true}}}})",
                State::kUnknown},
           Case{"a quantity", R"({"apiVersion":"v1","kind":"Pod","status":{"phase":"Succeeded"},
                "spec":{"containers":[{"resources":{"limits":{"cpu":"1500m","memory":"1.5Gi"}}}]}})",
                State::kHealthy},
           Case{"no quantity", R"({"apiVersion":"v1","kind":"Pod","status":{"phase":"Succeeded"},
                "spec":{"containers":[{"resources":{"limits":{"cpu":"much"}}}]}})",
                State::kUnknown},
           Case{"replicas with a fraction",
                R"({"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"replicas":1.5}})",
                State::kUnknown},
           Case{"null anywhere", R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":null,
                "spec":{"paused":true,"template":null},"status":null})",
                State::kSuspended},
       }) {
    EXPECT_EQ(Judge(c.json, upstream).state, c.state) << c.what;
  }
}

TEST(Rules, ALongListHasAnEnd) {
  // 400 references by 400 answers would be 160,000 comparisons.
  std::string json = R"({"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute",)";
  std::string references, parents;
  for (int i = 0; i < 400; ++i) {
    const std::string reference = R"({"name":"gw)" + std::to_string(i) + "\"}";
    references += (i ? "," : "") + reference;
    parents += (i ? "," : "") + (R"({"parentRef":)" + reference + R"(,"conditions":[
        {"type":"Accepted","status":"True"}]})");
  }
  json +=
      R"("spec":{"parentRefs":[)" + references + R"(]},"status":{"parents":[)" + parents + "]}}";
  EXPECT_EQ(Judge(json, Strict()).state, State::kUnknown);
}

TEST(Rules, EveryVerdictSaysWhy) {
  for (const Mode mode : {Mode::kUpstream, Mode::kStrict}) {
    EXPECT_FALSE(Judge(kScaledOut, {mode, Version::kV1, std::nullopt}).why.empty());
  }
  EXPECT_EQ(JudgeObject("v1", "Service", value::Value(), Strict()).why, "it is not there");
}

TEST(State, NamesGoBothWays) {
  for (const State state : {State::kNotComputed, State::kHealthy, State::kProgressing,
                            State::kDegraded, State::kSuspended, State::kUnknown}) {
    EXPECT_EQ(StateNamed(StateName(state)), state);
  }
  EXPECT_FALSE(StateNamed("healthy"));
}

}  // namespace
}  // namespace openchoreo::health
