#include "flux-source/settings.h"

#include <gtest/gtest.h>

namespace openchoreo::flux {
namespace {

TEST(ParseBytes, Suffixes) {
  const std::pair<const char*, std::uint64_t> good[] = {
      {"0", 0},     {"1024", 1024},     {"128Mi", 128u << 20}, {"2Gi", 2ull << 30},
      {"3k", 3000}, {"50M", 50'000'000}};
  for (const auto& [text, want] : good) EXPECT_EQ(*ParseBytes(text), want) << text;
  for (const char* bad : {"", "Mi", "-1", "1.5Mi", "1 Mi", "1mi", "99999999999Gi"}) {
    EXPECT_FALSE(ParseBytes(bad)) << bad;
  }
}

TEST(Complete, AdvertisedAddress) {
  Settings settings;
  settings.storage_addr = "127.0.0.1:9000";
  EXPECT_EQ(Complete(settings)->storage_adv_addr, "127.0.0.1:9000");
  settings.storage_adv_addr = "https://files.example/";
  EXPECT_EQ(Complete(settings)->storage_adv_addr, "https://files.example");
  settings = {};
  EXPECT_TRUE(Complete(settings)->storage_adv_addr.ends_with(":9090"));
  settings.watch.own_namespace = "flux-system";
  EXPECT_EQ(Complete(settings)->storage_adv_addr,
            "openchoreo-flux-source.flux-system.svc.cluster.local.");
  EXPECT_GE(Complete(settings)->render_jobs, 1u);
  settings.leader.retry_period = settings.leader.renew_deadline;
  EXPECT_FALSE(Complete(settings));
}

TEST(Complete, OwnUrl) {
  Settings settings;
  settings.storage_addr = "127.0.0.1:9000";
  settings.storage_adv_addr = "service.example";
  EXPECT_EQ(Complete(settings)->own_url, "http://127.0.0.1:9000/");
  settings.storage_addr = ":9090";
  ::setenv("POD_IP", "10.0.0.7", 1);
  EXPECT_EQ(Complete(settings)->own_url, "http://10.0.0.7:9090/");
  ::setenv("POD_IP", "fd00::7", 1);
  EXPECT_EQ(Complete(settings)->own_url, "http://[fd00::7]:9090/");
  ::unsetenv("POD_IP");
}

TEST(UrlPrefix, SchemeMayBeGiven) {
  EXPECT_EQ(UrlPrefix("host:9090"), "http://host:9090/");
  EXPECT_EQ(UrlPrefix("https://host"), "https://host/");
}

TEST(LeaseName, ByShard) {
  EXPECT_EQ(LeaseName(""), "openchoreo-flux-source-leader-election");
  EXPECT_EQ(LeaseName("sharding.fluxcd.io/key=shard1").size(), LeaseName("").size() + 9);
}

}  // namespace
}  // namespace openchoreo::flux
