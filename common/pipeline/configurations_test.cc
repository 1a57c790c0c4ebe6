#include "common/pipeline/configurations.h"

#include <gtest/gtest.h>

#include <vector>

#include "common/pipeline/derived.h"
#include "common/pipeline/json_for_tests.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::pipeline {
namespace {

using value::Value;

constexpr const char* kContainer = R"({
  "env":[{"key":"PLAIN","value":"x"},{"key":"EMPTY"},
         {"key":"SECRET","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}},
         {"key":"NOKEY","valueFrom":{"secretKeyRef":{"name":"db","key":"nope"}}},
         {"key":"NOREF","valueFrom":{"secretKeyRef":{"name":"zz","key":"password"}}},
         {"key":"BOTH","value":"v","valueFrom":{"secretKeyRef":{"name":"db","key":"user"}}}],
  "files":[{"key":"app.yaml","mountPath":"/etc","value":"a: 1"},
           {"key":"ca.crt","mountPath":"/certs","valueFrom":{"secretKeyRef":{"name":"db","key":"user"}}}]})";

class ConfigurationsTest : public testing::Test {
 protected:
  ConfigurationsTest() {
    secrets_.emplace_back("db", Json(arena_, R"({"data":[
        {"secretKey":"password","remoteRef":{"key":"k/db","property":"password"}},
        {"secretKey":"user","remoteRef":{"key":"k/user","version":"2"}}]})"));
  }

  base::Arena arena_;
  std::vector<std::pair<std::string_view, Value>> secrets_;
};

TEST_F(ConfigurationsTest, TakesApartAsV1) {
  const auto configurations = ExtractConfigurations(Json(arena_, kContainer), secrets_,
                                                    EmptyValues::kLiteral, arena_.budget());
  EXPECT_EQ(
      value::ToJson(ToValue(configurations, EmptyValues::kLiteral, arena_)),
      R"({"configs":{"envs":[{"name":"PLAIN","value":"x"},{"name":"EMPTY","value":""}],)"
      R"("files":[{"mountPath":"/etc","name":"app.yaml","value":"a: 1"}]},)"
      R"("secrets":{"envs":[{"name":"SECRET","remoteRef":{"key":"k/db","property":"password"},"value":""},)"
      R"({"name":"BOTH","remoteRef":{"key":"k/user","version":"2"},"value":""}],)"
      R"("files":[{"mountPath":"/certs","name":"ca.crt","remoteRef":{"key":"k/user","version":"2"},"value":""}]}})");
}

TEST_F(ConfigurationsTest, TakesApartAsV012) {
  const auto configurations = ExtractConfigurations(Json(arena_, kContainer), secrets_,
                                                    EmptyValues::kDropped, arena_.budget());
  EXPECT_EQ(
      value::ToJson(ToValue(configurations, EmptyValues::kDropped, arena_)),
      R"({"configs":{"envs":[{"name":"PLAIN","value":"x"},{"name":"BOTH","value":"v"}],)"
      R"("files":[{"mountPath":"/etc","name":"app.yaml","value":"a: 1"}]},)"
      R"("secrets":{"envs":[{"name":"SECRET","remoteRef":{"key":"k/db","property":"password"}}],)"
      R"("files":[{"mountPath":"/certs","name":"ca.crt","remoteRef":{"key":"k/user","version":"2"}}]}})");
}

// Volume names: FNV-1a of the mounted path, checked against OpenChoreo goldens.
TEST_F(ConfigurationsTest, DerivesTheViews) {
  const auto configurations = ExtractConfigurations(Json(arena_, kContainer), secrets_,
                                                    EmptyValues::kLiteral, arena_.budget());
  const Value dependencies = Json(arena_, R"({"envVars":[],"volumeMounts":[],"volumes":[]})");
  const Value derived = BuildDerived(
      {configurations, Value::Map({}), dependencies, Value::Map({}), "cart-dev"}, arena_);
  EXPECT_EQ(value::ToJson(derived.Get("configVolumeMounts")),
            R"([{"mountPath":"/etc/app.yaml","name":"file-mount-62f739c9","subPath":"app.yaml"},)"
            R"({"mountPath":"/certs/ca.crt","name":"file-mount-320da59f","subPath":"ca.crt"}])");
  EXPECT_EQ(derived.Get("containerEnvFrom").size(), 2u);
  EXPECT_EQ(derived.Get("configVolumes").size(), 2u);
  EXPECT_EQ(value::ToJson(derived.Get("endpointResources")), "{}");
}

TEST(ServicePortsTest, UniqueNamesWithinFifteenCharacters) {
  base::Arena arena;
  const Value endpoints = Json(arena, R"({
      "A_very-long-endpoint-name":{"port":80.0,"targetPort":8080.0,"type":"HTTP"},
      "a_very-long-endpoint-other":{"port":81.0,"targetPort":81.0,"type":"TCP"},
      "dns":{"port":53.0,"targetPort":53.0,"type":"UDP"},
      "dns-tcp":{"port":53.0,"targetPort":53.0,"type":"TCP"},
      "same":{"port":80.0,"targetPort":1.0,"type":"gRPC"},
      "ünï":{"port":90.0,"targetPort":90.0,"type":"HTTP"},
      "☃":{"port":91.0,"targetPort":91.0,"type":"HTTP"}})");
  EXPECT_EQ(value::ToJson(ServicePorts(endpoints, arena)),
            R"([{"name":"a-very-long-end","port":80,"protocol":"TCP","targetPort":8080},)"
            R"({"name":"a-very-long-e-2","port":81,"protocol":"TCP","targetPort":81},)"
            R"({"name":"dns","port":53,"protocol":"UDP","targetPort":53},)"
            R"({"name":"dns-tcp","port":53,"protocol":"TCP","targetPort":53},)"
            R"({"name":"n","port":90,"protocol":"TCP","targetPort":90},)"
            R"({"name":"port-91","port":91,"protocol":"TCP","targetPort":91}])");
}

}  // namespace
}  // namespace openchoreo::pipeline
