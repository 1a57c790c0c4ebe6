#include "common/platform/http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "test/support/socket_server.h"

namespace openchoreo::http {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using test::Connection;
using test::SocketServer;
using testing::HasSubstr;
using testing::Not;

TEST(HttpClient, SendsWhatItIsToldAndGivesTheWholeAnswer) {
  std::string seen;
  SocketServer server([&](Connection& connection) {
    seen = connection.ReadRequest();
    connection.Answer("404 Not Found", "nothing here", "X-Thing: One\r\nx-thing: two\r\n");
  });
  Client client;
  Call call;
  call.method = "PATCH";
  call.url = server.url() + "/a?b=c";
  call.headers = {{"Content-Type", "application/apply-patch+yaml"}, {"Authorization", "Bearer x"}};
  call.body = "{\"a\":1}";
  auto reply = client.Send(call, {});
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 404);
  EXPECT_EQ(reply->body, "nothing here");
  EXPECT_EQ(reply->Header("x-thing"), "One");
  EXPECT_EQ(reply->Header("x-other"), "");
  EXPECT_THAT(seen, testing::StartsWith("PATCH /a?b=c HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("Content-Type: application/apply-patch+yaml\r\n"));
  EXPECT_THAT(seen, HasSubstr("Authorization: Bearer x\r\n"));
  EXPECT_THAT(seen, Not(HasSubstr("Expect")));
  EXPECT_THAT(seen, testing::EndsWith("\r\n\r\n{\"a\":1}"));
}

TEST(HttpClient, UsesAConnectionAgain) {
  SocketServer server([&](Connection& connection) {
    while (!connection.ReadRequest().empty()) connection.Answer("200 OK", "x");
  });
  Client client;
  Call call;
  call.url = server.url();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client.Send(call, {}));
  EXPECT_EQ(server.connections(), 1);
}

struct Failure {
  const char* name;
  std::function<void(Connection&)> serve;
  std::function<void(Call&)> ask;
  ErrorCode code;
  const char* message;
};

TEST(HttpClient, EveryCallEnds) {
  const Failure failures[] = {
      {"never answers", [](Connection& c) { c.Hang(); },
       [](Call& call) { call.answer = milliseconds(50); }, ErrorCode::kUnavailable,
       "no answer within 50 ms"},
      {"half a header",
       [](Connection& c) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Le");
         c.Hang();
       },
       [](Call& call) { call.answer = milliseconds(50); }, ErrorCode::kUnavailable,
       "no answer within 50 ms"},
      {"stalls in the body",
       [](Connection& c) {
         c.ReadRequest();
         c.Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
         c.Hang();
       },
       [](Call& call) { call.stall = milliseconds(50); }, ErrorCode::kUnavailable,
       "the server has sent nothing for 50 ms"},
      {"drips for ever",
       [](Connection& c) {
         c.ReadRequest();
         c.Send("HTTP/1.1 200 OK\r\n\r\n");
         while (c.Send("x")) std::this_thread::sleep_for(milliseconds(5));
       },
       [](Call& call) { call.whole = milliseconds(60); }, ErrorCode::kUnavailable,
       "not done within 60 ms"},
      {"breaks off",
       [](Connection& c) {
         c.ReadRequest();
         c.Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
       },
       [](Call&) {}, ErrorCode::kUnavailable, "transfer closed with 6 bytes remaining to read"},
      {"resets",
       [](Connection& c) {
         c.ReadRequest();
         c.Reset();
       },
       [](Call&) {}, ErrorCode::kUnavailable, "127.0.0.1"},
      {"not HTTP at all",
       [](Connection& c) {
         c.ReadRequest();
         c.Send("SSH-2.0-OpenSSH_9.2\r\n");
       },
       [](Call&) {}, ErrorCode::kUnavailable, "127.0.0.1"},
      {"too much",
       [](Connection& c) {
         c.ReadRequest();
         c.Answer("200 OK", std::string(5000, 'x'));
       },
       [](Call& call) { call.max_body_bytes = 4999; }, ErrorCode::kLimit,
       "the answer is larger than 4999 bytes"},
      {"another protocol", [](Connection&) {}, [](Call& call) { call.url = "file:///etc/passwd"; },
       ErrorCode::kUsage, "is no http or https URL"},
      {"no URL", [](Connection&) {}, [](Call& call) { call.url = "http://"; }, ErrorCode::kUsage,
       "is no http or https URL"},
  };
  Client client;
  for (const Failure& failure : failures) {
    SCOPED_TRACE(failure.name);
    SocketServer server(failure.serve);
    Call call;
    call.url = server.url() + "/thing";
    failure.ask(call);
    auto reply = client.Send(call, {});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, failure.code) << reply.error().message;
    EXPECT_THAT(reply.error().message, HasSubstr(failure.message));
  }
}

TEST(HttpClient, CancelEndsACallThatRunsAndOneThatComes) {
  SocketServer server([](Connection& connection) { connection.Hang(); });
  Client client;
  Call call;
  call.url = server.url();
  base::Cancel cancel;
  std::thread caller([&] {
    auto reply = client.Send(call, cancel);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::kCancelled);
  });
  while (server.connections() == 0) std::this_thread::yield();
  cancel.Set();
  caller.join();
  auto late = client.Send(call, cancel);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kCancelled);
}

