#include "common/platform/kube/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "test/support/fake_api_server.h"
#include "test/support/fake_clock.h"

namespace openchoreo::kube {
namespace {

using std::chrono::milliseconds;
using test::FakeApiServer;
using Fault = FakeApiServer::Fault;
using Json = FakeApiServer::Json;

const std::string kPath = "/apis/coordination.k8s.io/v1/namespaces/ns/leases/l";

// A replica: a client and a lease on a thread of its own.
class Replica {
 public:
  Replica(FakeApiServer& server, const std::string& identity, const service::Clock& clock,
          milliseconds retry_period = milliseconds(5)) {
    Access access;
    access.server = server.url();
    ClientOptions client_options;
    client_options.deadline = milliseconds(500);
    client_ = *Client::Connect(access, http_, client_options);
    LeaseOptions options;
    options.key = {"ns", "l", ""};
    options.identity = identity;
    options.duration = milliseconds(35'000);
    options.renew_deadline = milliseconds(30'000);
    options.retry_period = retry_period;
    options.annotations = {{"where", identity + ":80"}};
    lease_ = std::make_unique<Lease>(*client_, options, clock);
    thread_ = std::thread([this] {
      lease_->Run(
          cancel_,
          [this](const base::Cancel& term) {
            std::lock_guard lock(mutex_);
            term_ = term;
            ++terms;
          },
          [this] { ++losses; });
    });
  }

  ~Replica() { End(); }

  // End, without waiting for it.
  void BeginToEnd() { cancel_.Set(); }

  void End() {
    BeginToEnd();
    if (thread_.joinable()) thread_.join();
  }

  base::Cancel term() {
    std::lock_guard lock(mutex_);
    return term_;
  }

  Lease& lease() { return *lease_; }

  std::atomic<int> terms{0}, losses{0};

 private:
  http::Client http_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<Lease> lease_;
  base::Cancel cancel_;
  std::mutex mutex_;
  base::Cancel term_;
  std::thread thread_;
};

void WaitUntil(const std::function<bool()>& condition) {
  for (int i = 0; i < 10'000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_TRUE(condition());
}

std::string Holder(const FakeApiServer& server) {
  const Json lease = server.Get(kPath);
  return lease.is_null() ? "" : lease["spec"].value("holderIdentity", "");
}

TEST(Lease, TheOthersReadWhatItsHolderTells) {
  FakeApiServer server;
  test::FakeClock clock;
  Replica first(server, "a", clock);
  WaitUntil([&] { return first.lease().held(); });
  Replica second(server, "b", clock);
  WaitUntil([&] { return second.lease().annotation("where") == "a:80"; });
  EXPECT_EQ(second.lease().annotation("else"), "");
}

TEST(Lease, OneHoldsAndAReleasedOneIsTakenAtOnce) {
  FakeApiServer server;
  test::FakeClock clock;
  Replica a(server, "a", clock);
  WaitUntil([&] { return a.terms == 1; });
  EXPECT_TRUE(a.lease().held());
  Replica b(server, "b", clock);
  WaitUntil([&] { return b.lease().holder() == "a"; });
  EXPECT_FALSE(b.lease().held());
  const Json lease = server.Get(kPath);
  EXPECT_EQ(lease["spec"]["leaseDurationSeconds"], 35);
  EXPECT_EQ(lease["spec"]["leaseTransitions"], 0);
  const base::Cancel term = a.term();
  a.End();
  EXPECT_TRUE(term.is_set());
  EXPECT_FALSE(a.lease().held());
  EXPECT_EQ(a.losses, 1);
  WaitUntil([&] { return b.terms == 1; });
  EXPECT_EQ(server.Get(kPath)["spec"]["leaseTransitions"], 1);
}

TEST(Lease, ARenewalThatWasTakenUnheardKeepsNobodyFromReleasing) {
  FakeApiServer server;
  test::FakeClock clock;
  Replica a(server, "a", clock, milliseconds(60'000));
  WaitUntil([&] { return a.terms == 1; });
  // Another version than the one its holder knows of.
  Json lease = server.Get(kPath);
  lease["spec"]["renewTime"] = "2001-01-01T00:00:00.000000Z";
  server.Put(kPath, lease);
  a.End();
  EXPECT_EQ(Holder(server), "");
}

TEST(Lease, WhoEndsWhileItIsRenewedReleasesIt) {
  FakeApiServer server;
  test::FakeClock clock;
  Replica a(server, "a", clock);
  WaitUntil([&] { return a.terms == 1; });
  std::atomic<bool> asked{false}, answer{false};
  const auto slow = server.OnRequest([&](const FakeApiServer::Request&) {
    asked = true;
    while (!answer) std::this_thread::sleep_for(milliseconds(1));
    return Fault{};
  });
  WaitUntil([&] { return asked.load(); });
  a.BeginToEnd();
  answer = true;
  a.End();
  EXPECT_EQ(a.losses, 1);
  EXPECT_EQ(Holder(server), "");
}

TEST(Lease, WhatExpiredWhileItWasRenewedIsANewTerm) {
  FakeApiServer server;
  test::FakeClock clock;
  Replica replica(server, "a", clock);
  WaitUntil([&] { return replica.terms == 1; });
  replica.term().Set();  // as its expiry does, before the renewal that comes too late
  WaitUntil([&] { return replica.terms == 2; });
  EXPECT_EQ(replica.losses, 1);
  EXPECT_FALSE(replica.term().is_set());
  EXPECT_TRUE(replica.lease().held());
}

TEST(Lease, ADeadHolderIsFollowedWhenItsLeaseHasNotMovedForItsDuration) {
  FakeApiServer server;
  test::FakeClock clock;
  server.Put(
      kPath,
      {{"spec",
        {{"holderIdentity", "dead"},
         {"leaseDurationSeconds", 35},
         {"leaseTransitions", 4},
         {"renewTime", "2001-01-01T00:00:00.000000Z"}}}});  // another machine's clock: not read
  Replica b(server, "b", clock);
  WaitUntil([&] { return server.Count("GET", kPath) > 3; });
  clock.Advance(milliseconds(34'000));
  const int seen = server.Count("GET", kPath);
  WaitUntil([&] { return server.Count("GET", kPath) > seen + 2; });
  EXPECT_EQ(b.terms, 0);
  EXPECT_EQ(Holder(server), "dead");
  clock.Advance(milliseconds(1'001));
  WaitUntil([&] { return b.terms == 1; });
  EXPECT_EQ(Holder(server), "b");
  EXPECT_EQ(server.Get(kPath)["spec"]["leaseTransitions"], 5);
}

TEST(Lease, AHolderThatSleptKnowsBeforeItAsks) {
  FakeApiServer server;
  test::FakeClock clock;
  Replica a(server, "a", clock);
  WaitUntil([&] { return a.terms == 1; });
  const base::Cancel first = a.term();
  {
    const auto dropped = server.OnRequest([](const FakeApiServer::Request&) {
      return Fault{Fault::kDrop, 0, "", "", {}};
    });
    clock.Advance(milliseconds(30'001));
    EXPECT_FALSE(a.lease().held());  // at once, whatever its thread does
    WaitUntil([&] { return a.losses == 1; });
    EXPECT_TRUE(first.is_set());
  }
  // Nobody took it meanwhile: it is ours again, for a new term.
  WaitUntil([&] { return a.terms == 2; });
  EXPECT_FALSE(a.term().is_set());
}

TEST(Lease, AFailedRenewalIsNoLossBeforeTheDeadline) {
  FakeApiServer server;
  test::FakeClock clock;
  Replica a(server, "a", clock);
  WaitUntil([&] { return a.terms == 1; });
  std::atomic<int> failed{0};
  const auto failing = server.OnRequest([&](const FakeApiServer::Request& request) {
    ++failed;
    if (request.method == "PUT") return Fault{Fault::kStatus, 409, "conflict", "", {}};
    return failed % 2 == 0 ? Fault{Fault::kStatus, 500, "no", "", {}} : Fault{};
  });
  WaitUntil([&] { return failed > 10; });
  clock.Advance(milliseconds(29'000));
  EXPECT_TRUE(a.lease().held());
  EXPECT_EQ(a.losses, 0);
}

TEST(Lease, AnotherHolderEndsTheTermAtOnce) {
  FakeApiServer server;
  test::FakeClock clock;
  Replica a(server, "a", clock);
  WaitUntil([&] { return a.terms == 1; });
  const base::Cancel term = a.term();
  Json stolen = server.Get(kPath);
  stolen["spec"]["holderIdentity"] = "thief";
  server.Put(kPath, stolen);
  WaitUntil([&] { return a.losses == 1; });
  EXPECT_TRUE(term.is_set());
  EXPECT_FALSE(a.lease().held());
  EXPECT_EQ(a.lease().holder(), "thief");
}

// One whose server stops answering, and whose calls would wait for an hour.
class SilentServer : public testing::Test {
 protected:
  SilentServer() {
    access_.server = server_.url();
    client_options_.deadline = std::chrono::hours(1);
    client_ = *Client::Connect(access_, http_, client_options_);
    options_.key = {"ns", "l", ""};
    options_.identity = "a";
    options_.retry_period = milliseconds(5);
  }

  // For as long as the result lives.
  [[nodiscard]] FakeApiServer::Decision FallSilent() {
    return server_.OnRequest([](const FakeApiServer::Request&) {
      return Fault{Fault::kHang, 0, "", "", {}};
    });
  }

  FakeApiServer server_;
  Access access_;
  http::Client http_;
  ClientOptions client_options_;
  std::unique_ptr<Client> client_;
  LeaseOptions options_;
};

TEST_F(SilentServer, DoesNotHoldUpTheEndOfATerm) {
  options_.renew_deadline = milliseconds(300);
  Lease lease(*client_, options_, service::SystemClock());
  base::Cancel cancel;
  std::atomic<bool> ended{false};
  base::Cancel::Hook hook;
  std::atomic<int> terms{0};
  std::thread thread([&] {
    lease.Run(cancel,
              [&](const base::Cancel& term) {
                hook = term.OnSet([&] { ended = true; });
                ++terms;
              },
              {});
  });
  WaitUntil([&] { return terms == 1; });
  const auto silence = FallSilent();
  WaitUntil([&] { return ended.load(); });
  cancel.Set();
  thread.join();
}

TEST_F(SilentServer, DoesNotHoldUpTheEndOfTheProcess) {
  options_.release_time = milliseconds(50);
  Lease lease(*client_, options_, service::SystemClock());
  base::Cancel cancel;
  std::thread thread([&] { lease.Run(cancel, {}, {}); });
  WaitUntil([&] { return lease.held(); });
  const auto silence = FallSilent();
  cancel.Set();
  thread.join();  // the lease is held for half a minute yet
}

TEST(Lease, IdentitiesDiffer) { EXPECT_NE(LeaseIdentity(), LeaseIdentity()); }

}  // namespace
}  // namespace openchoreo::kube
