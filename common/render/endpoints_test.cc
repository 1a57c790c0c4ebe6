#include "common/render/endpoints.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::render {
namespace {

struct Case {
  const char* name;
  const char* objects;
  const char* declared;
  const char* environment;
  const char* data_plane;
  const char* want;
};

constexpr const char* kPlane =
    R"({"gateway":{"ingress":{"external":{"http":{"port":80},"https":{"port":443}},"internal":{"http":{"port":8080}}}}})";

constexpr Case kCases[] = {
    {"no endpoints", R"([{"apiVersion":"v1","kind":"Service"}])", "null", "{}", kPlane, "[]"},
    {"external route and service",
     R"([{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"labels":{
        "openchoreo.dev/endpoint-name":"http","openchoreo.dev/endpoint-visibility":"external"}},
        "spec":{"hostnames":["a.example"],"rules":[{"matches":[{"path":{"value":"/x"}}]}]}},
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"api","namespace":"ns"},"spec":{"ports":[{"port":8080.0}]}}])",
     R"({"http":{"type":"HTTP","port":8080,"basePath":"/v1"}})", "{}", kPlane,
     R"([{"externalURLs":{"http":{"host":"a.example","path":"/x","port":80,"scheme":"http"},)"
     R"("https":{"host":"a.example","path":"/x","port":443,"scheme":"https"}},"name":"http",)"
     R"("serviceURL":{"host":"api.ns.svc.cluster.local","path":"/v1","port":8080,"scheme":"http"},"type":"HTTP"}])"},
    {"the environment's gateway replaces the data plane's whole",
     R"([{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"labels":{
        "openchoreo.dev/endpoint-name":"http"}},"spec":{"hostnames":["a.example"]}}])",
     R"({"http":{"type":"HTTP","port":8080}})",
     R"({"gateway":{"ingress":{"external":{"http":{"port":1}}}}})", kPlane,
     R"([{"name":"http","type":"HTTP"}])"},
    {"a route of a kind that does not fit is no route",
     R"([{"apiVersion":"gateway.networking.k8s.io/v1","kind":"GRPCRoute","metadata":{"labels":{
        "openchoreo.dev/endpoint-name":"http"}},"spec":{"hostnames":["a.example"]}}])",
     R"({"http":{"type":"HTTP","port":8080}})", "{}", kPlane, "[]"},
    {"labels that are not all strings do not count",
     R"([{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"labels":{
        "openchoreo.dev/endpoint-name":"http","n":1}},"spec":{"hostnames":["a.example"]}}])",
     R"({"http":{"type":"HTTP","port":8080}})", "{}", kPlane, "[]"},
    {"the annotation gives the path; TLS goes to the tls listener",
     R"([{"apiVersion":"gateway.networking.k8s.io/v1alpha2","kind":"TLSRoute","metadata":{
        "annotations":{"openchoreo.dev/endpoint-base-path":"/base"},"labels":{"openchoreo.dev/endpoint-name":"db",
        "openchoreo.dev/endpoint-visibility":"external"}},"spec":{"hostnames":["a.example"]}}])",
     R"({"db":{"type":"TCP","port":5432}})", "{}",
     R"({"gateway":{"ingress":{"external":{"tls":{"port":8443}}}}})",
     R"([{"externalURLs":{"tls":{"host":"a.example","path":"/base","port":8443,"scheme":"tls"}},"name":"db","type":"TCP"}])"},
    {"the service that matches most ports; endpoints without a route sorted behind",
     R"([{"apiVersion":"v1","kind":"Service","metadata":{"name":"a","namespace":"n"},"spec":{"ports":[{"port":1}]}},
         {"apiVersion":"v1","kind":"Service","metadata":{"name":"b","namespace":"n"},"spec":{"ports":[{"port":2},{"port":3.5},{"port":4}]}}])",
     R"({"y":{"type":"UDP","port":4},"x":{"type":"gRPC","port":2},"z":{"type":"HTTP","port":9}})",
     "{}", "{}",
     R"([{"name":"x","serviceURL":{"host":"b.n.svc.cluster.local","port":2,"scheme":"grpc"},"type":"gRPC"},)"
     R"({"name":"y","serviceURL":{"host":"b.n.svc.cluster.local","port":4,"scheme":"udp"},"type":"UDP"}])"},
};

TEST(ResolveEndpoints, FollowsTheController) {
  for (const Case& test : kCases) {
    base::Arena arena;
    const auto read = [&](const char* text) {
      const auto value = value::ReadJson(text, arena);
      EXPECT_TRUE(value.has_value()) << test.name << ": " << text;
      return value ? *value : value::Value();
    };
    const Endpoints endpoints =
        ResolveEndpoints(read(test.objects).as_list(), read(test.declared), read(test.environment),
                         read(test.data_plane), arena.budget());
    EXPECT_EQ(value::ToJson(ToValue(endpoints, arena)), test.want) << test.name;
  }
}

TEST(FormatAddress, HasASchemeOnlyWhereClientsExpectOne) {
  EXPECT_EQ(FormatAddress({"http", "h", 80, "/p"}), "http://h:80/p");
  EXPECT_EQ(FormatAddress({"grpc", "h", 50051, ""}), "h:50051");
  EXPECT_EQ(FormatAddress({"wss", "h", 0, "p"}), "wss://h/p");
}

}  // namespace
}  // namespace openchoreo::render
