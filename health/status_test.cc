#include "health/status.h"

#include <gtest/gtest.h>

#include <map>

#include "common/value/json_reader.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::mapper {
namespace {

class StatusTest : public testing::Test {
 protected:
  value::Value Json(std::string_view text) { return value::ReadJson(text, arena_).value(); }

  base::Arena arena_;
};

TEST_F(StatusTest, OldCrdsHoldConditionsAlone) {
  Assessment assessment;
  assessment.conditions = {{"Ready", "True", "Ready", "m", 2, "2026-05-04T10:00:00Z"}};
  const value::Value binding = Json(R"({"kind":"ReleaseBinding","metadata":{"generation":2}})");
  const value::Value old =
      WantedStatus(binding, assessment, nullptr, health::Version::kV012, "now", arena_);
  EXPECT_EQ(old.size(), 1u);
  const value::Value today =
      WantedStatus(binding, assessment, nullptr, health::Version::kV1, "now", arena_);
  EXPECT_EQ(today.Get("observedGeneration").as_int(), 2);
  EXPECT_EQ(today.Get("lastSpecUpdateTime").string_or_empty(), "now");
}

// An API server refuses the whole status for one condition that is not as it wants them.
TEST_F(StatusTest, ConditionsAreWhatAnApiServerTakes) {
  Assessment assessment;
  std::string message;
  for (int i = 0; i < 40'000; ++i) message += "\xc3\xa4";
  assessment.conditions = {{"Ready", "False", "", message, 2, "2026-05-04T10:00:00Z"}};
  const value::Value binding = Json(R"({"kind":"ReleaseBinding","metadata":{"generation":2}})");
  const value::Value status =
      WantedStatus(binding, assessment, nullptr, health::Version::kV1, "now", arena_);
  const value::Value condition = status.Get("conditions").as_list()[0];
  EXPECT_EQ(condition.Get("reason").string_or_empty(), "Unknown");
  const std::string_view cut = condition.Get("message").string_or_empty();
  EXPECT_EQ(cut.size(), 32'767 * 2 + std::string_view("…").size());  // characters, not bytes
  EXPECT_TRUE(cut.ends_with("…"));
}

TEST_F(StatusTest, NamesWhatABindingDependsOnAsUpstreamDoes) {
  record::Record record;
  record.binding = {"ReleaseBinding", "acme", "api-dev"};
  record.owner = Json(R"({"projectName":"shop","componentName":"api"})");
  record.environment = "dev";
  record.connections = {{"pay", "gateway", "rest", "project", Json(R"({"host":"gateway.dp-x"})")},
                        {"shop", "cart", "grpc", "external", {}}};
  record.pending_connections = {{"acme", "shop", "cart", "grpc", "component is undeployed"}};
  record.resolved_connections = 1;
  record.resource_dependencies = {"db"};
  record.resolved_resources = 1;
  record.secret_references = {"keys"};
  const value::Value binding = Json(R"({"kind":"ReleaseBinding","metadata":{"generation":2}})");
  const auto wanted = [&](const value::Value& of) {
    return WantedStatus(of, {}, &record, health::Version::kV1, "now", arena_);
  };
  const value::Value status = wanted(binding);
  for (const auto& [field, json] : std::map<std::string, const char*>{
           {"connectionTargets",
            R"([{"component":"gateway","endpoint":"rest","environment":"dev","namespace":"acme",
                 "project":"pay","visibility":"project"},
                {"component":"cart","endpoint":"grpc","environment":"dev","namespace":"acme",
                 "project":"shop","visibility":"external"}])"},
           {"resolvedConnections",
            R"([{"component":"gateway","endpoint":"rest","namespace":"acme","project":"pay",
                 "url":{"host":"gateway.dp-x"},"visibility":"project"}])"},
           {"pendingConnections",
            R"([{"component":"cart","endpoint":"grpc","namespace":"acme","project":"shop",
                 "reason":"component is undeployed"}])"},
           {"resourceDependencyTargets",
            R"([{"environment":"dev","namespace":"acme","project":"shop","resourceName":"db"}])"},
           {"pendingResourceDependencies", "[]"},
           {"secretReferenceNames", R"(["keys"])"}}) {
    EXPECT_TRUE(value::JsonEquals(status.Get(field), Json(json))) << field;
  }

  // Records that only count them leave what is there as it is.
  record.connections.clear();
  record.resource_dependencies.clear();
  EXPECT_TRUE(wanted(binding).Get("connectionTargets").is_null());
  EXPECT_TRUE(wanted(binding).Get("resolvedConnections").is_null());
  EXPECT_TRUE(wanted(binding).Get("resourceDependencyTargets").is_null());
  EXPECT_EQ(wanted(binding).Get("pendingConnections").size(), 1u);
}

TEST_F(StatusTest, WhatIsUndeployedHasNoEndpoints) {
  const value::Value binding = Json(R"({"kind":"ReleaseBinding","metadata":{"generation":2},
      "spec":{"state":"Undeploy"},"status":{"endpoints":[{"name":"http"}]}})");
  const value::Value status =
      WantedStatus(binding, {}, nullptr, health::Version::kV1, "now", arena_);
  ASSERT_TRUE(status.Get("endpoints").is_list());
  EXPECT_EQ(status.Get("endpoints").size(), 0u);
  EXPECT_TRUE(status.Get("connectionTargets").is_null());
  EXPECT_FALSE(HasStatus(binding, status));
}

TEST_F(StatusTest, KnowsWhatIsThere) {
  const value::Value wanted = Json(R"({"conditions":[{"type":"Ready"}],"endpoints":[]})");
  EXPECT_TRUE(HasStatus(
      Json(R"({"kind":"ReleaseBinding","status":{"conditions":[{"type":"Ready"}],"more":1}})"),
      wanted));
  EXPECT_FALSE(HasStatus(Json(R"({"status":{"conditions":[]}})"), wanted));
  EXPECT_FALSE(HasStatus(Json("{}"), wanted));
}

TEST_F(StatusTest, SeesAnotherWriterWhileItWrites) {
  const value::Value binding = Json(R"({"metadata":{"managedFields":[
      {"manager":"openchoreo-health-mapper","subresource":"status","time":"2026-05-04T10:09:00Z",
       "fieldsV1":{"f:status":{"f:conditions":{}}}},
      {"manager":"kubectl","time":"2026-05-04T10:09:00Z","fieldsV1":{"f:status":{"f:conditions":{}}}},
      {"manager":"other","subresource":"status","time":"2026-05-04T10:08:00Z",
       "fieldsV1":{"f:status":{"f:conditions":{}}}}]}})");
  const auto other = OtherWriter(binding);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->manager, "other");
  EXPECT_EQ(base::Rfc3339Text(other->last), "2026-05-04T10:08:00Z");
  EXPECT_FALSE(OtherWriter(Json("{}")));
}

}  // namespace
}  // namespace openchoreo::mapper
