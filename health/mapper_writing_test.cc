#include "health/mapper_fixture.h"

namespace openchoreo::mapper {
namespace {

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

TEST_F(MapperTest, WatchesThatBreakAfterAQuietTimeChangeNothing) {
  home_server_.Put(kConfigMaps + "record", Record());
  home_server_.Put(kDeployments + "web", Deployment(1));
  home_server_.Put(kBindings + "web-dev", Binding());
  Start({}, milliseconds(3000));
  Expect("True Ready");
  std::this_thread::sleep_for(milliseconds(3500));
  const int writes = home_server_.Count("PATCH", kBindings);
  const int lists = home_server_.Count("LIST", "/");
  {
    // For much less than that, also where the machine is busy.
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

TEST_F(MapperTest, RecordsOfOthersBindingsAreNotOrphans) {
  for (const bool selected : {false, true}) {
    SCOPED_TRACE(selected);
    FakeApiServer& server = home_server_;
    server.Put(kConfigMaps + "record", Record());
    server.Put(kDeployments + "web", Deployment(1));
    Json theirs = Binding();
    theirs["metadata"]["labels"] = {{"team", "theirs"}};
    server.Put(kBindings + "web-dev", theirs);
    const std::string elsewhere = "/apis/openchoreo.dev/v1alpha1/namespaces/ours/releasebindings/";
    Json ours = Binding();
    ours["metadata"]["labels"] = {{"team", "ours"}};
    server.Put(elsewhere + "api-dev", ours);
    MapperOptions options;
    options.orphan_after = milliseconds(20);
    if (selected) {
      options.binding_selector = "team=ours";
    } else {
      options.binding_namespace = "ours";
    }
    const int told = server.Count("POST", "/api/v1/namespaces/dp/events");
    Start(options);
    for (int i = 0; i < 1000 && mapper_->judged().empty(); ++i) {
      std::this_thread::sleep_for(milliseconds(2));
    }
    std::this_thread::sleep_for(milliseconds(700));
    const auto judged = mapper_->judged();
    ASSERT_EQ(judged.size(), 1u);
    EXPECT_EQ(judged[0].binding.name, "api-dev");
    EXPECT_EQ(mapper_->figures().records_without_binding, 0u);
    EXPECT_EQ(mapper_->figures().bindings, 1u);
    EXPECT_EQ(server.Count("POST", "/api/v1/namespaces/dp/events"), told);
    EXPECT_EQ(Has("Ready"), "");
    Stop();
  }
}

TEST_F(MapperTest, RecordsWithoutBindingAreTold) {
  home_server_.Put(kConfigMaps + "record", Record());
  MapperOptions options;
  options.orphan_after = milliseconds(20);
  Start(options);
  const auto told = [&] { return home_server_.Count("POST", "/api/v1/namespaces/dp/events"); };
  for (int i = 0; i < 5000 && told() == 0; ++i) std::this_thread::sleep_for(milliseconds(2));
  EXPECT_EQ(told(), 1);
  home_server_.Put(kBindings + "lone-dev", Binding());
  const auto lone = [&] { return home_server_.Count("POST", "/api/v1/namespaces/acme/events"); };
  for (int i = 0; i < 5000 && lone() < 2; ++i) std::this_thread::sleep_for(milliseconds(2));
  std::string reasons;
  for (const auto& request : home_server_.requests()) {
    if (request.method == "POST" && request.path.ends_with("/events")) {
      reasons += Json::parse(request.body)["reason"].get<std::string>() + " ";
    }
  }
  EXPECT_NE(reasons.find("NoBinding "), std::string::npos) << reasons;
  EXPECT_NE(reasons.find("NoReleaseRecord "), std::string::npos) << reasons;
}

}  // namespace
}  // namespace openchoreo::mapper
