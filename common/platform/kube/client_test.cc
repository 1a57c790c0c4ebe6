#include "common/platform/kube/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "common/platform/kube/token_bucket.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "test/support/fake_api_server.h"

namespace openchoreo::kube {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using test::FakeApiServer;
using testing::ElementsAre;
using testing::HasSubstr;
using Fault = FakeApiServer::Fault;

const Resource kThings{"g.io", "v1", "things", "Thing", true};
const std::string kFolder = "/apis/g.io/v1/namespaces/a/things";

class ClientTest : public testing::Test {
 protected:
  void Connect(ClientOptions options = {}) {
    Access access;
    access.server = server_.url();
    access.token = "secret";
    client_ = *Client::Connect(access, http_, std::move(options));
  }

  value::Value Json(std::string_view text) { return *value::ReadJson(text, arena_); }

  FakeApiServer server_;
  http::Client http_;
  base::Arena arena_;
  std::unique_ptr<Client> client_;
  const base::Cancel cancel_;
};

TEST_F(ClientTest, ReadsWritesAndDeletes) {
  Connect();
  auto none = client_->Get(kThings, {"a", "x", ""}, cancel_);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(none.error().message, "GET things a/x: things \"x\" not found");

  auto applied =
      client_->Apply(kThings, {"a", "x", ""},
                     Json(R"({"metadata":{"labels":{},"annotations":{"k":"v"}},"spec":{"n":1}})"),
                     Part::kMain, "me", cancel_);
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(applied->name(), "x");
  EXPECT_EQ(applied->generation(), 1);
  const FakeApiServer::Request sent = server_.requests().back();
  EXPECT_EQ(sent.query.at("fieldManager"), "me");
  EXPECT_EQ(sent.query.at("force"), "true");
  EXPECT_THAT(sent.headers, HasSubstr("Authorization: Bearer secret"));
  EXPECT_EQ(
      sent.body,
      R"({"apiVersion":"g.io/v1","kind":"Thing","metadata":{"annotations":{"k":"v"},"name":"x","namespace":"a"},"spec":{"n":1}})");

  ASSERT_TRUE(client_->Apply(kThings, {"a", "x", ""}, Json(R"({"status":{"s":true}})"),
                             Part::kStatus, "me", cancel_));
  EXPECT_EQ(server_.requests().back().path, kFolder + "/x/status");
  EXPECT_EQ(server_.Get(kFolder + "/x")["status"]["s"], true);

  const std::string version(client_->Get(kThings, {"a", "x", ""}, cancel_)->resource_version());
  const std::string guarded =
      R"({"metadata":{"resourceVersion":")" + version + R"("},"status":{"list":[1]}})";
  ASSERT_TRUE(client_->MergePatch(kThings, {"a", "x", ""}, Json(guarded), Part::kStatus, cancel_));
  auto late = client_->MergePatch(kThings, {"a", "x", ""}, Json(guarded), Part::kStatus, cancel_);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kConflict);

  auto twice = client_->Create(kThings, "a", Json(R"({"metadata":{"name":"x"}})"), cancel_);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, ErrorCode::kConflict);
  ASSERT_TRUE(client_->Create(kThings, "a", Json(R"({"metadata":{"name":"y"}})"), cancel_));

  auto other = client_->Delete(kThings, {"a", "x", ""}, "another-uid", cancel_);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(client_->Delete(kThings, {"a", "x", ""}, applied->uid(), cancel_));
  EXPECT_TRUE(client_->Delete(kThings, {"a", "x", ""}, "", cancel_));  // gone already
  EXPECT_TRUE(server_.Get(kFolder + "/x").is_null());
}

TEST_F(ClientTest, NamesAreEscapedInPaths) {
  Connect();
  (void)client_->Get(kThings, {"a/../b", "x?watch=1", ""}, cancel_);
  EXPECT_EQ(server_.requests().back().query.size(), 0u);
  EXPECT_THAT(server_.requests().back().path, testing::StartsWith("/apis/g.io/v1/namespaces/"));
}

