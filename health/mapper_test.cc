#include "health/mapper_fixture.h"

namespace openchoreo::mapper {
namespace {

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

// A CRD that lacks a field prunes it: what is there is never what is wanted, and is written once.
// A rule with a clock in it comes to its end also where nobody was there when it began.
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

// Another mapper looks after what a selector or a namespace leaves out.
}  // namespace
}  // namespace openchoreo::mapper
