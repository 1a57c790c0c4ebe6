#include "health/operators.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"

namespace openchoreo::mapper {
namespace {

TEST(Operators, FindingsAreOfTheirBinding) {
  const std::string message =
      "Failed to generate manifests: a.yaml:3:1: error[cel]: no such key (ReleaseBinding "
      "acme/web-dev)\n"
      "b.yaml:1:1: error[cel]: other (ReleaseBinding acme/web-dev-2)\n";
  EXPECT_EQ(FindingsOf(message, "ReleaseBinding acme/web-dev"),
            "Failed to generate manifests: a.yaml:3:1: error[cel]: no such key "
            "(ReleaseBinding acme/web-dev)");
  EXPECT_EQ(FindingsOf(message, "ReleaseBinding acme/web"), "");
}

TEST(Operators, AnApplicationTellsOfObjects) {
  base::Arena arena;
  const auto application = value::ReadJson(
      R"({"metadata":{"namespace":"argocd","name":"shop"},"status":{"operationState":{"phase":"Failed",
      "message":"one or more objects failed to apply","syncResult":{"resources":[
      {"kind":"Deployment","namespace":"dp","name":"web","status":"SyncFailed","message":"denied"}]}}}})",
      arena);
  record::Record record;
  record.resources = {{"d", "apps/v1", "Deployment", "dp", "web", ""}};
  const Delivery ours = SaidByApplication(*application, &record, "ReleaseBinding acme/web-dev");
  EXPECT_EQ(ours.by, "Application argocd/shop");
  EXPECT_EQ(ours.apply_failed, "one or more objects failed to apply");
  EXPECT_EQ(ours.object_failed, "denied");
  record.resources[0].name = "other";
  EXPECT_EQ(SaidByApplication(*application, &record, "").object_failed, "");
}

TEST(Operators, AKustomizationTellsOfObjects) {
  base::Arena arena;
  const auto kustomization = value::ReadJson(
      R"({"metadata":{"namespace":"flux-system","name":"dev"},"status":{"conditions":[{"type":"Ready",
      "status":"False","reason":"ReconciliationFailed",
      "message":"Deployment/dp/web dry-run failed: denied"}]}})",
      arena);
  record::Record record;
  record.resources = {{"d", "apps/v1", "Deployment", "dp", "web", ""}};
  EXPECT_EQ(SaidByKustomization(*kustomization, &record).object_failed,
            "Deployment/dp/web dry-run failed: denied");
  record.resources[0].name = "we";
  EXPECT_EQ(SaidByKustomization(*kustomization, &record).object_failed, "");
  EXPECT_EQ(SaidByKustomization(*kustomization, &record).apply_failed,
            "Deployment/dp/web dry-run failed: denied");
}

TEST(Operators, AKustomizationThatTriesAgainHasFailedAllTheSame) {
  base::Arena arena;
  const auto kustomization = [&](const std::string& ready, const std::string& reconciling) {
    return value::ReadJson(R"({"metadata":{"namespace":"flux-system","name":"dev"},"status":{
        "lastAttemptedRevision":"main@sha1:ab","conditions":[{"type":"Ready","status":")" +
                               ready +
                               R"(","reason":"Progressing","message":"m"},)"
                               R"({"type":"Reconciling","status":"True","message":")" +
                               reconciling + R"("}]}})",
                           arena)
        .value();
  };

  struct Case {
    const char* ready;
    const char* reconciling;
    bool again;
  };

  for (const Case& c : {
           Case{"Unknown", "Fetching manifests for revision main@sha1:ab with a timeout", true},
           Case{"Unknown", "Detecting drift for revision main@sha1:ab with a timeout", true},
           Case{"Unknown", "Running health checks for revision main@sha1:ab with", false},
           Case{"Unknown", "Fetching manifests for revision main@sha1:cd with a timeout", false},
           Case{"True", "Fetching manifests for revision main@sha1:ab with a timeout", false},
       }) {
    EXPECT_EQ(TriesAgain(kustomization(c.ready, c.reconciling), "main@sha1:ab"), c.again)
        << c.ready << ' ' << c.reconciling;
  }
  EXPECT_FALSE(TriesAgain(kustomization("Unknown", "Fetching"), ""));
  const auto trying = kustomization("Unknown", "Fetching manifests for revision main@sha1:ab");
  EXPECT_EQ(SaidByKustomization(trying, nullptr, "denied").apply_failed, "denied");
  EXPECT_EQ(SaidByKustomization(trying, nullptr).apply_failed, "");
}

TEST(Operators, OfAnApplicationCountsWhatFails) {
  base::Arena arena;
  const auto told = [&](const std::string& status) {
    return ToldByApplication(value::ReadJson(R"({"status":)" + status + "}", arena).value());
  };
  const std::string running =
      told(R"({"operationState":{"phase":"Running","message":"waiting"},"conditions":[]})");
  EXPECT_EQ(running, told(R"({"operationState":{"phase":"Succeeded","message":"synced"}})"));
  EXPECT_NE(running, told(R"({"operationState":{"phase":"Failed","message":"denied"}})"));
  EXPECT_NE(running, told(R"({"conditions":[{"type":"ComparisonError","message":"a.yaml: no"}]})"));
  EXPECT_NE(running, told(R"({"operationState":{"syncResult":{"resources":[{"kind":"Job",
      "status":"SyncFailed","message":"immutable"}]}}})"));
}

}  // namespace
}  // namespace openchoreo::mapper
