// platform/kube against the real API server of peers/: kube_api_test.sh starts it and names its
// kubeconfig.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <set>
#include <thread>

#include "common/platform/kube/client.h"
#include "common/platform/kube/conditions.h"
#include "common/platform/kube/events.h"
#include "common/platform/kube/lease.h"
#include "common/platform/kube/reflect.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::kube {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using value::Value;

const Resource kConfigMaps{"", "v1", "configmaps", "ConfigMap", true};
const Resource kSecrets{"", "v1", "secrets", "Secret", true};
const Resource kNamespaces{"", "v1", "namespaces", "Namespace", false};
const Resource kDeployments{"apps", "v1", "deployments", "Deployment", true};

class KubeApi : public testing::Test {
 protected:
  KubeApi() {
    auto access = FindAccess(std::getenv("KUBECONFIG"));
    if (!access) {
      ADD_FAILURE() << access.error().message;
      std::abort();
    }
    access_ = *access;
    client_ = NewClient({});
    ns_ = "t" + std::to_string(getpid()) + "-" + std::to_string(++count_);
    auto made =
        client_->Create(kNamespaces, "", Json(R"({"metadata":{"name":")" + ns_ + "\"}}"), cancel_);
    EXPECT_TRUE(made) << made.error().message;
  }

  std::unique_ptr<Client> NewClient(ClientOptions options) {
    return *Client::Connect(access_, http_, std::move(options));
  }

  Value Json(std::string_view text) { return *value::ReadJson(text, arena_); }

  Key Named(const std::string& name) { return {ns_, name, ""}; }

  static int count_;
  Access access_;
  http::Client http_;
  base::Arena arena_;
  base::Cancel cancel_;
  std::unique_ptr<Client> client_;
  std::string ns_;
};

int KubeApi::count_ = 0;

TEST_F(KubeApi, KnowsItsKinds) {
  auto apps = client_->Discover("apps", "v1", cancel_);
  ASSERT_TRUE(apps) << apps.error().message;
  EXPECT_THAT(*apps, testing::Contains(kDeployments));
  auto none = client_->Discover("no.such.group", "v1", cancel_);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

TEST_F(KubeApi, AppliesWhatChangedAndTakesAwayWhatIsLeftOut) {
  auto first = client_->Apply(
      kConfigMaps, Named("x"),
      Json(R"({"metadata":{"annotations":{},"labels":{"l":"1"}},"data":{"a":"1","b":"2"}})"),
      Part::kMain, "openchoreo-test", cancel_);
  ASSERT_TRUE(first) << first.error().message;
  auto same = client_->Apply(
      kConfigMaps, Named("x"),
      Json(R"({"metadata":{"annotations":{},"labels":{"l":"1"}},"data":{"a":"1","b":"2"}})"),
      Part::kMain, "openchoreo-test", cancel_);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->resource_version(), first->resource_version());  // no write
  auto less = client_->Apply(kConfigMaps, Named("x"), Json(R"({"data":{"a":"3"}})"), Part::kMain,
                             "openchoreo-test", cancel_);
  ASSERT_TRUE(less);
  EXPECT_EQ(value::ToJson(less->object().Get("data")), R"({"a":"3"})");
  EXPECT_EQ(less->object().Get("metadata").Find("labels"), nullptr);
  auto bad = client_->Apply(kConfigMaps, Named("x"), Json(R"({"data":{"a":3},"nonsense":1})"),
                            Part::kMain, "m", cancel_);
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, testing::HasSubstr("nonsense"))
      << base::NameOf(bad.error().code);
}

