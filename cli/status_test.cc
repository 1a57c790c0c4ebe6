#include "cli/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "test/support/cluster_objects.h"
#include "test/support/fake_api_server.h"

namespace openchoreo::cli {
namespace {

using test::Deployment;
using test::FakeApiServer;
using test::kBindings;
using test::kConfigMaps;
using test::kDeployments;
using test::kDigest;
using test::Kinds;
using test::RecordHolding;
using testing::HasSubstr;
using testing::Not;
using Json = FakeApiServer::Json;

Json Binding(const std::string& environment) {
  return {{"apiVersion", "openchoreo.dev/v1alpha1"},
          {"kind", "ReleaseBinding"},
          {"metadata", {{"uid", "u1"}, {"generation", 1}}},
          {"spec",
           {{"environment", environment},
            {"releaseName", "web-r1"},
            {"owner", {{"projectName", "shop"}, {"componentName", "web"}}}}}};
}

Json Record(const std::string& environment, const std::string& api_version = "apps/v1",
            const std::string& kind = "Deployment") {
  const std::string name = "web-" + environment;
  return RecordHolding(Json{
      {"version", 2},
      {"binding", {{"kind", "ReleaseBinding"}, {"namespace", "acme"}, {"name", name}}},
      {"owner", {{"projectName", "shop"}, {"componentName", "web"}}},
      {"environment", environment},
      {"release", "web-r1"},
      {"componentType", "deployment/web"},
      {"resources",
       {{{"id", "d"},
         {"apiVersion", api_version},
         {"kind", kind},
         {"namespace", "dp"},
         {"name", name},
         {"digest",
          kDigest}}}}}.dump());
}

class StatusTest : public testing::Test {
 protected:
  StatusTest() {
    server_.Put("/api/v1", Kinds({{"configmaps", "ConfigMap"}}));
    server_.Put("/apis/apps/v1", Kinds({{"deployments", "Deployment"}}));
    server_.Put("/apis/openchoreo.dev/v1alpha1", Kinds({}));
    server_.Put("/apis/example.org/v1", Kinds({}));
    const auto folder = std::filesystem::path(testing::TempDir()) / "status_test";
    std::filesystem::create_directories(folder);
    command_.kubeconfig = folder / "config";
    std::ofstream(command_.kubeconfig)
        << "current-context: none\nclusters: [{name: c, cluster: {server: '" << server_.url()
        << "'}}]\nusers: [{name: u, user: {token: t}}]\n"
        << "contexts: [{name: fake, context: {cluster: c, user: u}}]\n";
    command_.context = "fake";
  }

  void HasBindingKinds() {
    server_.Put("/apis/openchoreo.dev/v1alpha1",
                Kinds({{"releasebindings", "ReleaseBinding"},
                       {"projectreleasebindings", "ProjectReleaseBinding"},
                       {"resourcereleasebindings", "ResourceReleaseBinding"}}));
  }

