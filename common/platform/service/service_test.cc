// Logs, metrics, probes and signals: what a program shows of itself and hears.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <cstdio>

#include "common/platform/http/client.h"
#include "common/platform/service/admin.h"
#include "common/platform/service/log.h"
#include "common/platform/service/metrics.h"
#include "common/platform/service/signals.h"

namespace openchoreo::service {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Logged(LogLevel least, LogEncoding encoding) {
  testing::internal::CaptureStderr();
  StartLog(least, encoding);
  LogLine(LogLevel::kDebug, "quiet").Add("a", "b");
  LogLine(LogLevel::kWarn, "a \"b\"\n{")
      .Add("text", "x\ny")
      .Add("n", 7u)
      .Add("ms", 1.5)
      .Add("yes", true)
      .Add("less", std::int64_t{-1});
  std::fflush(stderr);
  return testing::internal::GetCapturedStderr();
}

TEST(Log, JsonLinesHoldWhateverTheyAreTold) {
  EXPECT_THAT(Logged(LogLevel::kInfo, LogEncoding::kJson),
              testing::MatchesRegex("\\{\"time\":\"[0-9T:.-]+Z\",\"level\":\"warning\",\"msg\":\"a "
                                    "\\\\\"b\\\\\"\\\\n\\{\",\"text\":\"x\\\\ny\","
                                    "\"n\":7,\"ms\":1.50,\"yes\":true,\"less\":-1\\}\n"));
  EXPECT_THAT(Logged(LogLevel::kTrace, LogEncoding::kJson),
              HasSubstr("\"msg\":\"quiet\",\"a\":\"b\"}\n"));
  EXPECT_EQ(Logged(LogLevel::kError, LogEncoding::kJson), "");
}

TEST(Log, ConsoleLinesAreLinesToo) {
  EXPECT_THAT(
      Logged(LogLevel::kInfo, LogEncoding::kConsole),
      testing::EndsWith("Z WARN  a \\\"b\\\"\\n{ text=\"x\\ny\" n=7 ms=1.50 yes=true less=-1\n"));
}

TEST(Log, FlagsAreRead) {
  EXPECT_TRUE(StartLog("debug", "console"));
  EXPECT_FALSE(StartLog("loud", "json"));
  EXPECT_FALSE(StartLog("info", "xml"));
  EXPECT_TRUE(StartLog("info", "json"));
}

TEST(MetricsTest, ShowsWhatWasCounted) {
  Metrics metrics("ours_");
  const Counter calls = metrics.AddCounter("calls_total", "Calls.");
  const Counter theirs =
      metrics.AddCounter("controller_runtime_reconcile_total", "Reconciles.", true);
  const Gauge state = metrics.AddGauge("state", "State.");
  const Histogram seconds = metrics.AddHistogram("seconds", "Time.", {1, 2});
  double asked = 3;
  metrics.Ask("waiting", "Waiting.", [&] { return asked; });
  metrics.AskCounter("grown_total", "Grown.", [&] { return 2 * asked; });
  metrics.AddHistogram("quiet", "Nothing yet.", {1}).Show();
  calls.Add(2, {{"code", "200"}});
  theirs.Add();
  state.Set(1, {{"reason", "a"}});
  state.Set(1, {{"reason", "b"}});
  state.Remove({{"reason", "a"}});
  seconds.Observe(1.5, {{"name", "x"}});
  asked = 4;
  const std::string text = metrics.Text();
  for (const char* line :
       {"# HELP ours_calls_total Calls.\n", "# TYPE ours_calls_total counter\n",
        "ours_calls_total{code=\"200\"} 2\n", "\ncontroller_runtime_reconcile_total 1\n",
        "ours_state{reason=\"b\"} 1\n", "ours_seconds_bucket{name=\"x\",le=\"2\"} 1\n",
        "\nours_waiting 4\n", "# TYPE ours_grown_total counter\nours_grown_total 8\n",
        "ours_quiet_count 0\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("reason=\"a\"")));
  seconds.Remove({{"name", "x"}});
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("name=\"x\"")));
}

TEST(Admin, AnswersPages) {
  http::Server server;
  bool ready = false;
  ServeMetrics(server, [] { return std::string("a 1\n"); });
  ServeProbes(
      server, [] { return base::Result<void>(); },
      [&]() -> base::Result<void> {
        if (!ready) return base::Fail(base::ErrorCode::kUnavailable, "not yet");
        return {};
      });
  http::ServerOptions options;
  options.address = "127.0.0.1:0";
  ASSERT_TRUE(server.Bind(options));
  ASSERT_TRUE(server.Start());
  http::Client client;
  const auto get = [&](const char* path) {
    http::Call call;
    call.url = "http://127.0.0.1:" + std::to_string(server.port()) + path;
    auto reply = client.Send(call, {});
    return reply ? std::to_string(reply->status) + " " + reply->body : reply.error().message;
  };
  EXPECT_EQ(get("/metrics"), "200 a 1\n");
  EXPECT_EQ(get("/healthz"), "200 ok\n");
  EXPECT_EQ(get("/readyz"), "503 not yet\n");
  ready = true;
  EXPECT_EQ(get("/readyz"), "200 ok\n");
  EXPECT_EQ(get("/else"), "404 not found\n");
}

TEST(SignalsTest, SetACancel) {
  Signals signals;
  const base::Cancel cancel = signals.Cancelled();
  EXPECT_FALSE(cancel.is_set());
  kill(getpid(), SIGTERM);
  EXPECT_TRUE(cancel.WaitFor(std::chrono::minutes(1)));
}

TEST(SignalsTest, AreWaitedFor) {
  Signals signals;
  pthread_kill(pthread_self(), SIGINT);
  signals.Wait();
}

}  // namespace
}  // namespace openchoreo::service
