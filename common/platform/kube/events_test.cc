#include "common/platform/kube/events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "test/support/fake_api_server.h"

namespace openchoreo::kube {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;
using test::FakeApiServer;

Event MakeEvent(std::string message, std::string reason = "Announced") {
  return {
      {"v1", "Thing", "ns", "x", "uid-1", "7"}, false, std::move(reason), std::move(message), {}};
}

TEST(EventBook, EqualEventsAreOneWithACount) {
  EventBook book;
  const system_clock::time_point now{seconds(1'800'000'000)};
  const auto first = book.Note(MakeEvent("a"), now);
  EXPECT_EQ(first.kind, EventBook::Decision::kCreate);
  const auto second = book.Note(MakeEvent("a"), now + seconds(60));
  EXPECT_EQ(second.kind, EventBook::Decision::kCount);
  EXPECT_EQ(second.count, 2);
  EXPECT_EQ(second.name, first.name);
  EXPECT_EQ(second.first, now);
  const auto other = book.Note(MakeEvent("b"), now + seconds(61));
  EXPECT_EQ(other.kind, EventBook::Decision::kCreate);
  EXPECT_NE(other.name, first.name);
  const auto late = book.Note(MakeEvent("a"), now + seconds(60 + 601));
  EXPECT_EQ(late.kind, EventBook::Decision::kCreate);
  EXPECT_EQ(late.count, 1);
  book.Lost(late.name);
  EXPECT_EQ(book.Note(MakeEvent("a"), now + seconds(700)).kind, EventBook::Decision::kCreate);
}

TEST(EventBook, TwoEventsOfOneMomentHaveTwoNames) {
  EventBook book;
  const system_clock::time_point now{seconds(1)};
  EXPECT_NE(book.Note(MakeEvent("a"), now).name, book.Note(MakeEvent("b"), now).name);
}

TEST(EventBook, ManySimilarEventsBecomeOne) {
  EventBook book;
  const system_clock::time_point now{seconds(1'800'000'000)};
  EventBook::Decision last;
  int created = 0;
  for (int i = 0; i < 20; ++i) {
    last = book.Note(MakeEvent("message " + std::to_string(i)), now + seconds(i));
    created += last.kind == EventBook::Decision::kCreate ? 1 : 0;
  }
  EXPECT_EQ(created, 11);
  EXPECT_EQ(last.kind, EventBook::Decision::kCount);
  EXPECT_EQ(last.count, 10);
  EXPECT_EQ(last.message, "(combined from similar events): message 19");
}

TEST(EventBook, OneObjectCannotFloodAndOthersAreNotHeldUp) {
  EventBook book;
  const system_clock::time_point now{seconds(1'800'000'000)};
  int taken = 0;
  for (int i = 0; i < 100; ++i)
    taken += book.Note(MakeEvent("m", "Reason" + std::to_string(i)), now).kind !=
                     EventBook::Decision::kDrop
                 ? 1
                 : 0;
  EXPECT_EQ(taken, 25);
  Event other = MakeEvent("m");
  other.about.name = "y";
  EXPECT_NE(book.Note(other, now).kind, EventBook::Decision::kDrop);
  EXPECT_NE(book.Note(MakeEvent("m", "Later"), now + seconds(301)).kind,
            EventBook::Decision::kDrop);
}

TEST(EventBook, KeepsABoundedNumber) {
  EventBook book;
  const system_clock::time_point now{seconds(1'800'000'000)};
  for (int i = 0; i < 20'000; ++i) {
    Event event = MakeEvent("m");
    event.about.name = "x" + std::to_string(i);
    book.Note(event, now);
  }
  EXPECT_LE(book.size(), 4096u);
}

TEST(EventObject, HasTheFormOfCoreV1) {
  base::Arena arena;
  Event event = MakeEvent(std::string(2000, 'x'));
  event.warning = true;
  event.annotations = {{"event.toolkit.fluxcd.io/revision", "r"}};
  EventBook book;
  const system_clock::time_point now{seconds(1'796'000'400)};
  const auto decision = book.Note(event, now);
  EXPECT_EQ(decision.message.size(), 1024u);
  event.message = "short";
  EventBook::Decision fixed{EventBook::Decision::kCreate, "x.1", "short", 1, now};
  EXPECT_EQ(
      value::ToJson(EventObject(event, fixed, "ctl", "pod", now, arena)),
      R"({"apiVersion":"v1","count":1,"firstTimestamp":"2026-11-30T01:00:00Z",)"
      R"("involvedObject":{"apiVersion":"v1","kind":"Thing","name":"x","namespace":"ns","resourceVersion":"7","uid":"uid-1"},)"
      R"("kind":"Event","lastTimestamp":"2026-11-30T01:00:00Z","message":"short",)"
      R"("metadata":{"annotations":{"event.toolkit.fluxcd.io/revision":"r"},"name":"x.1","namespace":"ns"},)"
      R"("reason":"Announced","reportingComponent":"ctl","reportingInstance":"pod","source":{"component":"ctl"},"type":"Warning"})");
}

TEST(EventRecorder, SendsOnceAndCountsTheRest) {
  FakeApiServer server;
  http::Client http;
  Access access;
  access.server = server.url();
  auto client = *Client::Connect(access, http);
  {
    EventRecorder recorder(*client, "ctl", "pod", service::SystemClock());
    for (int i = 0; i < 3; ++i) recorder.Record(MakeEvent("a"));
    recorder.Record(MakeEvent("b"));
  }  // waits for what was recorded
  EXPECT_EQ(server.Count("POST", "/api/v1/namespaces/ns/events"), 2);
  EXPECT_EQ(server.Count("PATCH", "/api/v1/namespaces/ns/events/"), 2);
}

TEST(EventRecorder, AnEventThatExpiredIsMadeAnewAndFailuresAreCounted) {
  FakeApiServer server;
  http::Client http;
  Access access;
  access.server = server.url();
  auto client = *Client::Connect(access, http);
  EventRecorder recorder(*client, "ctl", "pod", service::SystemClock());
  recorder.Record(MakeEvent("a"));
  while (server.Count("POST", "/") < 1) std::this_thread::yield();
  for (const auto& request : server.requests()) {
    const auto body = nlohmann::json::parse(request.body);
    const std::string path = request.path + "/" + body["metadata"]["name"].get<std::string>();
    while (server.Get(path).is_null()) std::this_thread::yield();
    server.Remove(path);
  }
  recorder.Record(MakeEvent("a"));
  while (server.Count("POST", "/") < 2) std::this_thread::yield();
  EXPECT_EQ(recorder.dropped(), 0u);
  const auto denied = server.OnRequest([](const FakeApiServer::Request&) {
    return FakeApiServer::Fault{FakeApiServer::Fault::kStatus, 403, "no", "", {}};
  });
  recorder.Record(MakeEvent("c"));
  while (recorder.dropped() == 0) std::this_thread::yield();
}

}  // namespace
}  // namespace openchoreo::kube
