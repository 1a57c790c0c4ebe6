#include "common/pipeline/gateway_context.h"

#include <gtest/gtest.h>

#include "common/pipeline/json_for_tests.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::pipeline {
namespace {

std::string Print(const value::Value& value) {
  return value.is_omit() ? "omit" : value::ToJson(value);
}

TEST(GatewayContextTest, OfADataPlane) {
  const struct {
    const char* gateway;
    const char* kept;
    const char* dropped;
  } cases[] = {
      {"null", "omit", "omit"},
      {"{}", "omit", "omit"},
      {R"({"ingress":{}})", R"({"ingress":{}})", "omit"},
      {R"({"ingress":{"external":{}}})", R"({"ingress":{"external":{}}})",
       R"({"ingress":{"external":{}}})"},
      {R"({"publicVirtualHost":"x","egress":{"internal":{"name":"n","namespace":"","https":{"host":"h","port":443,"listenerName":""},"tls":{"port":0}}}})",
       R"({"egress":{"internal":{"https":{"host":"h","port":443},"name":"n","tls":{}}}})",
       R"({"egress":{"internal":{"https":{"host":"h","port":443},"name":"n","tls":{}}}})"},
  };

  base::Arena arena;
  for (const auto& c : cases) {
    EXPECT_EQ(Print(GatewayOf(Json(arena, c.gateway), EmptyNetwork::kKeep, arena)), c.kept)
        << c.gateway;
    EXPECT_EQ(Print(GatewayOf(Json(arena, c.gateway), EmptyNetwork::kDrop, arena)), c.dropped)
        << c.gateway;
  }
}

TEST(GatewayContextTest, EnvironmentWinsByWholeListenerBlocks) {
  base::Arena arena;
  const auto data_plane = Json(
      arena,
      R"({"ingress":{"external":{"name":"dp","http":{"port":80},"https":{"port":443}},"internal":{"name":"int"}}})");

  const struct {
    const char* environment;
    const char* want;
  } cases[] = {
      {"null",
       R"({"ingress":{"external":{"http":{"port":80},"https":{"port":443},"name":"dp"},"internal":{"name":"int"}}})"},
      {R"({"ingress":{"external":{"name":"env","http":{"port":8080}}}})",
       R"({"ingress":{"external":{"http":{"port":8080},"name":"env"},"internal":{"name":"int"}}})"},
      {R"({"egress":{"internal":{"name":"e"}}})",
       R"({"egress":{"internal":{"name":"e"}},"ingress":{"external":{"http":{"port":80},"https":{"port":443},"name":"dp"},"internal":{"name":"int"}}})"},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(Print(MergedGateway(Json(arena, c.environment), data_plane, arena)), c.want)
        << c.environment;
  }
  EXPECT_EQ(Print(MergedGateway(Json(arena, R"({"ingress":{}})"), value::Value(), arena)), "omit");
}

}  // namespace
}  // namespace openchoreo::pipeline
