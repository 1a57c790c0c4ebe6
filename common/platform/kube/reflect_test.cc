#include "common/platform/kube/reflect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "test/support/fake_api_server.h"

namespace openchoreo::kube {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using test::FakeApiServer;
using Fault = FakeApiServer::Fault;
using Json = FakeApiServer::Json;

const Resource kThings{"g.io", "v1", "things", "Thing", true};
const std::string kFolder = "/apis/g.io/v1/namespaces/a/things/";

Json Thing(int n) { return {{"kind", "Thing"}, {"apiVersion", "g.io/v1"}, {"spec", {{"n", n}}}}; }

class ReflectTest : public testing::Test {
 protected:
  void Start(Selector selector = {}, ReflectOptions options = {}) {
    Access access;
    access.server = server_.url();
    ClientOptions client_options;
    client_options.page_items = 3;
    client_options.deadline = client_options.list_deadline = milliseconds(2000);
    client_ = *Client::Connect(access, http_, client_options);
    options.shortest_wait = milliseconds(1);
    options.longest_wait = longest_wait_;
    reflector_ = std::make_unique<Reflector>(
        *client_, kThings, std::move(selector),
        [this](const Key& key, const Live& before, const Live& now) {
          std::lock_guard lock(mutex_);
          told_.push_back((!before ? "+" : now ? "~" : "-") + key.name);
        },
        options);
    thread_ = std::thread([this] { reflector_->Run(cancel_); });
  }

  ~ReflectTest() override {
    cancel_.Set();
    if (thread_.joinable()) thread_.join();
  }

  // Waits until the store is what the server has.
  void ExpectSame() {
    for (int i = 0; i < 5000; ++i) {
      if (Same()) return;
      std::this_thread::sleep_for(milliseconds(2));
    }
    ADD_FAILURE() << "the store does not follow";
  }

  bool Same() {
    for (const std::string& name : names_) {
      const Json want = server_.Get(kFolder + name);
      const Live have = reflector_->store().Get({"a", name, ""});
      if (want.is_null() != !have) return false;
      if (have && have.resource_version() != want["metadata"]["resourceVersion"]) return false;
    }
    return true;
  }

  void Put(const std::string& name, int n) {
    names_.insert(name);
    server_.Put(kFolder + name, Thing(n));
  }

  std::vector<std::string> told() {
    std::lock_guard lock(mutex_);
    return told_;
  }

