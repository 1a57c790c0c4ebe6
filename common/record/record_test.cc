#include "common/record/record.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/base/arena.h"
#include "common/value/json_reader.h"

namespace openchoreo::record {
namespace {

value::Value Json(std::string_view text, base::Arena& arena) {
  return value::ReadJson(text, arena).value();
}

std::string TextOf(const Record& record) {
  std::string text;
  base::Budget budget;
  EXPECT_TRUE(AppendRecord(text, record, budget));
  return text;
}

TEST(AppendRecord, GivesALineToEveryKeyAndObject) {
  base::Arena arena;
  Record record;
  record.binding = {"ReleaseBinding", "acme", "api-dev"};
  record.owner = Json(R"({"projectName":"shop","componentName":"api"})", arena);
  record.environment = "dev";
  record.release = "api-v1";
  record.component_type = "web-service";
  record.endpoints = value::Value::List({});
  record.pending_connections = {{"acme", "pay", "gateway", "rest", "component is undeployed"}};
  record.pending_resources = {{"acme", "shop", "db", "", "not ready"}};
  record.resolved_connections = 2;
  record.resources = {{"deployment-api", "apps/v1", "Deployment", "dp-x", "api", "ab"},
                      {"clusterrole-api", "v1", "ClusterRole", "", "api", "cd"}};
  EXPECT_EQ(
      TextOf(record),
      "{\n"
      "\"binding\":{\"kind\":\"ReleaseBinding\",\"name\":\"api-dev\",\"namespace\":\"acme\"},\n"
      "\"componentType\":\"web-service\",\n"
      "\"endpoints\":[],\n"
      "\"environment\":\"dev\",\n"
      "\"owner\":{\"componentName\":\"api\",\"projectName\":\"shop\"},\n"
      "\"pending\":{\"connections\":[{\"component\":\"gateway\",\"endpoint\":\"rest\","
      "\"namespace\":\"acme\",\"project\":\"pay\",\"reason\":\"component is undeployed\"}],"
      "\"resources\":[{\"namespace\":\"acme\",\"project\":\"shop\",\"reason\":\"not ready\","
      "\"resourceName\":\"db\"}]},\n"
      "\"release\":\"api-v1\",\n"
      "\"resolved\":{\"connections\":2,\"resources\":0},\n"
      "\"resources\":[\n"
      "{\"apiVersion\":\"apps/v1\",\"digest\":\"ab\",\"id\":\"deployment-api\","
      "\"kind\":\"Deployment\",\"name\":\"api\",\"namespace\":\"dp-x\"},\n"
      "{\"apiVersion\":\"v1\",\"digest\":\"cd\",\"id\":\"clusterrole-api\",\"kind\":"
      "\"ClusterRole\",\"name\":\"api\"}\n"
      "],\n"
      "\"version\":2\n"
      "}\n");
}

TEST(AppendRecord, NamesWhatTheWorkloadDependsOn) {
  base::Arena arena;
  Record record;
  record.binding = {"ReleaseBinding", "acme", "api-dev"};
  record.owner = Json("{}", arena);
  record.endpoints = value::Value::List({});
  record.connections = {
      {"pay", "gateway", "rest", "project", Json(R"({"host":"gateway.dp-x","port":80})", arena)},
      {"shop", "cart", "grpc", "external", {}}};
  record.resource_dependencies = {"db", "queue"};
  record.secret_references = {"keys"};
  const std::string text = TextOf(record);
  EXPECT_NE(text.find("\n\"connections\":[{\"component\":\"gateway\",\"endpoint\":\"rest\","
                      "\"project\":\"pay\",\"url\":{\"host\":\"gateway.dp-x\",\"port\":80},"
                      "\"visibility\":\"project\"},{\"component\":\"cart\",\"endpoint\":\"grpc\","
                      "\"project\":\"shop\",\"visibility\":\"external\"}],\n\"endpoints\""),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(",\n\"resourceDependencies\":[\"db\",\"queue\"],\n\"resources\":[],\n"
                      "\"secretReferences\":[\"keys\"],\n\"version\":2\n"),
            std::string::npos)
      << text;
}

TEST(AppendRecord, KeepsTheTextsOfAResourcesEntriesAndOutputs) {
  base::Arena arena;
  Record record;
  record.binding = {"ResourceReleaseBinding", "acme", "db-dev"};
  record.owner = Json(R"({"projectName":"shop","resourceName":"db"})", arena);
  record.environment = "dev";
  record.endpoints = value::Value::List({});
  record.entries = {{"claim", "${applied.claim.status.ready}"}, {"secret", ""}};
  record.outputs = Json(R"([{"name":"host","value":"${applied.claim.status.host}"}])", arena);
  record.context = Json(R"({"parameters":{"size":1}})", arena);
  EXPECT_EQ(TextOf(record),
            "{\n"
            "\"binding\":{\"kind\":\"ResourceReleaseBinding\",\"name\":\"db-dev\",\"namespace\":"
            "\"acme\"},\n"
            "\"context\":{\"parameters\":{\"size\":1}},\n"
            "\"endpoints\":[],\n"
            "\"entries\":[{\"id\":\"claim\",\"readyWhen\":\"${applied.claim.status.ready}\"},"
            "{\"id\":\"secret\"}],\n"
            "\"environment\":\"dev\",\n"
            "\"outputs\":[{\"name\":\"host\",\"value\":\"${applied.claim.status.host}\"}],\n"
            "\"owner\":{\"projectName\":\"shop\",\"resourceName\":\"db\"},\n"
            "\"release\":\"\",\n"
            "\"resources\":[],\n"
            "\"version\":2\n"
            "}\n");
}

TEST(AppendRecord, RefusesWhatJsonCannotHold) {
  Record record;
  record.endpoints = value::Value::Double(std::numeric_limits<double>::infinity());
  std::string text;
  base::Budget budget;
  EXPECT_FALSE(AppendRecord(text, record, budget));
}

TEST(RecordName, NamesKindAndBinding) {
  EXPECT_EQ(RecordName("ReleaseBinding", "api-dev"),
            "openchoreo-record-releasebinding-api-dev-ba08a8f2");
}

}  // namespace
}  // namespace openchoreo::record
