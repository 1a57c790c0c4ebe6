#include "common/platform/http/server.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "common/platform/http/client.h"
#include "test/support/socket_server.h"

namespace openchoreo::http {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

// A connection of a client that does as it likes.
class Raw {
 public:
  explicit Raw(int port) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) std::abort();
  }

  ~Raw() { close(fd_); }

  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  bool Send(std::string_view text) {
    return send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  // Up to `most` bytes; "" at the end.
  std::string Receive(std::size_t most = 65536) {
    std::string bytes(most, '\0');
    const ssize_t n = recv(fd_, bytes.data(), bytes.size(), 0);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }

  std::string ReceiveAll() {
    std::string all, part;
    while (!(part = Receive()).empty()) all += part;
    return all;
  }

  int fd() const { return fd_; }

 private:
  int fd_;
};

std::string TemporaryFile(const std::string& bytes) {
  std::string path = testing::TempDir() + "/served-XXXXXX";
  const int fd = mkstemp(path.data());
  EXPECT_EQ(write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  close(fd);
  return path;
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    for (std::size_t i = 0; bytes_.size() < (5u << 20); ++i) bytes_ += std::to_string(i) + " ";
    path_ = TemporaryFile(bytes_);
  }

  ~ServerTest() override { unlink(path_.c_str()); }

  void Start(ServerOptions options = {}) {
    if (options.address.empty()) options.address = "127.0.0.1:0";
    server_.Handle("/page", [](const Request& request) {
      Response response;
      response.body = "page " + std::string(request.query);
      return response;
    });
    server_.Handle("/files/", [this](const Request& request) {
      Response response;
      if (request.path != "/files/big") {
        response.status = 404;
        return response;
      }
      response.content_type = "application/gzip";
      response.etag = "digest";
      response.file = OpenFile(open(path_.c_str(), O_RDONLY | O_CLOEXEC), bytes_.size());
      return response;
    });
    server_.OnAnswered([this](const Answered& answered) {
      std::lock_guard lock(mutex_);
      answered_.push_back(std::string(answered.handler) + " " + std::to_string(answered.status) +
                          " " + std::to_string(answered.body_bytes));
    });
    auto bound = server_.Bind(options);
    ASSERT_TRUE(bound) << bound.error().message;
    auto started = server_.Start();
    ASSERT_TRUE(started) << started.error().message;
  }

  Call To(const std::string& path, Headers headers = {}, const std::string& method = "GET") {
    Call call;
    call.method = method;
    call.url = "http://127.0.0.1:" + std::to_string(server_.port()) + path;
    call.headers = std::move(headers);
    return call;
  }

  Reply Ask(const Call& call) {
    auto reply = client_.Send(call, {});
    EXPECT_TRUE(reply) << reply.error().message;
    return reply ? *reply : Reply();
  }

  std::string bytes_, path_;
  std::mutex mutex_;

  std::vector<std::string> answered() {
    std::lock_guard lock(mutex_);
    return answered_;
  }

  std::vector<std::string> answered_;
  Server server_;
  Client client_;
};

TEST_F(ServerTest, AnswersWhatItWasToldTo) {
  Start();
  EXPECT_EQ(Ask(To("/page?a=b")).body, "page a=b");
  EXPECT_EQ(Ask(To("/page")).Header("content-type"), "text/plain; charset=utf-8");
  for (const char* path : {"/", "/pagex", "/page/", "/files", "/files/x", "/%70age", "/page%00"})
    EXPECT_EQ(Ask(To(path)).status, 404) << path;
  const Reply head = Ask(To("/page?abc", {}, "HEAD"));
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(head.Header("content-length"), "8");
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "BREW"}) {
    Call call = To("/page", {}, method);
    call.body = "x";
    const Reply reply = Ask(call);
    EXPECT_EQ(reply.status, 405) << method;
    EXPECT_EQ(reply.Header("allow"), "GET, HEAD");
  }
  EXPECT_THAT(answered(), testing::Contains("/page 200 8"));
  EXPECT_THAT(answered(), testing::Contains("/page 200 0"));
  EXPECT_THAT(answered(), testing::Contains(" 404 10"));
}