  int Run() {
    std::ostringstream out, err;
    const int code = RunStatus(command_, out, err);
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  FakeApiServer server_;
  StatusCommand command_;
  std::string out_, err_;
};

TEST_F(StatusTest, JudgesRecordsWhereThereAreNoBindings) {
  server_.Put(kConfigMaps + "a", Record("dev"));
  server_.Put(kConfigMaps + "b", Record("prod"));
  server_.Put(kConfigMaps + "c", Record("test"));
  server_.Put(kDeployments + "web-dev", Deployment(1));
  server_.Put(kDeployments + "web-prod", Deployment(0));
  ASSERT_EQ(Run(), 0) << err_;
  EXPECT_EQ(out_,
            "NAMESPACE   KIND             NAME       ENVIRONMENT   HEALTH        READY   REASON"
            "              RELEASE   FOUND\n"
            "acme        ReleaseBinding   web-dev    dev           Healthy       True    Ready "
            "              web-r1    record only\n"
            "acme        ReleaseBinding   web-prod   prod          Degraded      False   "
            "ResourcesDegraded   web-r1    record only\n"
            "acme        ReleaseBinding   web-test   test          Progressing   False   "
            "ReleaseSynced       web-r1    record only\n");
  EXPECT_EQ(err_, "");
  command_.format = "wide";
  ASSERT_EQ(Run(), 0);
  EXPECT_THAT(out_, HasSubstr("Primary workload Deployment/web-prod is degraded"));
  EXPECT_THAT(out_, HasSubstr("1 of 1 objects are missing"));
}

TEST_F(StatusTest, TellsWhichHalfIsMissing) {
  HasBindingKinds();
  server_.Put(kConfigMaps + "a", Record("dev"));
  server_.Put(kConfigMaps + "b", Record("orphan"));
  server_.Put(kDeployments + "web-dev", Deployment(1));
  server_.Put(kBindings + "web-dev", Binding("dev"));
  server_.Put(kBindings + "web-new", Binding("new"));
  Json foreign = Binding("theirs");
  foreign["status"]["conditions"] = {{{"type", "Ready"},
                                      {"status", "False"},
                                      {"reason", "RenderingFailed"},
                                      {"message", "no"},
                                      {"observedGeneration", 1}}};
  server_.Put(kBindings + "web-theirs", foreign);
  command_.format = "json";
  ASSERT_EQ(Run(), 0) << err_;
  const Json json = Json::parse(out_);
  std::vector<std::string> lines;
  for (const Json& row : json["bindings"]) {
    lines.push_back(row["name"].get<std::string>() + " " + row["health"].get<std::string>() + " " +
                    row["reason"].get<std::string>() + " " + row["inCluster"].dump());
  }
  EXPECT_EQ(json["version"], 1);
  EXPECT_THAT(lines, testing::ElementsAre(
                         "web-dev Healthy Ready {\"binding\":true,\"record\":true}",
                         "web-new Progressing ReleaseSynced {\"binding\":true,\"record\":false}",
                         "web-orphan Progressing ReleaseSynced {\"binding\":false,\"record\":true}",
                         "web-theirs Degraded RenderingFailed {\"binding\":true,\"record\":false}"))
      << out_;
  EXPECT_EQ(server_.Count("PATCH", "/"), 0);
}

TEST_F(StatusTest, CountsWhatAnUndeployLeaves) {
  HasBindingKinds();
  Json binding = Binding("dev");
  binding["spec"]["state"] = "Undeploy";
  server_.Put(kBindings + "web-dev", binding);
  server_.Put(kDeployments + "web-dev", Deployment(1));
  server_.Put("/apis/batch/v1", Kinds({{"jobs", "Job"}, {"cronjobs", "CronJob"}}));
  server_.Put("/api/v1", Kinds({{"configmaps", "ConfigMap"},
                                {"services", "Service"},
                                {"persistentvolumeclaims", "PersistentVolumeClaim"}}));
  server_.Put("/apis/apps/v1", Kinds({{"deployments", "Deployment"},
                                      {"statefulsets", "StatefulSet"},
                                      {"daemonsets", "DaemonSet"}}));
  ASSERT_EQ(Run(), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("Progressing   False   ResourcesUndeployed"));
  server_.Remove(kDeployments + "web-dev");
  ASSERT_EQ(Run(), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("Suspended   False   ResourcesUndeployed"));
}

TEST_F(StatusTest, Selects) {
  for (const char* environment : {"dev", "prod"}) {
    server_.Put(kConfigMaps + environment, Record(environment));
  }
  command_.environments = {"prod"};
  command_.components = {"web"};
  ASSERT_EQ(Run(), 0) << err_;
  EXPECT_THAT(out_, Not(HasSubstr("web-dev")));
  EXPECT_THAT(out_, HasSubstr("web-prod"));
  command_.environments = {"porod"};
  EXPECT_EQ(Run(), 2);
  EXPECT_THAT(err_, HasSubstr("nothing of environment \"porod\"; did you mean \"prod\"? "
                              "(there: dev, prod)"));
}

TEST_F(StatusTest, SaysWhatCannotBeRead) {
  server_.Put(kConfigMaps + "a", Record("dev"));
  server_.Put(kConfigMaps + "b", Record("odd", "example.org/v1", "Thing"));
  const auto refuse = [&](const std::string& what) {
    return server_.OnRequest([what](const FakeApiServer::Request& request) {
      FakeApiServer::Fault fault;
      if (request.path.find(what) == std::string::npos) return fault;
      fault.kind = FakeApiServer::Fault::kStatus;
      fault.status = 403;
      fault.message = "you may not";
      return fault;
    });
  };
  command_.format = "wide";
  {
    const auto decision = refuse("/deployments");
    EXPECT_EQ(Run(), 3);
    EXPECT_THAT(err_, HasSubstr("error: Deployment (apps/v1) cannot be listed: "));
    EXPECT_THAT(err_, HasSubstr("you may not"));
    EXPECT_THAT(out_, HasSubstr("ResourcesUnknown"));
    EXPECT_THAT(out_, HasSubstr("there is no kind Thing (example.org/v1)"));
  }
  const auto decision = refuse("/configmaps");
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(err_, HasSubstr("release records cannot be listed: "));
  EXPECT_THAT(err_, HasSubstr("you may not"));
}

TEST_F(StatusTest, SaysWhatIsNoRecord) {
  server_.Put(kConfigMaps + "a", Record("dev"));
  server_.Put(kConfigMaps + "b", RecordHolding("{\"version\": 9}"));
  EXPECT_EQ(Run(), 4);
  EXPECT_THAT(err_, HasSubstr("error: ConfigMap dp/b: "));
  EXPECT_THAT(out_, HasSubstr("web-dev"));
}

TEST_F(StatusTest, NothingThereIsNoError) {
  EXPECT_EQ(Run(), 0);
  EXPECT_EQ(err_, "no bindings and no release records\n");
  command_.format = "json";
  EXPECT_EQ(Run(), 0);
  EXPECT_EQ(out_, "{\"version\":1,\"bindings\":[]}\n");
}

TEST_F(StatusTest, AnAccessThatIsNone) {
  command_.context = "other";
  EXPECT_EQ(Run(), 2);
  EXPECT_THAT(err_, HasSubstr("other"));
  command_.kubeconfig = "/none";
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(err_, "error: cannot read /none\n");
}

TEST(StatusText, SteersNoTerminal) {
  mapper::SnapshotRow row;
  row.binding = {"ReleaseBinding", "acme", "a\x1b[2Jb\nc"};
  row.message = "\x1b]0;x\a";
  row.has_record = true;
  const std::string text = StatusText({row}, "wide");
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
  const std::string json = StatusText({row}, "json");
  EXPECT_EQ(json.find('\x1b'), std::string::npos);
  EXPECT_EQ(Json::parse(json)["bindings"][0]["name"], row.binding.name);
}

}  // namespace
}  // namespace openchoreo::cli