  milliseconds longest_wait_{10};
  FakeApiServer server_;
  http::Client http_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<Reflector> reflector_;
  base::Cancel cancel_;
  std::mutex mutex_;
  std::vector<std::string> told_;
  std::set<std::string> names_;
  std::thread thread_;
};

TEST_F(ReflectTest, FollowsWhatHappens) {
  for (int i = 0; i < 7; ++i) Put("x" + std::to_string(i), i);
  Start();
  EXPECT_TRUE(reflector_->WaitForSync(cancel_));
  EXPECT_EQ(reflector_->store().size(), 7u);
  Put("y", 1);
  Put("x3", 33);
  server_.Remove(kFolder + "x0");
  ExpectSame();
  EXPECT_THAT(told(), testing::Contains("-x0"));
  EXPECT_THAT(told(), testing::Contains("~x3"));
  EXPECT_TRUE(reflector_->health());
  EXPECT_TRUE(reflector_->last_heard());
  EXPECT_EQ(server_.Count("LIST", "/"), 3);
}

TEST_F(ReflectTest, AWatchThatEndsGoesOnWithoutAList) {
  Put("x", 1);
  Start();
  ASSERT_TRUE(reflector_->WaitForSync(cancel_));
  for (int i = 0; i < 10; ++i) {
    while (server_.watches() == 0) std::this_thread::yield();
    server_.EndWatches(i % 2 == 1);  // every other one within a line
    Put("x", 100 + i);
    Put("y" + std::to_string(i), 1);
    ExpectSame();
  }
  EXPECT_EQ(server_.Count("LIST", "/"), 1);
}

// Silence is no break: a minute may pass between two bookmarks.
TEST_F(ReflectTest, AWatchThatBreaksAfterAQuietTimeGoesOnWithoutAList) {
  Put("x", 1);
  ReflectOptions options;
  options.list_after = milliseconds(300);
  Start({}, options);
  ASSERT_TRUE(reflector_->WaitForSync(cancel_));
  while (server_.watches() == 0) std::this_thread::yield();
  std::this_thread::sleep_for(milliseconds(600));
  const auto broken = std::chrono::steady_clock::now();
  {
    const auto refused = server_.OnRequest([](const FakeApiServer::Request&) {
      Fault fault;
      fault.kind = Fault::kDrop;
      return fault;
    });
    server_.EndWatches(true);
    while (reflector_->health()) std::this_thread::yield();
    EXPECT_GE(*reflector_->last_heard(), broken);
  }
  Put("x", 2);
  ExpectSame();
  EXPECT_EQ(server_.Count("LIST", "/"), 1);

  // One that stays broken is listed anew.
  {
    const auto refused = server_.OnRequest([](const FakeApiServer::Request&) {
      Fault fault;
      fault.kind = Fault::kDrop;
      return fault;
    });
    server_.EndWatches(true);
    std::this_thread::sleep_for(milliseconds(600));
  }
  while (server_.Count("LIST", "/") == 1) std::this_thread::yield();
  ExpectSame();
}

TEST_F(ReflectTest, WatchesThatBreakAfterTheyToldSomethingAreNoReasonToWaitEverLonger) {
  longest_wait_ = std::chrono::hours(1);
  Put("x", 1);
  Start();
  ASSERT_TRUE(reflector_->WaitForSync(cancel_));
  for (int i = 0; i < 20; ++i) {  // doubled each time it would be a quarter of an hour
    while (server_.watches() == 0) std::this_thread::yield();
    Put("x", 100 + i);
    ExpectSame();
    server_.EndWatches(true);
  }
}

TEST_F(ReflectTest, ABookmarkSavesTheListAfterAQuietTime) {
  Put("x", 1);
  Start();
  ASSERT_TRUE(reflector_->WaitForSync(cancel_));
  while (server_.watches() == 0) std::this_thread::yield();
  // Others' objects move the version; ours are quiet.
  for (int i = 0; i < 5; ++i) server_.Put("/apis/g.io/v1/namespaces/a/others/o", Thing(i));
  const auto heard = reflector_->last_heard();
  server_.Bookmark();
  while (reflector_->last_heard() == heard) std::this_thread::yield();
  server_.Compact();
  server_.EndWatches();
  Put("x", 2);
  ExpectSame();
  EXPECT_EQ(server_.Count("LIST", "/"), 1);
}

TEST_F(ReflectTest, AnExpiredVersionIsListedAnewAndWhatIsGoneIsTold) {
  Put("x", 1);
  Put("y", 1);
  Start();
  ASSERT_TRUE(reflector_->WaitForSync(cancel_));
  while (server_.watches() == 0) std::this_thread::yield();
  std::atomic<bool> closed{true};
  const auto decision = server_.OnRequest([&](const FakeApiServer::Request&) {
    return closed ? Fault{Fault::kStatus, 503, "closed", "", {}} : Fault{};
  });
  server_.EndWatches();
  while (reflector_->health()) std::this_thread::yield();
  EXPECT_EQ(reflector_->health().error().code, ErrorCode::kUnavailable);
  server_.Remove(kFolder + "x");
  Put("z", 1);
  server_.Compact();
  closed = false;
  ExpectSame();
  EXPECT_THAT(told(), testing::ElementsAre("+x", "+y", "+z", "-x"));
}

TEST_F(ReflectTest, WhatCouldNotBeListedIsNotGone) {
  for (int i = 0; i < 7; ++i) Put("x" + std::to_string(i), i);
  Start();
  ASSERT_TRUE(reflector_->WaitForSync(cancel_));
  while (server_.watches() == 0) std::this_thread::yield();
  std::atomic<int> lists{0};
  std::atomic<bool> expired{true};
  const auto decision = server_.OnRequest([&](const FakeApiServer::Request& request) {
    if (request.method == "WATCH" && expired.exchange(false))
      return Fault{Fault::kStatus, 410, "too old", "", {}};
    // Of the lists then, the second page fails in turn in every way.
    if (request.method != "LIST" || !request.query.contains("continue")) return Fault{};
    static constexpr Fault::Kind kWays[] = {Fault::kDrop, Fault::kHalf, Fault::kStatus,
                                            Fault::kReset};
    const int way = lists++;
    return way < 4 ? Fault{kWays[way], 500, "no", "", {}} : Fault{};
  });
  server_.EndWatches(true);
  while (lists < 5) std::this_thread::yield();
  ExpectSame();
  for (const std::string& line : told()) EXPECT_NE(line[0], '-') << line;
}

TEST_F(ReflectTest, APartOfAListMakesWhatIsKnownNoFresher) {
  for (int i = 0; i < 7; ++i) Put("x" + std::to_string(i), i);
  Start();
  ASSERT_TRUE(reflector_->WaitForSync(cancel_));
  while (server_.watches() == 0) std::this_thread::yield();
  std::atomic<int> lists{0};
  std::atomic<bool> broken{true}, expired{true};
  const auto decision = server_.OnRequest([&](const FakeApiServer::Request& request) {
    if (request.method == "WATCH" && expired.exchange(false))
      return Fault{Fault::kStatus, 410, "too old", "", {}};
    if (request.method != "LIST" || !request.query.contains("continue")) return Fault{};
    ++lists;
    return broken ? Fault{Fault::kStatus, 500, "no", "", {}} : Fault{};
  });
  server_.EndWatches(true);
  while (lists < 1) std::this_thread::yield();
  const auto heard = reflector_->last_heard();
  while (lists < 4) std::this_thread::yield();
  EXPECT_EQ(reflector_->last_heard(), heard);
  broken = false;
  while (reflector_->last_heard() == heard) std::this_thread::yield();
  ExpectSame();
}

TEST_F(ReflectTest, AKindThatIsAbsentOrForbiddenIsKnownAndMayAppearLater) {
  std::atomic<int> status{404};
  const auto decision = server_.OnRequest([&](const FakeApiServer::Request&) {
    return status != 0 ? Fault{Fault::kStatus, status, "not served", "", {}} : Fault{};
  });
  Put("x", 1);
  Start();
  EXPECT_FALSE(reflector_->WaitForSync(cancel_));
  EXPECT_EQ(reflector_->health().error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(reflector_->last_heard());
  status = 403;
  while (reflector_->health().error().code != ErrorCode::kDenied) std::this_thread::yield();
  EXPECT_FALSE(reflector_->synced());
  status = 0;
  ExpectSame();
  EXPECT_TRUE(reflector_->synced());
}

TEST_F(ReflectTest, AServerThatAnswersAgainIsKnownBeforeItTellsAnything) {
  Put("x", 1);
  Start();
  ExpectSame();
  std::atomic<bool> down{true};
  const auto decision = server_.OnRequest([&](const FakeApiServer::Request&) {
    Fault fault;
    if (down) fault.kind = Fault::kDrop;
    return fault;
  });
  server_.EndWatches();
  const auto wait_for = [&](bool healthy) {
    for (int i = 0; i < 5000 && reflector_->health().has_value() != healthy; ++i) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    EXPECT_EQ(reflector_->health().has_value(), healthy);
  };
  wait_for(false);
  down = false;
  wait_for(true);
}

TEST_F(ReflectTest, KeepsOnlyTheFieldsThatAreRead) {
  server_.Put(kFolder + "x", {{"spec", {{"n", 1}, {"big", "text"}}}, {"status", {{"s", 1}}}});
  Selector selector;
  selector.keep = std::make_shared<value::FieldMask>(value::FieldMask::Only({"/spec/n"}));
  Start(selector);
  ASSERT_TRUE(reflector_->WaitForSync(cancel_));
  const Live live = reflector_->store().Get({"a", "x", ""});
  EXPECT_EQ(live.object().Get("spec", "n").as_int(), 1);
  EXPECT_EQ(live.object().Get("spec").Find("big"), nullptr);
  EXPECT_EQ(live.object().Find("status"), nullptr);
  EXPECT_FALSE(live.uid().empty());
}

TEST_F(ReflectTest, ChangesNobodyReadsAreNotTold) {
  Put("x", 1);
  ReflectOptions options;
  options.same = [](const value::Value& before, const value::Value& now) {
    return before.Get("spec", "n").as_int() == now.Get("spec", "n").as_int();
  };
  Start({}, options);
  ASSERT_TRUE(reflector_->WaitForSync(cancel_));
  Json other = Thing(1);
  other["status"] = 5;
  server_.Put(kFolder + "x", other);
  ExpectSame();
  Put("x", 2);
  ExpectSame();
  EXPECT_THAT(told(), testing::ElementsAre("+x", "~x"));
}

TEST_F(ReflectTest, ConvergesWhileTheServerFailsAtRandom) {
  std::atomic<unsigned> asked{0};
  std::atomic<bool> ill{true};
  const auto decision = server_.OnRequest([&](const FakeApiServer::Request&) {
    if (!ill) return Fault{};
    switch (++asked % 7) {
      case 1:
        return Fault{Fault::kDrop, 0, "", "", {}};
      case 2:
        return Fault{Fault::kStatus, 500, "ill", "", {}};
      case 4:
        return Fault{Fault::kHalf, 0, "", "", {}};
      case 5:
        return Fault{Fault::kStatus, 410, "too old", "", {}};
      case 6:
        return Fault{Fault::kReset, 0, "", "", milliseconds(1)};
      default:
        return Fault{};
    }
  });
  Start();
  for (int i = 0; i < 60; ++i) {
    Put("x" + std::to_string(i % 9), i);
    if (i % 5 == 0) server_.Remove(kFolder + "x" + std::to_string(i % 4));
    if (i % 6 == 0) server_.EndWatches(i % 4 == 0);
    if (i % 11 == 0) server_.Compact();
    std::this_thread::sleep_for(milliseconds(2));
  }
  ill = false;
  ExpectSame();
}

}  // namespace
}  // namespace openchoreo::kube
