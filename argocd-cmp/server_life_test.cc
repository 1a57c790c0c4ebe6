// How a server begins, stops and serves many clients at once.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "argocd-cmp/server_for_tests.h"
#include "test/support/archive_builder.h"

namespace openchoreo::argocd {
namespace {

using namespace std::chrono_literals;
using test::BuildArchive;
using testing::HasSubstr;

TEST_F(ServerTest, StaleSocketIsReplacedALiveOneIsNot) {
  // Stale: bound, never listened on again.
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "%s", options_.socket.c_str());
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  close(fd);
  Start();
  Server second(options_, generation_.get(), &contents_, &metrics_);
  auto started = second.Start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("another server listens"));
  ServerOptions longer = options_;
  longer.socket = folder_ + "/" + std::string(120, 's');
  started = Server(longer, generation_.get(), &contents_, &metrics_).Start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("longer than the 107 bytes"));
  ServerOptions file = options_;
  file.socket = folder_ + "/file";
  std::ofstream(file.socket) << "x";
  started = Server(file, generation_.get(), &contents_, &metrics_).Start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("is no socket"));
  unlink(file.socket.c_str());
}

TEST_F(ServerTest, StopLetsRunningCallsEndAndAnswersTheRest) {
  options_.grace = 600ms;
  Start();
  Answer quick, slow;
  std::thread a([&] { quick = Generate({.archive = BuildArchive({{"a.yaml", "sleep: 400"}})}); });
  std::thread b([&] { slow = Generate({.archive = BuildArchive({{"b.yaml", "sleep: 30000"}})}); });
  std::this_thread::sleep_for(150ms);
  server_->Stop();
  a.join();
  b.join();
  EXPECT_TRUE(quick.status.ok()) << quick.status.error_message();
  EXPECT_EQ(slow.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(slow.status.error_message(), HasSubstr("being stopped"));
}

TEST_F(ServerTest, PingsAsArgoCdSendsThem) {
  options_.keepalive_min = 100ms;
  Start();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 200);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  auto stub = plugin::ConfigManagementPluginService::NewStub(grpc::CreateCustomChannel(
      "unix:" + options_.socket, grpc::InsecureChannelCredentials(), arguments));
  Answer answer = Generate(*stub, {.archive = BuildArchive({{"a.yaml", "sleep: 2500"}})});
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
}

// Two of one question render once; the metrics say which answer came from where.
TEST_F(ServerTest, TheSameQuestionIsRenderedOnce) {
  options_.workers = 8;
  Start();
  std::vector<std::thread> threads;
  std::atomic<int> ok{0};
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      ok += Generate({.archive = BuildArchive({{"a.yaml", "sleep: 500"}})}).status.ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ok, 6);
  EXPECT_THAT(metrics_.Text(), HasSubstr(R"(answers_total{source="rendered"} 1)"));
}

// Whoever looks for a failed Application in the log finds it, with its reason, in one line.
TEST_F(ServerTest, ARefusedCallIsOneLineOfTheLog) {
  service::StartLog(service::LogLevel::kInfo);
  Start();
  const std::vector<std::pair<std::string, std::string>> app = {
      {"ARGOCD_APP_NAME", "shop-dev"}, {"ARGOCD_APP_PROJECT_NAME", "shop"}};
  auto broken = app;
  broken.emplace_back("ARGOCD_APP_PARAMETERS", R"([{"name":"nope"}])");
  testing::internal::CaptureStderr();
  EXPECT_FALSE(
      Generate({.archive = BuildArchive({{"a.yaml", "fail: here"}}), .env = app}).status.ok());
  EXPECT_FALSE(Generate({.archive = BuildArchive({{"a.yaml", "x"}}), .env = broken}).status.ok());
  server_->Stop();
  std::istringstream log(testing::internal::GetCapturedStderr());
  service::StartLog(service::LogLevel::kError);
  int lines = 0;
  for (std::string line; std::getline(log, line);) {
    EXPECT_THAT(line, HasSubstr(R"("app":"shop-dev","project":"shop")"));
    EXPECT_THAT(line, HasSubstr(R"("phase":")"));
    EXPECT_THAT(line, HasSubstr(R"("reason":")"));
    ++lines;
  }
  EXPECT_EQ(lines, 2);
}

// A Git server that accepts and never answers holds those who ask for it, and nobody else.
TEST_F(ServerTest, SourcesThatHangHoldNobodyElse) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(listener, 64), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  const std::string host = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  GitOptions allowed;
  allowed.allowed = {host + "**"};
  allowed.work_folder = folder_ + "/work";
  GitSources git(allowed, &contents_);
  options_.workers = 2;
  Start({}, &git);
  std::vector<std::thread> threads;
  std::atomic<int> answered{0}, refused{0};
  for (int i = 0; i < 40; ++i) {  // more than there are threads to fetch and to receive
    threads.emplace_back([&, i] {
      const std::string source = host + std::to_string(i) + ".git?ref=" + std::string(40, 'a');
      Answer answer = Generate({.archive = BuildArchive({{"a.yaml", "x"}}),
                                .env = {{"ARGOCD_APP_PARAMETERS",
                                         R"([{"name":"sources","array":[")" + source + "\"]}]"}}});
      ++answered;
      refused += answer.status.ok() ? 0 : 1;
    });
  }
  while (server_->waiting() == 0 && answered == 0) std::this_thread::sleep_for(10ms);
  for (int i = 0; i < 20; ++i) {
    Answer answer = Generate({.archive = BuildArchive({{"a.yaml", std::to_string(i)}})});
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  }
  // One that is not allowed is refused at once, whatever else would have to be fetched first.
  const std::string ref = ".git?ref=" + std::string(40, 'a');
  Answer answer = Generate(
      {.archive = BuildArchive({{"a.yaml", "x"}}),
       .env = {{"ARGOCD_APP_PARAMETERS", R"([{"name":"sources","array":[")" + host + "41" + ref +
                                             R"(","https://elsewhere/x)" + ref + "\"]}]"}}});
  EXPECT_THAT(answer.status.error_message(),
              HasSubstr("does not allow the repository https://elsew"));
  EXPECT_EQ(answered, 0);
  server_->Stop();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused, 40);
  close(listener);
  std::filesystem::remove_all(allowed.work_folder);
}

TEST_F(ServerTest, ManyClientsAtOnce) {
  Start();
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      auto stub = Connect();
      for (int i = 0; i < 20; ++i) {
        std::string text = std::to_string(t) + "-" + std::to_string(i % 5);
        Answer answer = Generate(*stub, {.archive = BuildArchive({{"a.yaml", text}})});
        if (!answer.status.ok() || answer.response.manifests_size() != 1 ||
            answer.response.manifests(0).find("\"text\":\"" + text + "\"") == std::string::npos) {
          ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace openchoreo::argocd
