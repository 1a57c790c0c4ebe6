#include "health/assessment.h"

#include <gtest/gtest.h>

#include <map>

#include "common/health/rules.h"
#include "common/value/json_reader.h"

namespace openchoreo::mapper {
namespace {

// Objects by "Kind/name"; what is not in it is not there.
class FakeSights : public Sights {
 public:
  Sight Look(const record::RecordedObject& object, const health::Terms& terms) override {
    const std::string key = std::string(object.kind) + "/" + std::string(object.name);
    if (const auto blind = blind_.find(key); blind != blind_.end()) {
      return {Sight::Kind::kBlind, {}, "", blind->second, {}};
    }
    const auto found = objects_.find(key);
    if (found == objects_.end()) return {Sight::Kind::kAbsent, {}, "", "", {}};
    const value::Value live = value::ReadJson(found->second, arena_).value();
    return {
        Sight::Kind::kSeen, health::JudgeObject(object.api_version, object.kind, live, terms),
        std::string(
            live.Get("metadata", "annotations", "gitops.openchoreo.dev/digest").string_or_empty()),
        "", live};
  }

  std::optional<std::size_t> Remaining(std::string_view, std::string_view) override {
    return remaining_;
  }

  std::map<std::string, std::string> objects_, blind_;
  std::size_t remaining_ = 0;

 private:
  base::Arena arena_;
};

class AssessTest : public testing::Test {
 protected:
  AssessTest() {
    terms_.now = base::ParseRfc3339("2026-05-04T11:00:00Z");
    record_.binding = {"ReleaseBinding", "acme", "web-dev"};
    record_.release = "web-r1";
    record_.component_type = "deployment/web";
    record_.resources = {{"d", "apps/v1", "Deployment", "dp", "web", "0123456789abcdef0123"},
                         {"c", "v1", "ConfigMap", "dp", "web", "fedcba9876543210ffff"}};
    sights_.objects_["Deployment/web"] =
        R"({"metadata":{"generation":1,"annotations":{"gitops.openchoreo.dev/digest":"0123456789abcdef"}},
        "status":{"observedGeneration":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1}})";
    sights_.objects_["ConfigMap/web"] =
        R"({"metadata":{"annotations":{"gitops.openchoreo.dev/digest":"fedcba9876543210"}}})";
  }

  // "reason: message" of Ready, "True" where it is.
  std::string Ready(bool with_record = true, const char* binding = kBinding) {
    const auto json = value::ReadJson(binding, arena_);
    EXPECT_TRUE(json);
    last_ = Assess(*json, with_record ? &record_ : nullptr, delivery_, sights_, terms_, arena_);
    for (const auto& condition : last_.conditions) {
      if (condition.type != "Ready") continue;
      if (condition.status == "True") return "True";
      return condition.reason + ": " + condition.message;
    }
    return "none";
  }

  static constexpr char kBinding[] =
      R"({"kind":"ReleaseBinding","metadata":{"name":"web-dev","namespace":"acme","generation":4},
      "spec":{"environment":"dev","releaseName":"web-r1","owner":{"componentName":"web","projectName":"p"}}})";

  base::Arena arena_;
  record::Record record_;
  Delivery delivery_;
  FakeSights sights_;
  health::Terms terms_;
  Assessment last_;
};

TEST_F(AssessTest, AllIsWell) {
  EXPECT_EQ(Ready(), "True");
  EXPECT_FALSE(last_.look_again);
  for (const auto& condition : last_.conditions) EXPECT_EQ(condition.observed_generation, 4);
}

TEST_F(AssessTest, WithoutARecordItIsNotSynced) {
  EXPECT_EQ(Ready(false),
            "ReleaseSynced: Release is not synced: nothing was delivered for it yet; no operator "
            "that delivers it was found");
  delivery_ = {"Application argocd/shop", "", "denied", "", ""};
  EXPECT_EQ(Ready(false),
            "ReleaseUpdateFailed: Failed to reconcile dataplane Release: Application argocd/shop: "
            "denied");
}

TEST_F(AssessTest, AMissingObjectIsTold) {
  sights_.objects_.erase("ConfigMap/web");
  EXPECT_EQ(
      Ready(),
      "ReleaseSynced: Release is not synced: 1 of 2 objects are missing, 0 are not of this render "
      "(ConfigMap dp/web); no operator that delivers it was found");
}

TEST_F(AssessTest, AnObjectOfAnOlderRenderIsTold) {
  record_.resources[1].digest = "1111111111111111ffff";
  delivery_.by = "Kustomization flux-system/dev";
  EXPECT_EQ(
      Ready(),
      "ReleaseSynced: Release is not synced: 0 of 2 objects are missing, 1 are not of this render "
      "(ConfigMap dp/web); Kustomization flux-system/dev");
  record_.version = 1;
  EXPECT_EQ(Ready(), "True") << "version 1 knows existence alone";
}

