// Objects as a fake API server has them: kinds it knows, a release record, a rendered Deployment.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "test/support/fake_api_server.h"

namespace openchoreo::test {

inline const std::string kBindings =
    "/apis/openchoreo.dev/v1alpha1/namespaces/acme/releasebindings/";
inline const std::string kDeployments = "/apis/apps/v1/namespaces/dp/deployments/";
inline const std::string kConfigMaps = "/api/v1/namespaces/dp/configmaps/";
inline constexpr char kDigest[] = "0123456789abcdef";

// The answer to discovery, of plurals and kinds.
inline FakeApiServer::Json Kinds(std::initializer_list<std::pair<const char*, const char*>> kinds) {
  FakeApiServer::Json list = FakeApiServer::Json::array();
  for (const auto& [plural, kind] : kinds) {
    list.push_back({{"name", plural},
                    {"kind", kind},
                    {"namespaced", true},
                    {"verbs", {"get", "list", "watch", "patch"}}});
  }
  return {{"kind", "APIResourceList"}, {"resources", list}};
}

// The ConfigMap of a record that holds `text`.
inline FakeApiServer::Json RecordHolding(const std::string& text) {
  return {{"apiVersion", "v1"},
          {"kind", "ConfigMap"},
          {"metadata", {{"labels", {{"gitops.openchoreo.dev/record", "v2"}}}}},
          {"data", {{"record.json", text}}}};
}

// Of acme/web-dev, with kDigest: as many replicas as said of the one that is wanted.
inline FakeApiServer::Json Deployment(int available) {
  return {{"apiVersion", "apps/v1"},
          {"kind", "Deployment"},
          {"metadata",
           {{"generation", 1},
            {"labels",
             {{"openchoreo.dev/managed-by", "openchoreo-gitops"},
              {"openchoreo.dev/rendered-release-name", "web-dev"},
              {"openchoreo.dev/rendered-release-namespace", "acme"}}},
            {"annotations", {{"gitops.openchoreo.dev/digest", kDigest}}}}},
          {"spec", {{"replicas", 1}}},
          {"status",
           {{"observedGeneration", 1},
            {"updatedReplicas", 1},
            {"readyReplicas", available},
            {"availableReplicas", available}}}};
}

}  // namespace openchoreo::test
