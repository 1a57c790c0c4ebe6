#include "common/health/binding_conditions.h"

#include <gtest/gtest.h>

#include <string>

namespace openchoreo::health {
namespace {

// "type=status/reason: message" of each condition, in the order of the list.
std::vector<std::string> Told(const std::vector<BindingCondition>& conditions) {
  std::vector<std::string> told;
  for (const BindingCondition& c : conditions) {
    told.push_back(c.type + "=" + c.status + "/" + c.reason + ": " + c.message);
  }
  return told;
}

BindingInput Deployed() {
  BindingInput input;
  input.generation = 3;
  input.now = "2026-05-04T11:00:00Z";
  input.component_type = "deployment/web";
  input.release = {"web-dev", 2, "unchanged", 1};
  input.resources = {{"d", "apps", "Deployment", "web", State::kHealthy}};
  return input;
}

using Lines = std::vector<std::string>;

TEST(BindingConditions, TheOldVersionKnowsNoConnections) {
  BindingInput input = Deployed();
  input.connections = {0, 1};
  EXPECT_EQ(Told(JudgeBinding(input, Mode::kUpstream, Version::kV012)),
            (Lines{"ReleaseSynced=True/ReleaseSynced: Dataplane Release \"web-dev\" is up to date "
                   "(observability release skipped: no ObservabilityPlaneRef or no resources)",
                   "ResourcesReady=True/Ready: Primary workload Deployment and all supporting "
                   "resources are ready",
                   "Ready=True/Ready: ReleaseBinding is ready"}));
}

TEST(BindingConditions, TheOldVersionTellsOfEachState) {
  struct Case {
    const char* component_type;
    Observed resource;
    const char* resources_ready;
  };

  for (const Case& c : {
           Case{"deployment/web",
                {"d", "apps", "Deployment", "web", State::kDegraded},
                "ResourcesReady=False/ResourcesDegraded: Primary workload Deployment/web is "
                "degraded"},
           Case{"statefulset/db",
                {"d", "apps", "StatefulSet", "db", State::kProgressing},
                "ResourcesReady=False/ResourcesProgressing: Primary workload StatefulSet/db is "
                "progressing"},
           Case{"deployment/web",
                {"d", "apps", "Deployment", "web", State::kSuspended},
                "ResourcesReady=True/ReadyWithSuspendedResources: Primary workload Deployment is "
                "suspended (scaled to 0)"},
           Case{"job/one",
                {"j", "batch", "Job", "one", State::kProgressing},
                "ResourcesReady=False/JobRunning: Job one is running"},
           Case{"cronjob/night",
                {"c", "batch", "CronJob", "night", State::kSuspended},
                "ResourcesReady=True/CronJobSuspended: CronJob night is suspended"},
           Case{"proxy/api",
                {"p", "cilium.io", "CiliumNetworkPolicy", "p", State::kUnknown},
                "ResourcesReady=False/ResourcesUnknown: 1/1 resources status unknown"},
       }) {
    BindingInput input = Deployed();
    input.component_type = c.component_type;
    input.resources = {c.resource};
    EXPECT_EQ(Told(JudgeBinding(input, Mode::kUpstream, Version::kV012))[1], c.resources_ready);
  }
}

TEST(BindingConditions, TheOldVersionSkipsTwoKindsMore) {
  BindingInput input = Deployed();
  input.resources.push_back({"n", "cilium.io", "CiliumNetworkPolicy", "n", State::kDegraded});
  EXPECT_EQ(JudgeBinding(input, Mode::kUpstream, Version::kV012)[1].status, "True");
  EXPECT_EQ(JudgeBinding(input, Mode::kUpstream, Version::kV1)[3].status, "False");
}

TEST(BindingConditions, TheOldVersionDoesNotHearOfFailedApplies) {
  BindingInput input = Deployed();
  input.applied = {"False", "refused", 2};
  EXPECT_EQ(JudgeBinding(input, Mode::kUpstream, Version::kV012)[1].reason, "Ready");
  EXPECT_EQ(JudgeBinding(input, Mode::kStrict, Version::kV012)[1].reason, "ResourceApplyFailed");
}

TEST(BindingConditions, TimesMoveWithTheStatusOnly) {
  BindingInput input = Deployed();
  input.previous = JudgeBinding(input, Mode::kStrict);
  input.generation = 4;
  input.now = "2026-05-04T12:00:00Z";
  for (const BindingCondition& c : JudgeBinding(input, Mode::kStrict)) {
    EXPECT_EQ(c.transition, "2026-05-04T11:00:00Z") << c.type;
    EXPECT_EQ(c.observed_generation, 4) << c.type;
  }
  input.resources[0].state = State::kDegraded;
  for (const BindingCondition& c : JudgeBinding(input, Mode::kStrict)) {
    const bool moved = c.type == "Ready" || c.type == "ResourcesReady";
    EXPECT_EQ(c.transition, moved ? "2026-05-04T12:00:00Z" : "2026-05-04T11:00:00Z") << c.type;
  }
}

TEST(BindingConditions, NothingIsKnownYet) {
  BindingInput input;
  input.generation = 1;
  EXPECT_EQ(Told(JudgeBinding(input, Mode::kStrict)).back(),
            "Ready=False/ReleaseSynced: Release is not synced");
  input.kind = BindingKind::kProjectReleaseBinding;
  EXPECT_EQ(Told(JudgeBinding(input, Mode::kStrict)),
            Lines{"Ready=False/SyncedNotReady: Awaiting sub-condition evaluation"});
  input.kind = BindingKind::kResourceReleaseBinding;
  EXPECT_EQ(Told(JudgeBinding(input, Mode::kStrict)),
            Lines{"Ready=False/ResourcesProgressing: Awaiting sub-condition evaluation"});
}

TEST(BindingConditions, WhatOthersWroteStays) {
  BindingInput input = Deployed();
  input.previous = {{"Theirs", "True", "X", "y", 1, "2026-01-01T00:00:00Z"}};
  EXPECT_EQ(JudgeBinding(input, Mode::kStrict)[0], input.previous[0]);
}

}  // namespace
}  // namespace openchoreo::health
