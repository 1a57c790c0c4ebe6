#include "common/platform/service/flag_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace openchoreo::service {
namespace {

struct Program {
  LogFlags log;
  ServerFlags server;
  KubeFlags kube;
  LeaderFlags leader;
  WatchFlags watch;
  bool parsed = false;

  explicit Program(std::vector<std::string> arguments) {
    CLI::App app;
    log.Bind(app);
    server.Bind(app);
    kube.Bind(app);
    leader.Bind(app);
    watch.Bind(app, "things");
    std::reverse(arguments.begin(), arguments.end());
    try {
      app.parse(arguments);
      parsed = true;
    } catch (const CLI::ParseError&) {
    }
  }
};

TEST(FlagGroups, DefaultsAreFluxs) {
  unsetenv("RUNTIME_NAMESPACE");
  const Program program({});
  EXPECT_TRUE(program.parsed);
  EXPECT_FALSE(program.leader.enabled);
  EXPECT_EQ(program.leader.lease_duration.count(), 35'000);
  EXPECT_TRUE(program.leader.release_on_cancel);
  EXPECT_TRUE(program.leader.Check());
  EXPECT_TRUE(program.watch.all_namespaces);
  EXPECT_EQ(program.server.metrics_address, ":8080");
  EXPECT_EQ(program.kube.qps, 50);
}

TEST(FlagGroups, ReadsAllForms) {
  setenv("RUNTIME_NAMESPACE", "flux-system", 1);
  const Program program({"--enable-leader-election", "--watch-all-namespaces=false",
                         "--leader-election-release-on-cancel", "false",
                         "--leader-election-lease-duration=1m", "--leader-election-renew-deadline",
                         "750ms", "--log-level=debug", "--kube-api-qps=2.5",
                         "--metrics-addr=", "--health-addr", ""});
  EXPECT_TRUE(program.parsed);
  EXPECT_TRUE(program.leader.enabled);
  EXPECT_FALSE(program.watch.all_namespaces);
  EXPECT_FALSE(program.leader.release_on_cancel);
  EXPECT_EQ(program.leader.lease_duration.count(), 60'000);
  EXPECT_EQ(program.leader.renew_deadline.count(), 750);
  EXPECT_FALSE(program.leader.Check());  // shorter than the retry period
  EXPECT_EQ(program.log.level, "debug");
  EXPECT_EQ(program.kube.qps, 2.5);
  EXPECT_EQ(program.server.metrics_address, "");
  EXPECT_EQ(program.server.health_address, "");
  EXPECT_EQ(program.watch.own_namespace, "flux-system");
  unsetenv("RUNTIME_NAMESPACE");
}

TEST(FlagGroups, RefusesWhatIsNone) {
  for (const char* bad :
       {"--leader-election-retry-period=5", "--enable-leader-election=maybe", "--log-level=loud",
        "--log-encoding=xml", "--kube-api-qps=-1", "--kube-api-burst=many"}) {
    EXPECT_FALSE(Program({bad}).parsed) << bad;
  }
}

}  // namespace
}  // namespace openchoreo::service