TEST_F(AssessTest, ARecordOfAnotherReleaseIsOnItsWay) {
  record_.release = "web-r0";
  EXPECT_EQ(Ready(),
            "ReleaseSynced: Release is not synced: the objects are of release \"web-r0\"; "
            "no operator that delivers it was found");
}

TEST_F(AssessTest, RenderingFailedComesFirst) {
  delivery_ = {"OpenChoreoSource flux-system/shop", "no such key: x", "", "", ""};
  EXPECT_EQ(Ready(), "RenderingFailed: Failed to render resources: no such key: x");
}

TEST_F(AssessTest, ApplyFailedWithAllThereIsOfTheResources) {
  delivery_ = {"Application argocd/shop", "", "denied", "", ""};
  EXPECT_EQ(Ready(), "True") << "another binding's";
  delivery_.object_failed = "denied";
  EXPECT_EQ(Ready(), "ResourceApplyFailed: Failed to apply resources to target plane: denied");
}

TEST_F(AssessTest, ABlindSpotIsUnknownAndSaysWhy) {
  sights_.blind_["Deployment/web"] = "cluster east was last seen 2026-05-04T10:58:00Z";
  EXPECT_EQ(
      Ready(),
      "ResourcesUnknown: Primary workload Deployment/web status unknown (cluster east was last "
      "seen 2026-05-04T10:58:00Z)");
}

TEST_F(AssessTest, TellsWhenToLookAgain) {
  sights_.objects_["Deployment/web"] =
      R"({"metadata":{"generation":1,"annotations":{"gitops.openchoreo.dev/digest":"0123456789abcdef"}},
      "spec":{"replicas":2},"status":{"observedGeneration":1,
      "updatedReplicas":2,"readyReplicas":1,"availableReplicas":1,"unavailableReplicas":1,
      "conditions":[{"type":"Available","status":"False","lastTransitionTime":"2026-05-04T10:59:30Z"}]}})";
  EXPECT_EQ(Ready(), "ResourcesProgressing: Primary workload Deployment/web is progressing");
  EXPECT_EQ(last_.look_again, base::ParseRfc3339("2026-05-04T11:01:30Z"));
}

TEST_F(AssessTest, UndeployCountsWhatRemains) {
  const char* binding =
      R"({"kind":"ReleaseBinding","metadata":{"name":"web-dev","namespace":"acme","generation":4},
      "spec":{"environment":"dev","state":"Undeploy","owner":{"componentName":"web"}}})";
  sights_.remaining_ = 2;
  EXPECT_EQ(Ready(true, binding), "ResourcesUndeployed: Resources being undeployed");
  sights_.remaining_ = 0;
  EXPECT_EQ(Ready(true, binding), "ResourcesUndeployed: Resources undeployed");
}

TEST_F(AssessTest, PendingConnectionsAreToldFirst) {
  record_.pending_connections = {{"acme", "p", "pay", "http", "not deployed"}};
  EXPECT_EQ(Ready(), "ConnectionsPending: 1 connections pending, 0 resolved");
}

TEST_F(AssessTest, AResourceHasOutputs) {
  record_.binding.kind = "ResourceReleaseBinding";
  record_.release = "db-r1";
  record_.resources = {{"claim", "db.example.com/v1", "Claim", "dp", "db", ""}};
  record_.entries = {{"claim", "${applied.claim.status.phase == 'Bound'}"}};
  record_.context = value::ReadJson(R"({"metadata":{"name":"db"}})", arena_).value();
  record_.outputs = value::ReadJson(R"([
      {"name":"host","value":"${applied.claim.status.host}.${metadata.name}"},
      {"name":"secret","secretKeyRef":{"name":"${applied.claim.status.secret}","key":"pw"}}])",
                                    arena_)
                        .value();
  const char* binding =
      R"({"kind":"ResourceReleaseBinding","metadata":{"name":"db-dev","namespace":"acme","generation":1},
      "spec":{"resourceRelease":"db-r1"}})";
  sights_.objects_["Claim/db"] = R"({"status":{"phase":"Bound","host":"db1","secret":"s"}})";
  EXPECT_EQ(Ready(true, binding), "True");
  ASSERT_EQ(last_.outputs.size(), 2u);
  EXPECT_EQ(last_.outputs.as_list()[0].Get("value").string_or_empty(), "db1.db");
  EXPECT_EQ(last_.outputs.as_list()[1].Get("secretKeyRef", "name").string_or_empty(), "s");
  sights_.objects_["Claim/db"] = R"({"status":{"phase":"Bound"}})";
  EXPECT_NE(Ready(true, binding).find("Failed to resolve 2 output(s): output \"host\": "),
            std::string::npos);
}

}  // namespace
}  // namespace openchoreo::mapper
