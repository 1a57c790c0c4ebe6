#include "health/mapper.h"

#include <gtest/gtest.h>

#include <thread>

#include "test/support/cluster_objects.h"
#include "test/support/fake_api_server.h"

namespace openchoreo::mapper {
namespace {

using std::chrono::milliseconds;
using test::Deployment;
using test::FakeApiServer;
using test::kBindings;
using test::kConfigMaps;
using test::kDeployments;
using test::kDigest;
using test::Kinds;
using test::RecordHolding;
using Json = FakeApiServer::Json;

void Describe(FakeApiServer& server) {
  server.Put("/api/v1", Kinds({{"configmaps", "ConfigMap"}, {"secrets", "Secret"}}));
  server.Put("/apis/apps/v1", Kinds({{"deployments", "Deployment"}}));
  server.Put("/apis/openchoreo.dev/v1alpha1",
             Kinds({{"releasebindings", "ReleaseBinding"},
                    {"projectreleasebindings", "ProjectReleaseBinding"},
                    {"resourcereleasebindings", "ResourceReleaseBinding"}}));
}

Json Binding() {
  return {{"apiVersion", "openchoreo.dev/v1alpha1"},
          {"kind", "ReleaseBinding"},
          {"metadata", {{"uid", "u1"}}},
          {"spec",
           {{"environment", "dev"},
            {"releaseName", "web-r1"},
            {"owner", {{"projectName", "shop"}, {"componentName", "web"}}}}}};
}

Json Record(const char* digest = kDigest) {
  const Json record = {
      {"version", 2},
      {"binding", {{"kind", "ReleaseBinding"}, {"namespace", "acme"}, {"name", "web-dev"}}},
      {"owner", {{"projectName", "shop"}, {"componentName", "web"}}},
      {"environment", "dev"},
      {"release", "web-r1"},
      {"componentType", "deployment/web"},
      {"endpoints", {{{"name", "http"}}}},
      {"resources",
       {{{"id", "d"},
         {"apiVersion", "apps/v1"},
         {"kind", "Deployment"},
         {"namespace", "dp"},
         {"name", "web"},
         {"digest", digest}}}}};
  return RecordHolding(record.dump());
}

class MapperTest : public testing::Test {
 protected:
  MapperTest() {
    Describe(home_server_);
    home_ = Connect(home_server_);
  }

  ~MapperTest() override { Stop(); }

  void Stop() {
    if (cancel_) cancel_->Set();
    if (thread_.joinable()) thread_.join();
    mapper_.reset();
  }

  std::unique_ptr<kube::Client> Connect(FakeApiServer& server) {
    kube::Access access;
    access.server = server.url();
    kube::ClientOptions options;
    options.qps = 0;
    options.deadline = options.list_deadline = milliseconds(2000);
    return *kube::Client::Connect(access, http_, options);
  }

  void Start(MapperOptions options = {}, milliseconds grace = milliseconds(300)) {
    options.watch.grace = grace;
    options.watch.absent_wait = milliseconds(50);
    options.watch.reflect.shortest_wait = milliseconds(1);
    options.watch.reflect.longest_wait = milliseconds(10);
    mapper_ = std::make_unique<Mapper>(*home_, service::SystemClock(), options);
    mapper_->AddCluster("home", Connect(home_server_));
    cancel_ = std::make_unique<base::Cancel>();
    thread_ = std::thread([this] { mapper_->Run(*cancel_); });
  }

  // "status reason" of a condition as the API server has it; "" = none.
  std::string Has(const std::string& type, const std::string& name = "web-dev") {
    const Json binding = home_server_.Get(kBindings + name);
    if (!binding.contains("status") || !binding["status"].contains("conditions")) return "";
    for (const Json& condition : binding["status"]["conditions"]) {
      if (condition["type"] == type) {
        return condition["status"].get<std::string>() + " " +
               condition["reason"].get<std::string>();
      }
    }
    return "";
  }