TEST(HttpClient, MessagesHideWhatIsSecret) {
  EXPECT_EQ(UrlForMessages("https://user:pw@host:1/p/q?token=x#f"), "https://host:1/p/q");
  EXPECT_EQ(UrlForMessages("http://host/a@b"), "http://host/a@b");
  EXPECT_EQ(UrlForMessages("user:pw@host"), "host");
  Client client;
  Call call;
  call.url = "http://someone:hunter2@127.0.0.1:1/x?token=secret";
  auto reply = client.Send(call, {});
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().message, HasSubstr("http://127.0.0.1:1/x: "));
  EXPECT_THAT(reply.error().message, Not(HasSubstr("hunter2")));
  EXPECT_THAT(reply.error().message, Not(HasSubstr("secret")));
}

TEST(HttpClient, FollowsRedirectsOnlyWhenAskedAndWithinTheHost) {
  SocketServer elsewhere([](Connection& connection) {
    connection.ReadRequest();
    connection.Answer("200 OK", "elsewhere");
  });
  const std::string other = "http://localhost:" + std::to_string(elsewhere.port()) + "/";
  SocketServer server([&](Connection& connection) {
    for (;;) {
      const std::string request = connection.ReadRequest();
      if (request.empty()) return;
      if (request.starts_with("GET /a ")) {
        connection.Answer("307 Temporary Redirect", "", "Location: /b\r\n");
      } else if (request.starts_with("GET /away ")) {
        connection.Answer("302 Found", "", "Location: " + other + "\r\n");
      } else if (request.starts_with("GET /file ")) {
        connection.Answer("302 Found", "", "Location: file:///etc/passwd\r\n");
      } else if (request.starts_with("GET /loop ")) {
        connection.Answer("302 Found", "", "Location: /loop\r\n");
      } else {
        connection.Answer("200 OK", "here");
      }
    }
  });
  Client client;
  Call call;
  call.url = server.url() + "/a";
  EXPECT_EQ(client.Send(call, {})->status, 307);
  call.max_redirects = 3;
  EXPECT_EQ(client.Send(call, {})->body, "here");
  call.url = server.url() + "/loop";
  EXPECT_EQ(client.Send(call, {})->status, 302);
  for (const char* path : {"/away", "/file"}) {
    call.url = server.url() + path;
    auto away = client.Send(call, {});
    ASSERT_FALSE(away) << path;
    EXPECT_EQ(away.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(away.error().message, HasSubstr("which is not followed"));
  }
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(HttpClient, StreamsInOrderAndHoldsAFastServerBack) {
  const std::size_t total = 24u << 20;
  std::atomic<std::size_t> sent{0};
  SocketServer server([&](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(total) + "\r\n\r\n");
    std::string chunk;
    for (std::size_t at = 0; at < total; at += 1u << 16) {
      chunk.assign(1u << 16, static_cast<char>('a' + (at >> 16) % 26));
      if (!connection.Send(chunk)) return;
      sent += chunk.size();
    }
  });
  Client client;
  Call call;
  call.url = server.url();
  call.max_body_bytes = 10;  // does not count for what is streamed
  std::size_t got = 0, most_ahead = 0;
  bool started = false, ordered = true;
  StreamReader reader;
  reader.started = [&](const Reply& reply) {
    started = reply.status == 200;
    return true;
  };
  reader.take = [&](std::string_view bytes) {
    if (got == 0) std::this_thread::sleep_for(milliseconds(100));
    for (char c : bytes) ordered = ordered && c == static_cast<char>('a' + (got++ >> 16) % 26);
    most_ahead = std::max(most_ahead, sent.load() - std::min(sent.load(), got));
    return true;
  };
  auto end = client.Stream(call, reader, {});
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_TRUE(started && ordered);
  EXPECT_EQ(got, total);
  EXPECT_LT(most_ahead, total / 2);  // what sockets and the two sides keep, not the body
}

TEST(HttpClient, AStreamEndsWhenItsReaderHasEnough) {
  SocketServer server([&](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\n\r\n");
    while (connection.Send("x")) std::this_thread::sleep_for(milliseconds(1));
  });
  Client client;
  Call call;
  call.url = server.url();
  std::size_t got = 0;
  auto end = client.Stream(
      call, {{}, [&](std::string_view bytes) { return (got += bytes.size()) < 3; }}, {});
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->status, 200);
  EXPECT_GE(got, 3u);
  end = client.Stream(
      call, {[](const Reply&) { return false; }, [](std::string_view) { return true; }}, {});
  EXPECT_TRUE(end);
}

TEST(HttpClient, ARefusedStreamComesBackWithItsBody) {
  SocketServer server([&](Connection& connection) {
    connection.ReadRequest();
    connection.Answer("410 Gone", "0123456789");
  });
  Client client;
  Call call;
  call.url = server.url();
  call.max_body_bytes = 4;
  auto end = client.Stream(call, {{}, [&](std::string_view) { return false; }}, {});
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->status, 410);
  EXPECT_EQ(end->body, "0123");
}

TEST(HttpClient, AStreamThatBreaksOffIsAnError) {
  SocketServer server([&](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n7\r\nx");
  });
  Client client;
  Call call;
  call.url = server.url();
  std::string got;
  auto end = client.Stream(call,
                           {{},
                            [&](std::string_view bytes) {
                              got += bytes;
                              return true;
                            }},
                           {});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(got, "abcx");
}

TEST(HttpClient, ServesManyThreadsAtOnce) {
  SocketServer server([&](Connection& connection) {
    for (;;) {
      const std::string request = connection.ReadRequest();
      if (request.empty()) return;
      connection.Answer("200 OK", request.substr(4, request.find(" HTTP") - 4));
    }
  });
  Client client;
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        Call call;
        const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
        call.url = server.url() + path;
        base::Cancel cancel;
        auto reply = client.Send(call, cancel);
        if (reply && reply->body == path) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 400);
}

}  // namespace
}  // namespace openchoreo::http
