#include "health/data_planes.h"

#include <gtest/gtest.h>

#include "common/base/base64.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"

namespace openchoreo::mapper {
namespace {

std::string Data(std::initializer_list<std::pair<const char*, std::string>> entries,
                 const std::string& labels) {
  std::string json = "{\"metadata\":{\"labels\":{" + labels + "}},\"data\":{";
  bool first = true;
  for (const auto& [key, text] : entries) {
    std::string encoded;
    base::AppendBase64(encoded, text);
    json += std::string(first ? "" : ",") + "\"" + key + "\":\"" + encoded + "\"";
    first = false;
  }
  return json + "}}";
}

base::Result<DataPlane> Read(const std::string& json) {
  base::Arena arena;
  return ReadDataPlane(value::ReadJson(json, arena).value());
}

constexpr char kOurs[] = R"("gitops.openchoreo.dev/data-plane":"east")";

TEST(DataPlanes, ReadAKubeconfig) {
  const std::string kubeconfig =
      "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
      "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
      "clusters: [{name: k, cluster: {server: 'https://10.0.0.1:6443'}}]\n"
      "users: [{name: u, user: {token: secret}}]\n";
  const auto plane = Read(Data({{"kubeconfig", kubeconfig}}, kOurs));
  ASSERT_TRUE(plane) << plane.error().message;
  EXPECT_EQ(plane->name, "east");
  EXPECT_EQ(plane->access.server, "https://10.0.0.1:6443");
  EXPECT_EQ(plane->access.token, "secret");
}

TEST(DataPlanes, DoNotTakeTheHomeClustersPlace) {
  const auto plane = Read(Data({{"name", "home"}, {"server", "https://10.0.0.2"}, {"config", "{}"}},
                               R"("argocd.argoproj.io/secret-type":"cluster")"));
  ASSERT_FALSE(plane);
  EXPECT_EQ(plane.error().message, "a data plane cannot be called as the home cluster is");
}

TEST(DataPlanes, TakeNoFilesOfThePod) {
  const std::string kubeconfig =
      "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
      "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
      "clusters: [{name: k, cluster: {server: 'https://10.0.0.1:6443'}}]\n"
      "users: [{name: u, user: {tokenFile: "
      "/var/run/secrets/kubernetes.io/serviceaccount/token}}]\n";
  const auto plane = Read(Data({{"kubeconfig", kubeconfig}}, kOurs));
  ASSERT_FALSE(plane);
  EXPECT_EQ(plane.error().message, "the kubeconfig names files: put their content into it");
}

TEST(DataPlanes, ReadArgoClusters) {
  const auto plane = Read(Data({{"name", "west"},
                                {"server", "https://10.0.0.2"},
                                {"config", R"({"bearerToken":"t","tlsClientConfig":
                                   {"caData":"Y2E=","serverName":"api"}})"}},
                               ""));
  ASSERT_TRUE(plane) << plane.error().message;
  EXPECT_EQ(plane->name, "west");
  EXPECT_EQ(plane->access.token, "t");
  EXPECT_EQ(plane->access.tls.authorities, "ca");
  EXPECT_EQ(plane->access.tls.server_name, "api");
}

TEST(DataPlanes, SayWhatIsWrongWithoutTheSecret) {
  EXPECT_EQ(Read(Data({{"other", "x"}}, kOurs)).error().message,
            "the Secret has no key kubeconfig");
  EXPECT_EQ(Read(Data({{"name", "a"}}, "")).error().message, "the Secret has no name or no server");
  EXPECT_EQ(Read(Data({{"name", "a"},
                       {"server", "https://b"},
                       {"config", R"({"execProviderConfig":{"command":"x"}})"}},
                      ""))
                .error()
                .message,
            "programs that make credentials are not run: use a token or a certificate");
}

}  // namespace
}  // namespace openchoreo::mapper