TEST_F(ClientTest, ListsInPages) {
  ClientOptions options;
  options.page_items = 2;
  Connect(options);
  for (const char* name : {"a", "b", "c", "d", "e"})
    server_.Put(kFolder + "/" + name,
                {{"metadata", {{"labels", {{"l", name[0] < 'd' ? "1" : "2"}}}}}});
  Selector selector;
  selector.labels = "l=1";
  std::vector<std::string> names;
  std::string next;
  int pages = 0;
  do {
    auto page = client_->List(
        kThings, selector, next,
        [&](const value::Value& item) {
          names.emplace_back(item.Get("metadata", "name").string_or_empty());
          EXPECT_EQ(item.Get("kind").string_or_empty(), "Thing");
        },
        cancel_);
    ASSERT_TRUE(page) << page.error().message;
    next = page->next;
    ++pages;
  } while (!next.empty());
  EXPECT_THAT(names, ElementsAre("a", "b", "c"));
  EXPECT_EQ(pages, 2);
}

TEST_F(ClientTest, WaitsOutWhatTheServerAsksFor) {
  Connect();
  std::atomic<int> left{1};
  const auto decision = server_.OnRequest([&](const FakeApiServer::Request&) {
    if (left-- > 0)
      return Fault{Fault::kStatus, 429, "storage is (re)initializing", "Retry-After: 1\r\n", {}};
    return Fault{};
  });
  auto page = client_->List(
      kThings, {}, "", [](const value::Value&) {}, cancel_);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(server_.Count("LIST", "/"), 2);
}

TEST_F(ClientTest, OtherFailuresComeBackAtOnce) {
  ClientOptions options;
  options.deadline = milliseconds(150);
  std::atomic<int> answered{0}, unanswered{0};
  options.answered = [&](std::string_view, int status) { ++(status != 0 ? answered : unanswered); };
  Connect(options);
  server_.Put(kFolder + "/x", {{"spec", {{"text", std::string(500, 'x')}}}});

  struct Case {
    const char* name;
    Fault fault;
    ErrorCode code;
    const char* message;
  };

  const Case cases[] = {
      {"dropped", {Fault::kDrop, 0, "", "", {}}, ErrorCode::kUnavailable, "GET things a/x: "},
      {"reset", {Fault::kReset, 0, "", "", {}}, ErrorCode::kUnavailable, "GET things a/x: "},
      {"never answered",
       {Fault::kHang, 0, "", "", {}},
       ErrorCode::kUnavailable,
       "no answer within"},
      {"half an answer",
       {Fault::kHalf, 0, "", "", {}},
       ErrorCode::kUnavailable,
       "GET things a/x: "},
      {"500",
       {Fault::kStatus, 500, "etcd is ill", "", {}},
       ErrorCode::kUnavailable,
       "GET things a/x: etcd is ill"},
      {"403", {Fault::kStatus, 403, "no", "", {}}, ErrorCode::kDenied, "GET things a/x: no"},
      {"429 for longer than there is time",
       {Fault::kStatus, 429, "slow down", "Retry-After: 60\r\n", {}},
       ErrorCode::kUnavailable,
       "slow down"},
  };
  for (const Case& c : cases) {
    const auto decision = server_.OnRequest([&](const FakeApiServer::Request&) { return c.fault; });
    auto got = client_->Get(kThings, {"a", "x", ""}, cancel_);
    ASSERT_FALSE(got) << c.name;
    EXPECT_EQ(got.error().code, c.code) << c.name << ": " << got.error().message;
    EXPECT_THAT(got.error().message, HasSubstr(c.message)) << c.name;
  }
  EXPECT_TRUE(client_->Get(kThings, {"a", "x", ""}, cancel_));
  EXPECT_EQ(answered, 4);
  EXPECT_EQ(unanswered, 4);
}