TEST_F(ServerTest, SendsFilesWholeAndInParts) {
  Start();
  Reply reply = Ask(To("/files/big"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("etag"), "\"digest\"");
  EXPECT_EQ(reply.Header("content-type"), "application/gzip");
  EXPECT_TRUE(reply.body == bytes_);

  const std::string size = std::to_string(bytes_.size());
  reply = Ask(To("/files/big", {{"Range", "bytes=100-199"}}));
  EXPECT_EQ(reply.status, 206);
  EXPECT_EQ(reply.body, bytes_.substr(100, 100));
  EXPECT_EQ(reply.Header("content-range"), "bytes 100-199/" + size);
  EXPECT_EQ(Ask(To("/files/big", {{"Range", "bytes=-9"}})).body, bytes_.substr(bytes_.size() - 9));
  EXPECT_EQ(Ask(To("/files/big", {{"Range", "bytes=4000000-"}})).body, bytes_.substr(4000000));
  reply = Ask(To("/files/big", {{"Range", "bytes=" + size + "-"}}));
  EXPECT_EQ(reply.status, 416);
  EXPECT_EQ(reply.Header("content-range"), "bytes */" + size);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(Ask(To("/files/big", {{"Range", "bytes=1-2"}, {"If-Range", "\"old\""}})).status, 200);
  reply = Ask(To("/files/big", {{"If-None-Match", "\"digest\""}}));
  EXPECT_EQ(reply.status, 304);
  EXPECT_EQ(reply.Header("etag"), "\"digest\"");
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(
      Ask(To("/files/big", {{"If-None-Match", "\"other\""}}, "HEAD")).Header("content-length"),
      size);
}

TEST_F(ServerTest, ManyClientsAtOnceGetTheirBytes) {
  Start();
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 4; ++i) {
        auto reply = client_.Send(To("/files/big"), {});
        if (reply && reply->body == bytes_) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 32);
}

TEST_F(ServerTest, ADrippingClientIsCutOffAndHoldsUpNobody) {
  ServerOptions options;
  options.threads = 1;
  options.request_deadline = milliseconds(300);
  options.idle = std::chrono::hours(1);
  Start(options);
  for (const char* first : {"G", "GET /page HTTP/1.1\r\nX: ",
                            "GET /page HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"}) {
    Raw dripping(server_.port());
    dripping.Send(first);
    int sent = 0;
    while (dripping.Send("x") && sent < 500) {
      EXPECT_EQ(Ask(To("/page")).status, 200);
      ++sent;
      std::this_thread::sleep_for(milliseconds(10));
    }
    EXPECT_LT(sent, 500) << first;
  }
}

TEST_F(ServerTest, AConnectionIsGoodForManyRequestsWithPausesBetween) {
  ServerOptions options;
  options.request_deadline = milliseconds(100);
  Start(options);
  Raw patient(server_.port());
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(patient.Send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_THAT(patient.Receive(), StartsWith("HTTP/1.1 200 OK\r\n"));
    std::this_thread::sleep_for(milliseconds(150));  // longer than a request may take
  }
}

TEST_F(ServerTest, AnIdleConnectionEnds) {
  ServerOptions options;
  options.idle = milliseconds(50);
  Start(options);
  Raw idle(server_.port());
  EXPECT_EQ(idle.Receive(), "");
}

