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

}  // namespace
}  // namespace openchoreo::mapper
