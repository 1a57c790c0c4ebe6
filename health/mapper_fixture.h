// A mapper and the API server in memory that it watches.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "health/mapper.h"
#include "test/support/cluster_objects.h"
#include "test/support/fake_api_server.h"

namespace openchoreo::mapper {

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

inline void Describe(FakeApiServer& server) {
  server.Put("/api/v1", Kinds({{"configmaps", "ConfigMap"}, {"secrets", "Secret"}}));
  server.Put("/apis/apps/v1", Kinds({{"deployments", "Deployment"}}));
  server.Put("/apis/openchoreo.dev/v1alpha1",
             Kinds({{"releasebindings", "ReleaseBinding"},
                    {"projectreleasebindings", "ProjectReleaseBinding"},
                    {"resourcereleasebindings", "ResourceReleaseBinding"}}));
}

inline Json Binding() {
  return {{"apiVersion", "openchoreo.dev/v1alpha1"},
          {"kind", "ReleaseBinding"},
          {"metadata", {{"uid", "u1"}}},
          {"spec",
           {{"environment", "dev"},
            {"releaseName", "web-r1"},
            {"owner", {{"projectName", "shop"}, {"componentName", "web"}}}}}};
}

inline Json Record(const char* digest = kDigest) {
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

}  // namespace openchoreo::mapper
