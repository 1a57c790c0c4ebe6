#include "flux-source/source_status.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::flux {
namespace {

using value::Value;

constexpr const char* kNow = "2026-11-29T11:00:00Z";

class SourceStatusTest : public testing::Test {
 protected:
  Value Object(const std::string& status = "") {
    return *value::ReadJson(R"({"metadata":{"name":"app","namespace":"ns","generation":3})" +
                                (status.empty() ? "" : ",\"status\":" + status) + "}",
                            arena_);
  }

  std::string Status(const Value& object, const SourceStatus& status) {
    return value::ToJson(StatusBody(object, status, kNow, arena_).Get("status"));
  }

  // "<type>=<status> <reason>" of each condition.
  std::string Conditions(const Value& object, const SourceStatus& status) {
    std::string text;
    const Value body = StatusBody(object, status, kNow, arena_);
    for (const Value& c : body.Get("status", "conditions").as_list()) {
      text.append(c.Get("type").string_or_empty()).append("=");
      text.append(c.Get("status").string_or_empty()).append(" ");
      text.append(c.Get("reason").string_or_empty()).append("; ");
      EXPECT_EQ(c.Get("observedGeneration").as_int(), 3);
    }
    return text;
  }

  base::Arena arena_;
};

SourceStatus Good() {
  SourceStatus status;
  status.outcome = {true, "Succeeded", "2 artifacts of repo=main@sha1:1", false};
  status.observed = {{"repo", "GitRepository", "ns", "repo", "main@sha1:1", "sha256:a"}};
  status.inventory = {{"app-dev", "latest@sha256:b", "sha256:c", 2, false},
                      {"app-prod", "latest@sha256:d", "sha256:e", 1, true}};
  status.handled_reconcile = "first";
  return status;
}

TEST_F(SourceStatusTest, WhatIsWrittenIsReadBack) {
  const Value object = Object(Status(Object(), Good()));
  EXPECT_TRUE(StatusIsAsWanted(object, Good()));
  EXPECT_EQ(ReadObservedSources(object.Get("status")), Good().observed);
  EXPECT_EQ(ReadInventory(object.Get("status")), Good().inventory);
  EXPECT_EQ(object.Get("status", "artifacts").as_int(), 2);
  EXPECT_EQ(object.Get("status", "lastHandledReconcileAt").string_or_empty(), "first");
  EXPECT_EQ(object.Get("status", "observedGeneration").as_int(), 3);
}

TEST_F(SourceStatusTest, ConditionsFollowTheOutcome) {
  EXPECT_EQ(Conditions(Object(), Good()), "Ready=True Succeeded; ");
  SourceStatus failed = Good();
  failed.outcome = {false, "BuildFailed", "text", false};
  const Value retrying = Object(Status(Object(), failed));
  EXPECT_EQ(Conditions(Object(), failed),
            "Ready=False BuildFailed; Reconciling=True ProgressingWithRetry; ");
  EXPECT_EQ(Conditions(retrying, Good()), "Ready=True Succeeded; ") << "Reconciling goes";
  SourceStatus stalled = Good();
  stalled.outcome = {false, "AccessDenied", "text", true};
  EXPECT_EQ(Conditions(retrying, stalled), "Ready=False AccessDenied; Stalled=True AccessDenied; ");
  EXPECT_EQ(Conditions(Object(Status(Object(), stalled)), Good()), "Ready=True Succeeded; ");
}

TEST_F(SourceStatusTest, ReadyKeepsItsValueWhileWorking) {
  SourceStatus working = Good();
  working.working = true;
  EXPECT_EQ(Conditions(Object(Status(Object(), Good())), working),
            "Ready=True Succeeded; Reconciling=True Progressing; ");
  EXPECT_EQ(Conditions(Object(), working),
            "Reconciling=True Progressing; Ready=Unknown Progressing; ");
}

TEST_F(SourceStatusTest, SeesEachDifference) {
  const Value object = Object(Status(Object(), Good()));
  using Change = void (*)(SourceStatus&);
  const Change changes[] = {[](SourceStatus& s) { s.outcome.message += "x"; },
                            [](SourceStatus& s) { s.outcome.ready = false; },
                            [](SourceStatus& s) { s.observed[0].revision += "x"; },
                            [](SourceStatus& s) { s.inventory.pop_back(); },
                            [](SourceStatus& s) { s.inventory[0].held = true; },
                            [](SourceStatus& s) { s.handled_reconcile = "second"; },
                            [](SourceStatus& s) { s.working = true; }};
  for (const Change change : changes) {
    SourceStatus other = Good();
    change(other);
    EXPECT_FALSE(StatusIsAsWanted(object, other));
  }
}

}  // namespace
}  // namespace openchoreo::flux