TEST_F(KubeApi, AStatusListIsGuardedByTheVersion) {
  const char* deployment =
      R"({"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}})";
  auto made = client_->Apply(kDeployments, Named("d"), Json(deployment), Part::kMain, "m", cancel_);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->generation(), 1);
  Conditions conditions;
  conditions.Set({"Available", "True", "R", "m", 0, ""}, "2026-01-01T00:00:00Z");
  const Value patch =
      value::ReadJson(R"({"metadata":{"resourceVersion":")" +
                          std::string(made->resource_version()) + R"("},"status":{"conditions":)" +
                          value::ToJson(conditions.ToValue(arena_)) + "}}",
                      arena_)
          .value();
  auto patched = client_->MergePatch(kDeployments, Named("d"), patch, Part::kStatus, cancel_);
  ASSERT_TRUE(patched) << patched.error().message;
  auto late = client_->MergePatch(kDeployments, Named("d"), patch, Part::kStatus, cancel_);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kConflict);
  EXPECT_EQ(
      Conditions::Read(
          client_->Get(kDeployments, Named("d"), cancel_)->object().Get("status", "conditions"))
          .Find("Available")
          ->status,
      "True");
  auto gone = client_->Delete(kDeployments, Named("d"), "wrong-uid", cancel_);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(client_->Delete(kDeployments, Named("d"), made->uid(), cancel_));
  EXPECT_TRUE(client_->Delete(kDeployments, Named("d"), "", cancel_));
}

TEST_F(KubeApi, SaysWhatIsNotAllowed) {
  Access nobody = access_;
  nobody.tls.certificate.clear();
  nobody.tls.key.clear();
  auto client = *Client::Connect(nobody, http_);
  auto denied = client->Get(kConfigMaps, Named("x"), cancel_);
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code, ErrorCode::kDenied);
  Access stranger = access_;
  stranger.tls.authorities = access_.tls.certificate;  // descends from nothing the server has
  auto distrusted = (*Client::Connect(stranger, http_))->GetRaw("/version", cancel_);
  ASSERT_FALSE(distrusted);
  EXPECT_EQ(distrusted.error().code, ErrorCode::kUnavailable);
}

TEST_F(KubeApi, ListsInPagesAndShowsOfSecretsOnlyMetadata) {
  for (int i = 0; i < 25; ++i) {
    ASSERT_TRUE(client_->Create(kSecrets, ns_,
                                Json(R"({"metadata":{"name":"s)" + std::to_string(i) +
                                     R"(","labels":{"l":"1"}},"stringData":{"k":"hunter2"}})"),
                                cancel_));
  }
  ClientOptions options;
  options.page_items = 10;
  auto client = NewClient(options);
  Selector selector;
  selector.ns = ns_;
  selector.labels = "l=1";
  selector.metadata_only = true;
  std::set<std::string> names;
  std::string next;
  int pages = 0;
  do {
    auto page = client->List(
        kSecrets, selector, next,
        [&](const Value& item) {
          names.emplace(item.Get("metadata", "name").string_or_empty());
          EXPECT_EQ(item.Get("kind").string_or_empty(), "Secret");
          EXPECT_EQ(item.Find("data"), nullptr);
          EXPECT_EQ(item.Get("metadata").Find("managedFields"), nullptr);
        },
        cancel_);
    ASSERT_TRUE(page) << page.error().message;
    next = page->next;
    ++pages;
  } while (!next.empty());
  EXPECT_EQ(names.size(), 25u);
  EXPECT_EQ(pages, 3);
}

class Nothing final : public WatchSink {
 public:
  void Changed(const Value&) override { ++changes; }

  void Gone(const Value&) override {}

  void Reached(std::string_view) override { ++reached; }

  int changes = 0, reached = 0;
};

TEST_F(KubeApi, AWatchEndsByTheServersClockAndKnowsOldVersions) {
  ClientOptions options;
  options.watch_time = std::chrono::seconds(1);
  auto client = NewClient(options);
  Nothing sink;
  Selector selector;
  selector.ns = ns_;
  auto page = client->List(
      kConfigMaps, selector, "", [](const Value&) {}, cancel_);
  ASSERT_TRUE(page);
  auto end = client->Watch(kConfigMaps, selector, page->resource_version, sink, cancel_);
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(*end, WatchEnd::kClosed);
}

void Eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 6000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_TRUE(condition());
}

