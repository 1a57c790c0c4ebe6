// openchoreo-health-mapper: writes what became of the manifests into the bindings' status.
#include <CLI/CLI.hpp>
#include <atomic>
#include <iostream>
#include <thread>

#include "common/base/exit_code.h"
#include "common/base/version.h"
#include "common/platform/http/server.h"
#include "common/platform/kube/access.h"
#include "common/platform/kube/lease.h"
#include "common/platform/service/admin.h"
#include "common/platform/service/flag_groups.h"
#include "common/platform/service/log.h"
#include "common/platform/service/signals.h"
#include "health/config.h"
#include "health/data_planes.h"
#include "health/mapper.h"
#include "health/metrics_text.h"
#include "health/rbac.h"

namespace {

using namespace openchoreo;

struct Flags {
  service::LogFlags log;
  service::ServerFlags server;
  service::KubeFlags kube;
  service::LeaderFlags leader;
  service::WatchFlags watch;
  std::string mode = "strict", config, data_planes_ns, dialect = "auto";
  unsigned shards = 1, shard = 0;
  std::chrono::milliseconds stand_back{60'000};
  bool argo_clusters = false, data_planes = true;
  unsigned concurrent = 4;
  kube::BackoffOptions backoff;
  std::vector<std::string> object_namespaces;
  std::string check_config, check_objects, rbac_file, rbac_account_ns;
};

void AddFlags(CLI::App& app, Flags& flags) {
  // A flag that is given twice counts as given last, as with Flux's controllers.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  flags.log.Bind(app);
  flags.server.Bind(app);
  flags.kube.Bind(app);
  flags.leader.Bind(app);
  flags.watch.Bind(app, "bindings");
  app.add_option("--mode", flags.mode, "strict, or upstream: exactly OpenChoreo's verdicts")
      ->check(CLI::IsMember({"strict", "upstream"}));
  app.add_option("--config", flags.config, "File with rules of one's own (healthCheckExprs)");
  app.add_option(
         "--crds", flags.dialect,
         "Whose CRDs of the bindings are installed: v1 or v0.12 (auto: the API server says)")
      ->check(CLI::IsMember({"auto", "v1", "v0.12"}));
  service::AddDuration(app, "--stand-back", flags.stand_back,
                       "How long another writer of conditions must be silent (1m)");
  app.add_option("--shards", flags.shards, "How many replicas share the namespaces of bindings (1)")
      ->check(CLI::Range(1u, 1024u));
  app.add_option("--shard", flags.shard, "Which of them this one is, from 0 (0)");
  app.add_option("--object-namespaces", flags.object_namespaces,
                 "Namespaces of records and of what was rendered, where only those may be read "
                 "(all)")
      ->delimiter(',')
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  service::AddSwitch(app, "--data-planes", flags.data_planes,
                     "Look for Secrets that tell of further clusters (true)");
  app.add_option("--data-planes-namespace", flags.data_planes_ns,
                 "Their namespace (default: the own one)");
  service::AddSwitch(app, "--argocd-clusters", flags.argo_clusters,
                     "Argo CD's cluster Secrets as well (false)");
  app.add_option("--concurrent", flags.concurrent, "Bindings judged at once")
      ->check(CLI::Range(1u, 64u));
  service::AddDuration(app, "--min-retry-delay", flags.backoff.shortest,
                       "First wait after a write that failed (750ms)");
  service::AddDuration(app, "--max-retry-delay", flags.backoff.longest,
                       "Longest wait after writes that failed (15m)");
  app.set_config();
}

void Log(std::string_view line) { service::LogLine(service::LogLevel::kInfo, line); }

int Refuse(const base::Error& error) {
  std::cerr << "error: " << error.message << '\n';
  return base::ExitCodeOf(error.code);
}

std::string Environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

mapper::MapperOptions OptionsOf(const Flags& flags, const std::string& own_ns) {
  mapper::MapperOptions options;
  options.mode = flags.mode == "strict" ? health::Mode::kStrict : health::Mode::kUpstream;
  if (flags.dialect == "v0.12") options.version = health::Version::kV012;
  if (flags.dialect == "v1") options.version = health::Version::kV1;
  options.shard = {flags.shard, flags.shards};
  options.stand_back = std::chrono::duration_cast<std::chrono::seconds>(flags.stand_back);
  options.binding_selector = flags.watch.label_selector;
  if (!flags.watch.all_namespaces) options.binding_namespace = own_ns;
  options.watch.object_namespaces = flags.object_namespaces;
  options.workers = flags.concurrent;
  options.backoff = flags.backoff;
  options.instance = Environment("HOSTNAME", "openchoreo-health-mapper");
  options.log = Log;
  return options;
}

kube::LeaseOptions LeaseOptionsOf(const Flags& flags, const std::string& own_ns) {
  kube::LeaseOptions options;
  std::string name = "openchoreo-health-mapper-leader-election";
  if (flags.shards > 1) name += "-" + std::to_string(flags.shard);
  options.key = {own_ns, name, ""};
  options.identity = kube::LeaseIdentity();
  options.duration = flags.leader.lease_duration;
  options.renew_deadline = flags.leader.renew_deadline;
  options.retry_period = flags.leader.retry_period;
  options.release_on_cancel = flags.leader.release_on_cancel;
  return options;
}

mapper::DataPlanes::Options DataPlanesOf(const Flags& flags, const std::string& own_ns,
                                         const kube::ClientOptions& client,
                                         const mapper::WatchOptions& watch) {
  mapper::DataPlanes::Options options;
  options.ns = flags.data_planes_ns.empty() ? own_ns : flags.data_planes_ns;
  options.argo = flags.argo_clusters;
  options.client = client;
  options.watch = watch;
  options.log = Log;
  return options;
}

// One thread, once everything is handled; nothing where there is no address.
base::Result<void> Listen(http::Server& server, const std::string& address) {
  if (address.empty()) return {};
  http::ServerOptions options;
  options.address = address;
  options.threads = 1;
  OC_TRY_DONE(server.Bind(options));
  return server.Start();
}

base::Result<void> Check(const Flags& flags) {
  OC_TRY_DONE(flags.leader.Check());
  if (flags.shard < flags.shards) return {};
  return base::Fail(base::ErrorCode::kUsage, "--shard must be less than --shards");
}

kube::ClientOptions ClientOptionsOf(const Flags& flags) {
  kube::ClientOptions options;
  options.qps = flags.kube.qps;
  options.burst = flags.kube.burst;
  return options;
}

http::ClientOptions HttpOptions() {
  http::ClientOptions options;
  // It names the field manager of what is written.
  options.user_agent = std::string(mapper::kManager);
  return options;
}

// Until a signal; then everything that works for `mapper` has ended.
void Work(mapper::Mapper& mapper, kube::Lease* lease, const service::Signals& signals) {
  base::Cancel cancel;
  std::thread worker([&] { mapper.Run(cancel); });
  std::thread elector;
  if (lease) {
    elector = std::thread([&] {
      lease->Run(
          cancel, [](const base::Cancel&) { Log("this replica writes"); },
          [] { Log("another replica writes"); });
    });
  }
  signals.Wait();
  Log("stopping");
  cancel.Set();
  worker.join();
  if (elector.joinable()) elector.join();
}

int Serve(const Flags& flags) {
  if (auto started = flags.log.Start(); !started) return Refuse(started.error());
  if (auto sensible = Check(flags); !sensible) return Refuse(sensible.error());
  const service::Signals signals;

  const std::string own_ns =
      flags.watch.own_namespace.empty() ? "openchoreo-system" : flags.watch.own_namespace;
  mapper::MapperOptions options = OptionsOf(flags, own_ns);
  if (!flags.config.empty()) {
    auto rules = mapper::ReadConfig(flags.config);
    if (!rules) return Refuse(rules.error());
    options.rules = std::make_shared<const health::OwnRules>(*std::move(rules));
  }
  auto access = kube::FindAccess(flags.kube.kubeconfig);
  if (!access) return Refuse(access.error());

  http::Client http(HttpOptions());
  const kube::ClientOptions client_options = ClientOptionsOf(flags);
  std::atomic<const kube::Lease*> lease_asked{nullptr};
  kube::ClientOptions home_options = client_options;
  home_options.may_write = [&] {
    const kube::Lease* lease = lease_asked;
    return lease == nullptr || lease->held();
  };
  auto home = kube::Client::Connect(*access, http, home_options);
  auto plane = kube::Client::Connect(*access, http, client_options);
  auto lease_client = kube::Client::Connect(*access, http, client_options);
  for (const auto* client : {&home, &plane, &lease_client}) {
    if (!*client) return Refuse(client->error());
  }

  kube::Lease lease(**lease_client, LeaseOptionsOf(flags, own_ns), service::SystemClock());
  if (flags.leader.enabled) lease_asked = &lease;
  options.may_write = home_options.may_write;

  std::atomic<const mapper::DataPlanes*> planes_asked{nullptr};
  if (flags.data_planes) {
    options.clusters_known = [&] {
      const mapper::DataPlanes* asked = planes_asked;
      return asked && asked->known();
    };
  }
  mapper::Mapper mapper(**home, service::SystemClock(), options);
  mapper.AddCluster(std::string(mapper::kHome), *std::move(plane));
  std::unique_ptr<mapper::DataPlanes> planes;
  if (flags.data_planes) {
    planes = std::make_unique<mapper::DataPlanes>(
        **home, http, mapper, DataPlanesOf(flags, own_ns, client_options, options.watch));
    planes_asked = planes.get();
  }

  http::Server metrics, probes;
  service::ServeMetrics(metrics, [&] {
    return mapper::MetricsText(mapper.figures(), mapper.judged(), home_options.may_write());
  });
  const auto fine = [] { return base::Result<void>(); };
  service::ServeProbes(probes, fine, [&] { return mapper.ready(); });
  for (const auto& [server, address] : {std::pair(&metrics, &flags.server.metrics_address),
                                        std::pair(&probes, &flags.server.health_address)}) {
    if (auto listening = Listen(*server, *address); !listening) return Refuse(listening.error());
  }

  Log("started, mode " + flags.mode);
  Work(mapper, flags.leader.enabled ? &lease : nullptr, signals);
  // Whoever asks for figures or readiness asks the mapper, and it the planes.
  metrics.Stop();
  probes.Stop();
  planes.reset();
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app{"Writes what became of rendered manifests into the status of OpenChoreo's bindings"};
  app.set_version_flag("--version", openchoreo::base::Version());
  Flags flags;
  AddFlags(app, flags);
  CLI::App* check = app.add_subcommand("check", "Try the rules of a configuration file on objects");
  check->add_option("CONFIG", flags.check_config, "The file")->required();
  check->add_option("OBJECT", flags.check_objects, "YAML with the objects")->required();
  CLI::App* rbac = app.add_subcommand("rbac", "Print the ClusterRole for what records name");
  rbac->add_option("FILE", flags.rbac_file, "Records or rendered objects; - is standard input")
      ->required();
  rbac->add_option(
      "--namespaced", flags.rbac_account_ns,
      "Rights in the namespaces that are named alone, for the ServiceAccount in this one");
  try {
    app.parse(argc, argv);
    if (check->parsed()) {
      return mapper::RunCheck(flags.check_config, flags.check_objects, std::cout, std::cerr);
    }
    if (rbac->parsed())
      return mapper::RunRbac(flags.rbac_file, flags.rbac_account_ns, std::cin, std::cout,
                             std::cerr);
    return Serve(flags);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? base::kOk : base::kUsage;
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "internal error: " << error.what() << '\n';
    return base::kBug;
  }
}
