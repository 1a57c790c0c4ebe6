#include "common/platform/kube/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace openchoreo::kube {
namespace {

using testing::HasSubstr;
using testing::Not;

// A kubeconfig with one context whose cluster and user hold these lines.
std::string Config(const std::string& cluster, const std::string& user,
                   const std::string& rest = "current-context: c\n") {
  return "apiVersion: v1\nkind: Config\n"
         "clusters: [{name: other, cluster: {server: 'https://other'}}, {name: k, cluster: {" +
         cluster + "}}]\nusers: [{name: u, user: {" + user +
         "}}]\n"
         "contexts: [{name: c, context: {cluster: k, user: u, namespace: team}},"
         " {name: d, context: {cluster: other}}, {name: e, context: {cluster: none}}]\n" +
         rest;
}

TEST(Kubeconfig, ReadsWhatItHolds) {
  auto access = KubeconfigAccess(
      Config("server: 'https://1.2.3.4:6443/', certificate-authority-data: Y2E=, tls-server-name: "
             "api, insecure-skip-tls-verify: true, proxy-url: 'http://p:1'",
             "client-certificate-data: Y2VydA==, client-key: keys/k.pem, token: t, tokenFile: /t, "
             "username: name, password: p"),
      "/home/x/.kube");
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://1.2.3.4:6443");
  EXPECT_EQ(access->ns, "team");
  EXPECT_EQ(access->tls.authorities, "ca");
  EXPECT_EQ(access->tls.server_name, "api");
  EXPECT_TRUE(access->tls.skip_verification);
  EXPECT_EQ(access->proxy, "http://p:1");
  EXPECT_EQ(access->tls.certificate, "cert");
  EXPECT_EQ(access->key_file, "/home/x/.kube/keys/k.pem");
  EXPECT_EQ(access->token, "t");
  EXPECT_EQ(access->token_file, "/t");
  EXPECT_EQ(access->user, "name");
  EXPECT_EQ(access->password, "p");
  auto other = KubeconfigAccess(Config("server: 'https://a'", "token: t"), "/", "d");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->server, "https://other");
  EXPECT_EQ(other->token, "");
}

TEST(Kubeconfig, SaysWhatIsWrongAndNothingSecret) {
  struct Case {
    std::string text;
    const char* context;
    const char* message;
  };

  const std::string good = "server: 'https://a'";
  const Case cases[] = {
      {"", "", "this is no kubeconfig"},
      {"hunter2: [", "", "this is no kubeconfig"},
      {"- hunter2", "", "this is no kubeconfig"},
      {Config(good, "token: hunter2", ""), "", "no current-context is set"},
      {Config(good, "token: hunter2"), "x", "there is no context \"x\""},
      {Config(good, "token: hunter2"), "e", "there is no cluster \"none\""},
      {Config("server: 'ftp://a'", "token: hunter2"), "",
       "the cluster's server is no http or https URL"},
      {Config("certificate-authority-data: Y2E=", "token: hunter2"), "",
       "the cluster's server is no"},
      {Config(good + ", certificate-authority-data: '*hunter2'", ""), "",
       "certificate-authority-data is no base64"},
      {Config(good, "client-key-data: '-hunter2'"), "", "client-key-data is no base64"},
      {Config(good, "client-key-data: aHVudGVyMg=="), "", "a client certificate needs its key"},
      {Config(good, "token: \"hunter2\\r\\nX: y\""), "", "the user's token has a line break"},
      {Config(good, "exec: {command: sh}"), "", "come from a program (exec), which is not run"},
      {Config(good, "auth-provider: {name: gcp}"), "", "come from a program (auth-provider)"},
      {Config(good, "as: admin, token: hunter2"), "", "impersonation (as) is not supported"},
  };
  for (const Case& c : cases) {
    auto access = KubeconfigAccess(c.text, "/", c.context);
    ASSERT_FALSE(access) << c.text;
    EXPECT_EQ(access.error().code, base::ErrorCode::kUsage);
    EXPECT_THAT(access.error().message, HasSubstr(c.message));
    EXPECT_THAT(access.error().message, Not(HasSubstr("hunter2")));
  }
}

class Files : public testing::Test {
 protected:
  Files() {
    std::string name = testing::TempDir() + "/access-XXXXXX";
    folder_ = mkdtemp(name.data());
  }

  ~Files() override { std::filesystem::remove_all(folder_); }

  // As kubelet and cert-manager do: a new file in the old one's place.
  void Write(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  }

  std::string folder_;
};