TEST_F(KubeApi, TheStoreFollowsThroughWatchesThatEndAndAServerThatStops) {
  ClientOptions options;
  options.watch_time = std::chrono::seconds(2);
  options.deadline = options.list_deadline = milliseconds(3000);
  auto client = NewClient(options);
  Selector selector;
  selector.ns = ns_;
  selector.keep = std::make_shared<value::FieldMask>(value::FieldMask::Only({"/data/n"}));
  Reflector reflector(*client, kConfigMaps, selector, {});
  base::Cancel stop;
  std::thread thread([&] { reflector.Run(stop); });
  EXPECT_TRUE(reflector.WaitForSync(cancel_));
  const auto apply = [&](int i) {
    return client_->Apply(kConfigMaps, Named("m" + std::to_string(i % 10)),
                          Json(R"({"data":{"n":")" + std::to_string(i) + R"(","big":"x"}})"),
                          Part::kMain, "m", cancel_);
  };
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(apply(i));
    std::this_thread::sleep_for(milliseconds(50));
  }
  const auto follows = [&](int last) {
    for (int i = last - 9; i <= last; ++i) {
      const Live live = reflector.store().Get(Named("m" + std::to_string(i % 10)));
      if (!live || live.object().Get("data", "n").string_or_empty() != std::to_string(i))
        return false;
    }
    return true;
  };
  Eventually([&] { return follows(99); });
  EXPECT_EQ(reflector.store().Get(Named("m1")).object().Get("data").Find("big"), nullptr);
  if (const char* pid = std::getenv("KUBE_APISERVER_PID")) {
    // It stands still: connections stay, nothing comes. Every call ends, and so does the dead
    // connection.
    kill(std::atoi(pid), SIGSTOP);
    const auto begun = std::chrono::steady_clock::now();
    auto hung = client->Get(kConfigMaps, Named("m1"), cancel_);
    EXPECT_FALSE(hung);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
    Eventually([&] { return !reflector.health(); });
    kill(std::atoi(pid), SIGCONT);
    Eventually([&] { return static_cast<bool>(client->Get(kConfigMaps, Named("m1"), cancel_)); });
    for (int i = 100; i < 110; ++i) Eventually([&] { return static_cast<bool>(apply(i)); });
    Eventually([&] { return follows(109); });
    Eventually([&] { return static_cast<bool>(reflector.health()); });
  }
  stop.Set();
  thread.join();
}

TEST_F(KubeApi, ALeaseIsHandedOn) {
  const auto run = [&](Lease& lease, const base::Cancel& stop) {
    return std::thread([&lease, stop] { lease.Run(stop, {}, {}); });
  };
  LeaseOptions options;
  options.key = Named("lease");
  options.retry_period = milliseconds(100);
  options.identity = "a";
  Lease a(*client_, options, service::SystemClock());
  options.identity = "b";
  Lease b(*client_, options, service::SystemClock());
  base::Cancel stop_a, stop_b;
  std::thread thread_a = run(a, stop_a);
  Eventually([&] { return a.held(); });
  std::thread thread_b = run(b, stop_b);
  Eventually([&] { return b.holder() == "a"; });
  EXPECT_FALSE(b.held());
  stop_a.Set();
  thread_a.join();
  Eventually([&] { return b.held(); });
  EXPECT_EQ(client_->Get(Leases(), options.key, cancel_)
                ->object()
                .Get("spec", "leaseTransitions")
                .as_int(),
            1);
  stop_b.Set();
  thread_b.join();
}

TEST_F(KubeApi, EventsAreCounted) {
  auto made = client_->Create(kConfigMaps, ns_, Json(R"({"metadata":{"name":"x"}})"), cancel_);
  ASSERT_TRUE(made);
  {
    EventRecorder recorder(*client_, "test", "pod", service::SystemClock());
    Event event;
    event.about = ReferenceTo(*made);
    event.reason = "Tested";
    event.message = "it works";
    for (int i = 0; i < 3; ++i) recorder.Record(event);
    Eventually([&] {
      int events = 0;
      std::int64_t count = 0;
      Selector selector;
      selector.ns = ns_;
      selector.fields = "involvedObject.name=x";
      (void)client_->List(
          CoreEvents(), selector, "",
          [&](const Value& item) {
            ++events;
            count = item.Get("count").as_int();
          },
          cancel_);
      return events == 1 && count == 3;
    });
    EXPECT_EQ(recorder.dropped(), 0u);
  }
}

}  // namespace
}  // namespace openchoreo::kube
