#include "common/pipeline/endpoint_resources.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/pipeline/json_for_tests.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::pipeline {
namespace {

std::string Print(const std::optional<std::vector<Route>>& routes) {
  if (!routes) return "none";
  std::string text;
  for (const Route& route : *routes) {
    if (!text.empty()) text += ' ';
    text += route.method + ":" + (route.service.empty() ? route.path : route.service);
  }
  return text;
}

TEST(EndpointResourcesTest, OpenApi) {
  const struct {
    const char* name;
    const char* document;
    const char* want;
  } cases[] = {
      {"operations by path",
       "openapi: 3.0.0\npaths:\n  /pets/{id}:\n    get: {responses: {}}\n    delete: {}\n    "
       "parameters: []\n  /a:\n    post: {}\n  x-note: 1\n",
       "POST:/a DELETE:/pets/{id} GET:/pets/{id}"},
      {"JSON", R"({"openapi":"3.0.0","paths":{"/x":{"put":{}}}})", "PUT:/x"},
      {"no paths", "openapi: 3.0.0\n", ""},
      {"internal references",
       "paths:\n  /a:\n    get: {responses: {'200': {$ref: "
       "'#/components/responses/R'}}}\ncomponents: {responses: {R: {}}}\n",
       "GET:/a"},
      {"dangling reference",
       "paths:\n  /a:\n    get: {responses: {'200': {$ref: '#/components/responses/R'}}}\n",
       "none"},
      {"external reference", "paths:\n  /a:\n    get: {responses: {'200': {$ref: 'other.yaml'}}}\n",
       "none"},
      {"a reference in an example is data",
       "paths:\n  /a:\n    get: {example: {$ref: 'other.yaml'}}\n", "GET:/a"},
      {"not YAML", "a: [", "none"},
      {"a list", "[1]", "none"},
      {"item of the wrong type", "paths: {/a: 1}", "none"},
  };

  base::Budget budget;
  for (const auto& c : cases) EXPECT_EQ(Print(OpenApiRoutes(c.document, budget)), c.want) << c.name;
}

TEST(EndpointResourcesTest, Proto) {
  const struct {
    const char* name;
    const char* source;
    const char* want;
  } cases[] = {
      {"service in a package", R"(syntax = "proto3"; package greeter.v1;
           // comment
           message Hello { string name = 1; map<string, Inner> m = 2; enum E { A = 0; B = -1; } message Inner {} E e = 3 [deprecated = true];
             oneof which { int32 i = 4; Inner j = 5; } reserved 6 to 9; option (x) = {a: "}"}; }
           service Greeter { option deprecated = true; rpc SayHello (Hello) returns (stream Hello) {}
             rpc Other(.greeter.v1.Hello) returns (Hello) { option (google.api.http) = { get: "/v1/{name}" }; } })",
       "SayHello:greeter.v1.Greeter Other:greeter.v1.Greeter"},
      {"no package", "syntax='proto3'; message M{} service S{rpc A(M) returns(M);}", "A:S"},
      {"well-known import",
       R"(import "google/protobuf/empty.proto"; service S { rpc A(google.protobuf.Empty) returns (google.protobuf.Empty); })",
       "A:S"},
      {"own import",
       R"(import "common/types.proto"; message M{} service S { rpc A(M) returns (M); })", "none"},
      {"unknown type", "service S { rpc A(M) returns (M); }", "none"},
      {"unknown field type", "message M { Nope n = 1; } service S { rpc A(M) returns (M); }",
       "none"},
      {"not closed", "message M {", "none"},
      {"not proto", "openapi: 3.0.0", "none"},
      {"a comment that does not end", "/* message M {}", "none"},
      {"empty", "", ""},
      {"proto2 group and extensions",
       "message M { optional group G = 1 { required int32 a = 2; } extensions 100 to max; } extend "
       "M { optional string s = 100; } service S { rpc A(M) returns (M); }",
       "A:S"},
  };

  for (const auto& c : cases) EXPECT_EQ(Print(ProtoRoutes(c.source)), c.want) << c.name;
}

TEST(EndpointResourcesTest, DeepNestingIsRefused) {
  std::string source;
  for (int i = 0; i < 100000; ++i) source += "message M {";
  EXPECT_EQ(Print(ProtoRoutes(source)), "none");
  EXPECT_EQ(Print(ProtoRoutes("option a = " + std::string(100000, '{') + ";")), "none");
}

TEST(EndpointResourcesTest, ByEndpoint) {
  base::Arena arena;
  const auto endpoint = [&](const char* type, const char* schema_type, const char* content) {
    return value::MakeMap(
        arena, {{"schema", value::MakeMap(arena, {{"content", value::Value::String(content)},
                                                  {"type", value::Value::String(schema_type)}})},
                {"type", value::Value::String(type)}});
  };
  const char* proto = "message M{} service S{rpc B(M) returns(M); rpc A(M) returns(M);}";
  const auto endpoints = value::MakeMap(
      arena, {{"blank", endpoint("HTTP", "", "  \n")},
              {"graph", endpoint("GraphQL", "", "type Query {}")},
              {"grpc", endpoint("gRPC", "", proto)},
              {"http", endpoint("HTTP", "", "paths: {/b: {get: {}}, /a: {get: {}, put: {}}}")},
              {"odd", endpoint("TCP", " Protobuf ", proto)},
              {"raw", endpoint("TCP", "", proto)},
              {"unknown", endpoint("HTTP", "wsdl", "paths: {/b: {get: {}}}")}});
  const char* methods =
      R"([{"kind":"gRPC","method":"A","service":"S"},{"kind":"gRPC","method":"B","service":"S"}])";
  EXPECT_EQ(
      value::ToJson(ExtractEndpointResources(endpoints, arena)),
      std::string(R"({"grpc":)") + methods +
          R"(,"http":[{"kind":"HTTP","method":"GET","path":"/a"},{"kind":"HTTP","method":"PUT","path":"/a"},)"
          R"({"kind":"HTTP","method":"GET","path":"/b"}],"odd":)" +
          methods + "}");
}

}  // namespace
}  // namespace openchoreo::pipeline
