#include "common/networkpolicy/network_policy.h"

#include <gtest/gtest.h>

#include <string>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::networkpolicy {
namespace {

constexpr const char* kEndpoints = R"({
  "udp":{"type":"UDP","port":53,"visibility":["namespace"]},
  "web":{"type":"HTTP","port":8080,"targetPort":9,"visibility":["external","internal"]},
  "db":{"type":"TCP","port":100}})";

std::string Render(Provider provider, const char* endpoints, std::string component = "api") {
  base::Arena arena;
  PolicyInput input;
  input.ns = "dp-x";
  input.control_plane_ns = "acme";
  input.environment = "dev";
  input.component = component;
  input.pod_selectors = *value::ReadJson(R"({"a":"b"})", arena);
  input.endpoints = *value::ReadJson(endpoints, arena);
  input.provider = provider;
  return value::ToJson(MakeComponentPolicy(input, arena));
}

TEST(NetworkPolicyTest, Kubernetes) {
  EXPECT_EQ(
      Render(Provider::kKubernetes, kEndpoints),
      R"({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"openchoreo-api","namespace":"dp-x"},"spec":{"ingress":[)"
      R"({"from":[{"podSelector":{}}],"ports":[{"port":100,"protocol":"TCP"},{"port":53,"protocol":"UDP"},{"port":8080,"protocol":"TCP"}]},)"
      R"({"from":[{"namespaceSelector":{"matchLabels":{"openchoreo.dev/environment":"dev","openchoreo.dev/namespace":"acme"}}}],"ports":[{"port":53,"protocol":"UDP"}]},)"
      R"({"from":[{"namespaceSelector":{},"podSelector":{"matchExpressions":[{"key":"openchoreo.dev/system-component","operator":"Exists"}]}}],"ports":[{"port":8080,"protocol":"TCP"},{"port":8080,"protocol":"TCP"}]}],)"
      R"("podSelector":{"matchLabels":{"a":"b"}},"policyTypes":["Ingress"]}})");
}

TEST(NetworkPolicyTest, KubernetesWithoutEndpointsHasNoIngressKey) {
  for (const char* endpoints : {"null", "{}"}) {
    EXPECT_EQ(
        Render(Provider::kKubernetes, endpoints),
        R"({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"openchoreo-api","namespace":"dp-x"},"spec":{"podSelector":{"matchLabels":{"a":"b"}},"policyTypes":["Ingress"]}})");
  }
}

TEST(NetworkPolicyTest, Cilium) {
  EXPECT_EQ(
      Render(Provider::kCilium, kEndpoints),
      R"({"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy","metadata":{"name":"openchoreo-api","namespace":"dp-x"},"spec":{"endpointSelector":{"matchLabels":{"a":"b"}},"ingress":[)"
      R"({"fromEndpoints":[{}],"toPorts":[{"ports":[{"port":"8080","protocol":"TCP"}],"rules":{"http":[{}]}},{"ports":[{"port":"100","protocol":"TCP"},{"port":"53","protocol":"UDP"}]}]},)"
      R"({"fromEndpoints":[{"matchExpressions":[{"key":"k8s:io.kubernetes.pod.namespace","operator":"Exists"}],"matchLabels":{"openchoreo.dev/environment":"dev","openchoreo.dev/namespace":"acme"}}],"toPorts":[{"ports":[{"port":"53","protocol":"UDP"}]}]},)"
      R"({"fromEndpoints":[{"matchExpressions":[{"key":"openchoreo.dev/system-component","operator":"Exists"},{"key":"k8s:io.kubernetes.pod.namespace","operator":"Exists"}]}],"toPorts":[{"ports":[{"port":"8080","protocol":"TCP"},{"port":"8080","protocol":"TCP"}],"rules":{"http":[{}]}}]}]}})");
  EXPECT_EQ(
      Render(Provider::kCilium, "null"),
      R"({"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy","metadata":{"name":"openchoreo-api","namespace":"dp-x"},"spec":{"endpointSelector":{"matchLabels":{"a":"b"}},"ingress":[]}})");
}

TEST(NetworkPolicyTest, LongNamesAreGenerated) {
  const std::string policy = Render(Provider::kKubernetes, "null", std::string(243, 'a'));
  const std::string prefix = R"("name":"openchoreo-)";
  const std::size_t at = policy.find(prefix);
  ASSERT_NE(at, std::string::npos);
  const std::size_t begin = at + 8;
  EXPECT_LE(policy.find('"', begin) - begin, 253u);
  EXPECT_EQ(policy.find(std::string(243, 'a')), std::string::npos);
}

TEST(NetworkPolicyTest, ProviderComesFromTheAnnotation) {
  base::Arena arena;
  EXPECT_EQ(ProviderOf(value::Value()), Provider::kKubernetes);
  EXPECT_EQ(
      ProviderOf(*value::ReadJson(R"({"openchoreo.dev/networkpolicyprovider":"cilium"})", arena)),
      Provider::kCilium);
  EXPECT_EQ(
      ProviderOf(*value::ReadJson(R"({"openchoreo.dev/networkpolicyprovider":"Cilium"})", arena)),
      Provider::kKubernetes);
}

}  // namespace
}  // namespace openchoreo::networkpolicy