TEST_F(ClientTest, WritesNothingWithoutLeave) {
  std::atomic<bool> may{false};
  ClientOptions options;
  options.may_write = [&] { return may.load(); };
  Connect(options);
  const Key key{"a", "x", ""};
  const value::Value object = Json(R"({"metadata":{"name":"x"}})");
  for (const auto& denied : {client_->Apply(kThings, key, object, Part::kMain, "m", cancel_),
                             client_->MergePatch(kThings, key, object, Part::kStatus, cancel_),
                             client_->Create(kThings, "a", object, cancel_),
                             client_->Replace(kThings, key, object, Part::kMain, cancel_)}) {
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().code, ErrorCode::kDenied);
  }
  EXPECT_FALSE(client_->Delete(kThings, key, "", cancel_));
  EXPECT_TRUE(server_.requests().empty());
  // It is asked anew for each attempt: lost while the server wants us to wait, nothing more is
  // sent.
  may = true;
  {
    const auto decision = server_.OnRequest([&](const FakeApiServer::Request&) {
      may = false;
      return Fault{Fault::kStatus, 429, "wait", "", {}};
    });
    auto lost = client_->Apply(kThings, key, object, Part::kMain, "m", cancel_);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, ErrorCode::kDenied);
    EXPECT_EQ(server_.requests().size(), 1u);
  }
  server_.Put("/version", {{"major", "1"}});
  EXPECT_TRUE(client_->GetRaw("/version", cancel_));  // reading needs no leave
  EXPECT_EQ(server_.requests().size(), 2u);
}

TEST_F(ClientTest, DiscoversKinds) {
  Connect();
  server_.Put("/apis/g.io/v1",
              {{"resources",
                {{{"name", "things"}, {"kind", "Thing"}, {"namespaced", true}},
                 {{"name", "things/status"}, {"kind", "Thing"}, {"namespaced", true}},
                 {{"name", "worlds"}, {"kind", "World"}, {"namespaced", false}}}}});
  auto found = client_->Discover("g.io", "v1", cancel_);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(*found, ElementsAre(kThings, Resource{"g.io", "v1", "worlds", "World", false}));
}

TEST_F(ClientTest, AWatchOfAnOldVersionIsExpired) {
  Connect();
  server_.Put(kFolder + "/x", {});
  server_.Compact();

  class Nothing final : public WatchSink {
    void Changed(const value::Value&) override {}

    void Gone(const value::Value&) override {}

    void Reached(std::string_view) override {}
  } sink;

  auto end = client_->Watch(kThings, {}, "1", sink, cancel_);
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(*end, WatchEnd::kExpired);
  EXPECT_EQ(server_.requests().back().query.at("allowWatchBookmarks"), "true");
}

TEST_F(ClientTest, AskForMetadataOnly) {
  Connect();
  Selector selector;
  selector.metadata_only = true;
  ASSERT_TRUE(client_->List(
      kThings, selector, "", [](const value::Value&) {}, cancel_));
  EXPECT_THAT(
      server_.requests().back().headers,
      HasSubstr("Accept: application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"));
}

TEST(TokenBucket, LetsABurstThroughAndThenSoManyASecond) {
  TokenBucket bucket(10, 3);
  TokenBucket::Clock::time_point now = TokenBucket::Clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Reserve(now).count(), 0);
  EXPECT_EQ(bucket.Reserve(now).count(), 101);
  EXPECT_EQ(bucket.Reserve(now).count(), 201);
  bucket.GiveBack();
  EXPECT_EQ(bucket.Reserve(now).count(), 201);
  now += std::chrono::seconds(10);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Reserve(now).count(), 0);
  EXPECT_GT(bucket.Reserve(now).count(), 0);
  TokenBucket unbounded(0, 1);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(unbounded.Reserve(now).count(), 0);
}

}  // namespace
}  // namespace openchoreo::kube