TEST_F(ServerTest, ASlowReaderGetsItsFileHoweverLongItTakes) {
  ServerOptions options;
  options.request_deadline = milliseconds(50);
  options.idle = milliseconds(50);
  Start(options);
  Raw slow(server_.port());
  int small = 1 << 17;
  setsockopt(slow.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  slow.Send("GET /files/big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  std::string got;
  for (;;) {
    const std::string part = slow.Receive(1u << 16);
    if (part.empty()) break;
    got += part;
    if (got.size() < 2'000'000) std::this_thread::sleep_for(milliseconds(3));
  }
  EXPECT_TRUE(got.ends_with(bytes_));
}

TEST_F(ServerTest, AReaderThatStandsStillIsCutOff) {
  ServerOptions options;
  options.stall = std::chrono::seconds(1);
  options.idle = milliseconds(500);
  Start(options);
  Raw still(server_.port());
  still.Send("GET /files/big HTTP/1.1\r\nHost: a\r\n\r\n");
  for (int i = 0; i < 1000 && server_.connections() == 0; ++i)
    std::this_thread::sleep_for(milliseconds(5));
  for (int i = 0; i < 2000 && server_.connections() > 0; ++i)
    std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(server_.connections(), 0u);
}

TEST_F(ServerTest, WhereConnectionsRunOutTheIdleGo) {
  ServerOptions options;
  options.max_connections = 40;
  options.threads = 2;
  Start(options);
  std::vector<std::unique_ptr<Raw>> idle;
  for (int i = 0; i < 120; ++i) idle.push_back(std::make_unique<Raw>(server_.port()));
  Client fresh;
  Call call = To("/page?x");
  call.whole = call.answer = milliseconds(20'000);
  auto reply = fresh.Send(call, {});
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->body, "page x");
  EXPECT_LE(server_.connections(), 40u);
}

TEST_F(ServerTest, LivesThroughNonsense) {
  ServerOptions options;
  options.request_deadline = milliseconds(200);
  options.idle = std::chrono::hours(1);
  Start(options);
  const std::string texts[] = {
      "\r\n\r\n\r\n",
      std::string("GET /\0page HTTP/1.1\r\n\r\n", 24),
      "GET /page HTTP/9.9\r\n\r\n",
      "GET\r\n\r\n",
      "GET /page HTTP/1.1\r\n\r\n",  // no Host
      "GET /page HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "GET /page HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "GET " + std::string(100'000, 'x') + " HTTP/1.1\r\n\r\n",
      "GET /page HTTP/1.1\r\n" + std::string(50'000, 'h') + ": v\r\n\r\n",
      "GET /page HTTP/1.1\r\nHost: a\r\nRange: bytes=" + std::string(5'000, '1') + "-\r\n\r\n",
      std::string(3000, '\xff'),
      "\x16\x03\x01\x02",  // somebody speaks TLS
  };
  for (const std::string& text : texts) {
    Raw raw(server_.port());
    raw.Send(text);
    shutdown(raw.fd(), SHUT_WR);
    raw.ReceiveAll();
    EXPECT_EQ(Ask(To("/page")).status, 200);
  }
}

TEST_F(ServerTest, StopLetsRequestsUnderWayEnd) {
  std::atomic<bool> asked{false}, stopped{false};
  server_.Handle("/slow", [&](const Request&) {
    asked = true;
    while (!stopped) std::this_thread::yield();
    std::this_thread::sleep_for(milliseconds(20));
    Response response;
    response.body = "done";
    return response;
  });
  Start();
  std::thread client([&] { EXPECT_EQ(Ask(To("/slow")).body, "done"); });
  while (!asked) std::this_thread::yield();
  std::thread stopping([&] { server_.Stop(milliseconds(10'000)); });
  stopped = true;
  client.join();
  stopping.join();
  auto late = client_.Send(To("/page"), {});
  EXPECT_FALSE(late);
}

TEST(HttpListen, TakesBothKindsOfAddress) {
  for (const char* address : {":0", "0.0.0.0:0", "127.0.0.1:0", "[::1]:0", "[::]:0"}) {
    Server server;
    server.Handle("/", [](const Request&) { return Response(); });
    ServerOptions options;
    options.address = address;
    auto bound = server.Bind(options);
    if (!bound && std::string_view(address).starts_with("[")) continue;  // no IPv6 here
    ASSERT_TRUE(bound) << bound.error().message;
    ASSERT_TRUE(server.Start());
    const bool v6 = std::string_view(address).starts_with("[");
    Client client;
    Call call;
    call.url =
        std::string(v6 ? "http://[::1]:" : "http://127.0.0.1:") + std::to_string(server.port());
    auto reply = client.Send(call, {});
    ASSERT_TRUE(reply) << address << ": " << reply.error().message;
    EXPECT_EQ(reply->status, 200);
  }
}

TEST(HttpListen, TellsThatSomebodyElseListens) {
  Server first, second;
  ServerOptions options;
  options.address = "127.0.0.1:0";
  ASSERT_TRUE(first.Bind(options));
  options.address = "127.0.0.1:" + std::to_string(first.port());
  const auto bound = second.Bind(options);
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, base::ErrorCode::kUnavailable);
  EXPECT_THAT(bound.error().message, HasSubstr(options.address));
}

TEST(HttpListen, RefusesWhatIsNone) {
  for (const char* address : {"", "x", "localhost:80", "1.2.3.4", "127.0.0.1:99999", "::1:80",
                              "127.0.0.1:", "256.0.0.1:80", "203.0.113.7:0"}) {
    Server server;
    ServerOptions options;
    options.address = address;
    auto bound = server.Bind(options);
    ASSERT_FALSE(bound) << address;
    EXPECT_EQ(bound.error().code, base::ErrorCode::kUsage);
    EXPECT_THAT(bound.error().message, HasSubstr(address));
  }
}

}  // namespace
}  // namespace openchoreo::http