TEST_F(Files, RotatedFilesAreReadAgain) {
  Write("token", "one\n");
  Write("ca", "CA1");
  Access access;
  access.token_file = folder_ + "/token";
  access.authorities_file = folder_ + "/ca";
  Credentials credentials(access);
  auto first = credentials.Get();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->authorization, "Bearer one");
  EXPECT_EQ(first->tls->authorities, "CA1");
  Write("token", "two");
  auto second = credentials.Get();
  EXPECT_EQ(second->authorization, "Bearer two");
  EXPECT_EQ(second->tls, first->tls);  // nothing there changed
  Write("ca", "CA2");
  EXPECT_EQ(credentials.Get()->tls->authorities, "CA2");
  std::filesystem::remove(folder_ + "/token");
  EXPECT_EQ(credentials.Get()->authorization, "Bearer two");
  Write("token", "");
  EXPECT_EQ(credentials.Get()->authorization, "Bearer two");
}

TEST_F(Files, AFileThatWasNeverThereIsAnError) {
  Access access;
  access.token_file = folder_ + "/none";
  auto got = Credentials(access).Get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, base::ErrorCode::kUnreadableSource);
}

TEST_F(Files, AServiceAccountIsFoundByItsFilesAndEnvironment) {
  unsetenv("KUBERNETES_SERVICE_HOST");
  EXPECT_FALSE(InClusterAccess(folder_));
  setenv("KUBERNETES_SERVICE_HOST", "fd00::1", 1);
  setenv("KUBERNETES_SERVICE_PORT", "443", 1);
  EXPECT_FALSE(InClusterAccess(folder_));
  Write("token", "t");
  Write("namespace", "flux-system\n");
  auto access = InClusterAccess(folder_);
  unsetenv("KUBERNETES_SERVICE_HOST");
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://[fd00::1]:443");
  EXPECT_EQ(access->ns, "flux-system");
  EXPECT_EQ(access->authorities_file, folder_ + "/ca.crt");
}

TEST_F(Files, APodIsOfItsClusterWhateverElseIsNamed) {
  Write("token", "t");
  Write("config", Config("server: 'https://a'", "token: t"));
  setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1", 1);
  setenv("KUBERNETES_SERVICE_PORT", "443", 1);
  const auto in_cluster = FindAccess(folder_ + "/config", folder_);
  unsetenv("KUBERNETES_SERVICE_HOST");
  ASSERT_TRUE(in_cluster);
  EXPECT_EQ(in_cluster->server, "https://10.0.0.1:443");
  setenv("KUBECONFIG", "/none", 1);
  EXPECT_EQ(FindAccess(folder_ + "/config", folder_)->server, "https://a");
  unsetenv("KUBECONFIG");
}

TEST_F(Files, TheFirstKubeconfigThatServesIsTaken) {
  unsetenv("KUBERNETES_SERVICE_HOST");
  Write("bad", "nothing: here\n");
  Write("good", Config("server: 'https://a'", "token: t"));
  setenv("KUBECONFIG", (folder_ + "/none:" + folder_ + "/bad::" + folder_ + "/good").c_str(), 1);
  auto found = FindAccess("");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->server, "https://a");
  auto named = FindAccess(folder_ + "/bad");
  ASSERT_FALSE(named);
  EXPECT_THAT(named.error().message, HasSubstr("/bad: no current-context is set"));
  unsetenv("KUBECONFIG");
  EXPECT_FALSE(FindAccess(""));
}

TEST_F(Files, APersonsCommandTakesItsFlagThenKubeconfigThenHome) {
  unsetenv("KUBERNETES_SERVICE_HOST");
  unsetenv("KUBECONFIG");
  const char* home = std::getenv("HOME");
  const std::string home_before = home ? home : "";
  setenv("HOME", folder_.c_str(), 1);
  const auto server = [](const std::string& flag, const std::string& context) {
    const auto access = FindUserAccess(flag, context);
    return access ? access->server : access.error().message;
  };
  EXPECT_THAT(server("", ""), HasSubstr("no API server is named"));
  std::filesystem::create_directory(folder_ + "/.kube");
  Write(".kube/config", Config("server: 'https://home'", "token: t"));
  Write("listed", Config("server: 'https://listed'", "token: t"));
  Write("flag", Config("server: 'https://flag'", "token: t"));
  EXPECT_EQ(server("", ""), "https://home");
  setenv("KUBECONFIG", (folder_ + "/listed").c_str(), 1);
  EXPECT_EQ(server("", ""), "https://listed");
  EXPECT_EQ(server(folder_ + "/flag", ""), "https://flag");
  EXPECT_THAT(server(folder_ + "/flag", "nobody"), HasSubstr("nobody"));
  setenv("KUBECONFIG", ":", 1);
  EXPECT_EQ(server("", ""), "KUBECONFIG names no file");
  unsetenv("KUBECONFIG");
  setenv("HOME", home_before.c_str(), 1);
}

TEST(Credentials, BasicAuthenticationIsEncoded) {
  Access access;
  access.user = "u";
  access.password = "p";
  EXPECT_EQ(Credentials(access).Get()->authorization, "Basic dTpw");
}

}  // namespace
}  // namespace openchoreo::kube