  // Changes of the Deployment that change no verdict, each of which is judged.
  void Touch(int times) {
    for (int i = 0; i < times; ++i) {
      Json touched = home_server_.Get(kDeployments + "web");
      touched["metadata"]["labels"]["turn"] = std::to_string(i);
      home_server_.Put(kDeployments + "web", touched);
      std::this_thread::sleep_for(milliseconds(4));
    }
  }

  void Expect(const std::string& want, const std::string& type = "Ready") {
    for (int i = 0; i < 5000 && Has(type) != want; ++i) {
      std::this_thread::sleep_for(milliseconds(2));
    }
    EXPECT_EQ(Has(type), want) << home_server_.Get(kBindings + "web-dev").dump(1);
  }

  FakeApiServer home_server_;
  http::Client http_;
  std::unique_ptr<kube::Client> home_;
  std::unique_ptr<Mapper> mapper_;
  std::unique_ptr<base::Cancel> cancel_;
  std::thread thread_;
};

TEST_F(MapperTest, FollowsADeployment) {
  home_server_.Put(kBindings + "web-dev", Binding());
  Start();
  Expect("False ReleaseSynced");
  home_server_.Put(kConfigMaps + "record", Record());
  Expect("False ReleaseSynced");
  home_server_.Put(kDeployments + "web", Deployment(1));
  Expect("True Ready");
  EXPECT_EQ(home_server_.Get(kBindings + "web-dev")["status"]["observedGeneration"], 1);
  EXPECT_EQ(home_server_.Get(kBindings + "web-dev")["status"]["endpoints"][0]["name"], "http");
  home_server_.Put(kDeployments + "web", Deployment(0));
  Expect("False ResourcesDegraded");
  home_server_.Put(kConfigMaps + "record", Record("fedcba9876543210"));
  Expect("False ReleaseSynced", "ReleaseSynced");
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  Expect("True Ready");
  home_server_.Remove(kDeployments + "web");
  Expect("False ReleaseSynced");
}

TEST_F(MapperTest, WritesNothingWhereNothingChanged) {
  home_server_.Put(kBindings + "web-dev", Binding());
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  Start();
  Expect("True Ready");
  const int before = home_server_.Count("PATCH", kBindings);
  Json same = Deployment(1);
  same["metadata"]["annotations"]["other"] = "x";
  home_server_.Put(kDeployments + "web", same);
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_EQ(home_server_.Count("PATCH", kBindings), before);
}

// A CRD that lacks a field prunes it: what is there is never what is wanted, and is written once.
TEST_F(MapperTest, WhatTheCrdDoesNotKeepIsSentOnce) {
  home_server_.Prune("releasebindings", "endpoints");
  home_server_.Prune("releasebindings", "observedGeneration");
  home_server_.Put(kBindings + "web-dev", Binding());
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  MapperOptions options;
  options.write_every = milliseconds(1);
  Start(options);
  Expect("True Ready");
  Touch(50);
  const int before = home_server_.Count("PATCH", kBindings);
  Touch(50);
  EXPECT_EQ(home_server_.Count("PATCH", kBindings), before);
  EXPECT_EQ(mapper_->figures().conflicts, 0u);

  // Another verdict is written all the same, and so is what somebody else took away.
  home_server_.Put(kDeployments + "web", Deployment(0));
  Expect("False ResourcesDegraded");
  Json emptied = home_server_.Get(kBindings + "web-dev");
  emptied["status"] = Json::object();
  home_server_.Put(kBindings + "web-dev", emptied);
  Expect("False ResourcesDegraded");
}

// A rule with a clock in it comes to its end also where nobody was there when it began.
TEST_F(MapperTest, ClocksGoOnOverARestart) {
  home_server_.Put(kBindings + "web-dev", Binding());
  home_server_.Put(kConfigMaps + "record", Record());
  Json deployment = Deployment(1);
  deployment["spec"]["replicas"] = 2;
  Json& status = deployment["status"];
  status["updatedReplicas"] = 2;
  status["unavailableReplicas"] = 1;
  const auto since = std::chrono::system_clock::now() - std::chrono::seconds(116);  // of 120
  status["conditions"] = {{{"type", "Available"},
                           {"status", "False"},
                           {"reason", "MinimumReplicasUnavailable"},
                           {"lastTransitionTime", service::Rfc3339(since)}}};
  home_server_.Put(kDeployments + "web", deployment);
  Start();
  Expect("False ResourcesProgressing");
  Stop();
  Start();
  Expect("False ResourcesDegraded");
}

TEST_F(MapperTest, Undeploys) {
  Json binding = Binding();
  binding["spec"]["state"] = "Undeploy";
  home_server_.Put(kDeployments + "web", Deployment(1));
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kBindings + "web-dev", binding);
  Start();
  Expect("False ResourcesUndeployed");
  home_server_.Remove(kDeployments + "web");
  for (int i = 0; i < 2000; ++i) {
    const Json status = home_server_.Get(kBindings + "web-dev")["status"];
    if (status.dump().find("\"Resources undeployed\"") != std::string::npos) return;
    std::this_thread::sleep_for(milliseconds(2));
  }
  ADD_FAILURE() << home_server_.Get(kBindings + "web-dev").dump(1);
}

// What is left of an undeployed binding is counted anew for its own objects, not for all others.
TEST_F(MapperTest, AnUndeployedBindingFollowsItsOwnObjects) {
  Json binding = Binding();
  binding["spec"]["state"] = "Undeploy";
  home_server_.Put(kBindings + "web-dev", binding);
  Json other = Binding();
  other["spec"]["owner"]["componentName"] = "api";
  home_server_.Put(kBindings + "api-dev", other);
  home_server_.Put(kDeployments + "web", Deployment(1));
  Start();
  Expect("False ResourcesUndeployed");
  const auto message = [&] { return home_server_.Get(kBindings + "web-dev")["status"].dump(); };
  Json moved = Deployment(1);
  moved["metadata"]["labels"]["openchoreo.dev/rendered-release-name"] = "api-dev";
  home_server_.Put(kDeployments + "web", moved);  // its label went: it is another's now
  for (int i = 0; i < 2000; ++i) {
    if (message().find("\"Resources undeployed\"") != std::string::npos) return;
    std::this_thread::sleep_for(milliseconds(2));
  }
  ADD_FAILURE() << message();
}

TEST_F(MapperTest, ARecordThatWasLeftBehindHidesNothing) {
  auto east = std::make_unique<FakeApiServer>();
  Describe(*east);
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  east->Put(kConfigMaps + "record", Record());
  east->Put(kDeployments + "web", Deployment(0));
  home_server_.Put(kBindings + "web-dev", Binding());
  Start();
  mapper_->AddCluster("east", Connect(*east));
  Expect("False ResourcesDegraded");
  east->Put(kDeployments + "web", Deployment(1));
  Expect("True Ready");
  home_server_.Put(kDeployments + "web", Deployment(0));
  Expect("False ResourcesDegraded");
  // What is of another release is no part of it.
  Json binding = Binding();
  binding["spec"]["releaseName"] = "web-r2";
  Json record = Record();
  Json text = Json::parse(record["data"]["record.json"].get<std::string>());
  text["release"] = "web-r2";
  record["data"]["record.json"] = text.dump();
  east->Put(kConfigMaps + "record", record);
  home_server_.Put(kBindings + "web-dev", binding);
  Expect("True Ready");
}

TEST_F(MapperTest, AClusterThatDoesNotAnswerIsUnknown) {
  auto plane = std::make_unique<FakeApiServer>();
  Describe(*plane);
  plane->Put(kConfigMaps + "record", Record());
  plane->Put(kDeployments + "web", Deployment(1));
  home_server_.Put(kBindings + "web-dev", Binding());
  Start();
  mapper_->AddCluster("east", Connect(*plane));
  Expect("True Ready");
  {
    const auto dropped = plane->OnRequest([](const auto&) {
      FakeApiServer::Fault fault;
      fault.kind = FakeApiServer::Fault::kDrop;
      return fault;
    });
    plane->EndWatches();
    Expect("False ResourcesUnknown");
    EXPECT_NE(home_server_.Get(kBindings + "web-dev").dump().find("cluster east was last seen"),
              std::string::npos);
    // It says so once, not again and again.
    const int before = home_server_.Count("PATCH", kBindings);
    std::this_thread::sleep_for(milliseconds(1500));
    EXPECT_LE(home_server_.Count("PATCH", kBindings), before + 1);
  }
  Expect("True Ready");
}

// Nothing happened for longer than a watch may be broken; then all watches break, and stand again.
TEST_F(MapperTest, WatchesThatBreakAfterAQuietTimeChangeNothing) {
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  home_server_.Put(kBindings + "web-dev", Binding());
  Start({}, milliseconds(1000));
  Expect("True Ready");
  std::this_thread::sleep_for(milliseconds(1500));
  const int writes = home_server_.Count("PATCH", kBindings);
  const int lists = home_server_.Count("LIST", "/");
  {
    // For less than that.
    const auto refused = home_server_.OnRequest([](const FakeApiServer::Request& request) {
      FakeApiServer::Fault fault;
      if (request.query.contains("watch")) fault.kind = FakeApiServer::Fault::kDrop;
      return fault;
    });
    home_server_.EndWatches(true);
    std::this_thread::sleep_for(milliseconds(600));
  }
  std::this_thread::sleep_for(milliseconds(600));
  EXPECT_EQ(home_server_.Count("PATCH", kBindings), writes);
  EXPECT_EQ(home_server_.Count("LIST", "/"), lists);
  home_server_.Put(kDeployments + "web", Deployment(0));
  Expect("False ResourcesDegraded");
}

TEST_F(MapperTest, StandsBackWhereAnotherWrites) {
  Json binding = Binding();
  binding["metadata"]["managedFields"] = {
      {{"manager", "openchoreo-controller"},
       {"subresource", "status"},
       {"time", service::Rfc3339(std::chrono::system_clock::now())},
       {"fieldsV1", {{"f:status", {{"f:conditions", Json::object()}}}}}}};
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  home_server_.Put(kBindings + "web-dev", binding);
  MapperOptions options;
  options.stand_back = std::chrono::seconds(2);
  Start(options);
  for (int i = 0; i < 1000 && mapper_->figures().stood_back == 0; ++i) {
    std::this_thread::sleep_for(milliseconds(2));
  }
  EXPECT_EQ(Has("Ready"), "");
  EXPECT_EQ(home_server_.Count("PATCH", kBindings), 0);
  EXPECT_GE(mapper_->figures().stood_back, 1u);
  Expect("True Ready");  // once the other is silent
}

TEST_F(MapperTest, AKindThatIsForbiddenOrAbsentIsUnknown) {
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  home_server_.Put(kBindings + "web-dev", Binding());
  {
    const auto forbidden = home_server_.OnRequest([](const FakeApiServer::Request& request) {
      FakeApiServer::Fault fault;
      if (request.path.find("/deployments") != std::string::npos) {
        fault.kind = FakeApiServer::Fault::kStatus;
        fault.status = 403;
      }
      return fault;
    });
    Start();
    Expect("False ResourcesUnknown");
    EXPECT_NE(home_server_.Get(kBindings + "web-dev")
                  .dump()
                  .find("reading Deployment in cluster home is forbidden"),
              std::string::npos);
  }
  Expect("True Ready");
}

TEST_F(MapperTest, NamespacesAreReadOneByOneWhereTheyAreNamed) {
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  home_server_.Put(kBindings + "web-dev", Binding());
  // Nobody may read them in all namespaces at once, or in a third one.
  const auto decision = home_server_.OnRequest([](const FakeApiServer::Request& request) {
    FakeApiServer::Fault fault;
    const std::string path = request.path.substr(0, request.path.find('?'));
    const bool objects = path.ends_with("/deployments") || path.ends_with("/configmaps");
    if (objects && path.find("/namespaces/dp/") == std::string::npos &&
        path.find("/namespaces/empty/") == std::string::npos) {
      fault.kind = FakeApiServer::Fault::kStatus;
      fault.status = 403;
    }
    return fault;
  });
  MapperOptions options;
  options.watch.object_namespaces = {"empty", "dp"};
  Start(options);
  Expect("True Ready");
  home_server_.Put(kDeployments + "web", Deployment(0));
  Expect("False ResourcesDegraded");
}

TEST_F(MapperTest, AnUndeployIsOverOnceItsObjectsAreGone) {
  Json binding = Binding();
  binding["spec"]["state"] = "Undeploy";
  // The record went first; nothing tells of the kinds any more.
  home_server_.Put(kDeployments + "web", Deployment(1));
  home_server_.Put(kBindings + "web-dev", binding);
  Start();
  Expect("False ResourcesUndeployed");
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_NE(home_server_.Get(kBindings + "web-dev").dump().find("Resources being undeployed"),
            std::string::npos);
  home_server_.Remove(kDeployments + "web");
  for (int i = 0; i < 2000; ++i) {
    if (home_server_.Get(kBindings + "web-dev").dump().find("\"Resources undeployed") !=
        std::string::npos) {
      return;
    }
    std::this_thread::sleep_for(milliseconds(2));
  }
  FAIL() << home_server_.Get(kBindings + "web-dev").dump(1);
}

TEST_F(MapperTest, ConditionsOfTheOtherKindsAreAppliedByType) {
  const std::string bindings =
      "/apis/openchoreo.dev/v1alpha1/namespaces/acme/projectreleasebindings/";
  home_server_.Put(bindings + "shop-dev",
                   {{"apiVersion", "openchoreo.dev/v1alpha1"},
                    {"kind", "ProjectReleaseBinding"},
                    {"metadata", {{"uid", "u2"}}},
                    {"spec", {{"environment", "dev"}, {"owner", {{"projectName", "shop"}}}}}});
  Start();
  for (int i = 0; i < 2000 && home_server_.Count("PATCH", bindings) == 0; ++i) {
    std::this_thread::sleep_for(milliseconds(2));
  }
  for (const auto& request : home_server_.requests()) {
    if (request.method != "PATCH" || !request.path.starts_with(bindings)) continue;
    EXPECT_EQ(request.query.at("fieldManager"), "openchoreo-health-mapper");
    EXPECT_NE(request.body.find("\"Synced\""), std::string::npos);
    return;
  }
  FAIL() << "nothing was written";
}

TEST_F(MapperTest, WhoMayWriteAtLastWritesWhatHeJudgedBefore) {
  home_server_.Put(kBindings + "web-dev", Binding());
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  std::atomic<bool> may = false;
  MapperOptions options;
  options.may_write = [&] { return may.load(); };
  Start(options);
  for (int i = 0; i < 1000 && mapper_->judged().empty(); ++i) {
    std::this_thread::sleep_for(milliseconds(2));
  }
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(home_server_.Count("PATCH", kBindings), 0);
  may = true;
  Expect("True Ready");
}

TEST_F(MapperTest, JudgesRecordsWithoutBindings) {
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  Start();
  for (int i = 0; i < 2000; ++i) {
    const auto judged = mapper_->judged();
    if (judged.size() == 1 && judged[0].conditions.back().status == "True") break;
    std::this_thread::sleep_for(milliseconds(2));
  }
  const auto judged = mapper_->judged();
  ASSERT_EQ(judged.size(), 1u);
  EXPECT_EQ(judged[0].component, "web");
  EXPECT_EQ(judged[0].conditions.back().type, "Ready");
  EXPECT_EQ(judged[0].conditions.back().status, "True");
  EXPECT_EQ(mapper_->figures().records_without_binding, 1u);
}

}  // namespace
}  // namespace openchoreo::mapper
