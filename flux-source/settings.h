// The controller's flags (contract: flux-source/README.md), as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/platform/service/flag_groups.h"

namespace openchoreo::flux {

struct Settings {
  std::string storage_path = "/data", storage_addr = ":9090", storage_adv_addr;
  std::string own_url;  // "http://<host>:<port>/" of this replica alone; the host by $POD_IP
  std::chrono::milliseconds retention_ttl{600'000};
  unsigned retention_records = 2;
  std::uint64_t source_max_size = 128u << 20;
  std::uint64_t source_max_files = 100'000;
  std::uint64_t artifact_max_size = 50u << 20;
  unsigned http_retry = 3;
  std::chrono::milliseconds http_stall_timeout{30'000};
  unsigned concurrent = 4;
  unsigned render_jobs = 0;  // 0: the cores
  std::uint64_t render_cache_size = 256u << 20;
  std::chrono::milliseconds min_retry_delay{750}, max_retry_delay{900'000};
  std::chrono::milliseconds requeue_dependency{5'000};
  unsigned interval_jitter_percentage = 5;
  bool no_cross_namespace_refs = false;
  std::string events_addr;
  bool no_sandbox = false;
  service::LogFlags log;
  service::ServerFlags server;
  service::KubeFlags kube;
  service::LeaderFlags leader;
  service::WatchFlags watch;
};

// "128Mi", "50M", "1024": bytes with the suffixes Ki Mi Gi k M G. Errors: kUsage.
base::Result<std::uint64_t> ParseBytes(std::string_view text);

// Fills what has no fixed default (the advertised address, render_jobs) and refuses what cannot
// work. Errors: kUsage, naming the flag.
base::Result<Settings> Complete(Settings settings);

// "http://<host>:<port>/" of an advertised address, which may name the scheme itself.
std::string UrlPrefix(const std::string& advertised);

// The Lease that replicas of these settings share.
std::string LeaseName(const std::string& label_selector);

}  // namespace openchoreo::flux
