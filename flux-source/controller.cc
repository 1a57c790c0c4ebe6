#include "flux-source/controller.h"

#include <algorithm>
#include <memory>
#include <thread>

#include "common/base/version.h"
#include "common/platform/http/client.h"
#include "common/platform/http/server.h"
#include "common/platform/kube/access.h"
#include "common/platform/kube/client.h"
#include "common/platform/kube/controller.h"
#include "common/platform/kube/lease.h"
#include "common/platform/process/sandbox.h"
#include "common/platform/service/admin.h"
#include "common/platform/service/heap.h"
#include "common/platform/service/log.h"
#include "common/platform/service/signals.h"
#include "common/source/content_store.h"
#include "flux-source/artifact_server.h"
#include "flux-source/cluster.h"
#include "flux-source/custodian.h"
#include "flux-source/metrics.h"
#include "flux-source/notifier.h"
#include "flux-source/reconciler.h"

namespace openchoreo::flux {

namespace {

using service::LogLevel;
using service::LogLine;
using std::chrono::milliseconds;

constexpr unsigned kLongWorkPerWorker = 8;

// Where the replica that writes serves archives, told on the lease.
constexpr const char* kStorageAnnotation = "gitops.openchoreo.dev/storage";

int Failed(const char* what, const base::Error& error) {
  LogLine(LogLevel::kError, what).Add("error", error.message);
  return 1;
}

// Everything that lives as long as the process, in the order it is made.
class Program {
 public:
  Program(const Settings& settings, kube::Access access)
      : settings_(settings), access_(std::move(access)) {}

  base::Result<void> Prepare();
  base::Result<void> Run(const base::Cancel& cancel);

 private:
  base::Result<void> Connect();
  base::Result<void> Listen();
  void AddFigures();
  void Work(const base::Cancel& cancel);

  bool MayWrite() const { return !lease_ || lease_->held(); }

  const Settings settings_;
  const kube::Access access_;
  Metrics metrics_;
  http::Client http_;
  std::unique_ptr<kube::Client> client_, lease_client_, events_client_;
  std::unique_ptr<kube::Lease> lease_;
  std::unique_ptr<Store> store_;
  source::ContentStore contents_;
  std::unique_ptr<SourceFetcher> fetcher_;
  std::unique_ptr<render::Renderer> renderer_;
  std::unique_ptr<kube::EventRecorder> events_;
  std::unique_ptr<Notifier> notifier_;
  std::unique_ptr<kube::WorkQueue> queue_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Reconciler> reconciler_;
  std::unique_ptr<Custodian> custodian_;
  http::Server artifacts_, probes_, figures_;
};

base::Result<void> Program::Connect() {
  kube::ClientOptions options;
  options.qps = settings_.kube.qps;
  options.burst = settings_.kube.burst;
  options.answered = [this](std::string_view method, int status) {
    metrics_.Called(method, status);
  };
  if (settings_.leader.enabled) {
    OC_TRY(lease_client_, kube::Client::Connect(access_, http_, options));
    kube::LeaseOptions lease;
    lease.key = {settings_.watch.own_namespace, LeaseName(settings_.watch.label_selector), ""};
    lease.identity = kube::LeaseIdentity();
    lease.duration = settings_.leader.lease_duration;
    lease.renew_deadline = settings_.leader.renew_deadline;
    lease.retry_period = settings_.leader.retry_period;
    lease.release_on_cancel = settings_.leader.release_on_cancel;
    lease.annotations = {{kStorageAnnotation, settings_.own_url}};
    lease_ = std::make_unique<kube::Lease>(*lease_client_, lease, service::SystemClock());
    options.may_write = [this] { return lease_->held(); };
  }
  OC_TRY(client_, kube::Client::Connect(access_, http_, options));
  // Events wait for their own turn, and never keep an announcement waiting.
  OC_TRY(events_client_, kube::Client::Connect(access_, http_, options));
  return {};
}

base::Result<void> Program::Prepare() {
  OC_TRY(store_, Store::Open(settings_.storage_path));
  OC_TRY_DONE(Connect());
  FetchOptions fetch;
  fetch.max_bytes = settings_.source_max_size;
  fetch.max_files = settings_.source_max_files;
  fetch.retries = settings_.http_retry;
  fetch.stall = settings_.http_stall_timeout;
  fetch.keep_bytes = settings_.render_cache_size / 2;
  fetch.fetched = [this](double seconds, std::uint64_t bytes) { metrics_.Fetched(seconds, bytes); };
  fetcher_ = std::make_unique<SourceFetcher>(http_, contents_, fetch);
  renderer_ = std::make_unique<render::Renderer>(settings_.render_cache_size);
  events_ = std::make_unique<kube::EventRecorder>(*events_client_, std::string(kManager),
                                                  kube::LeaseIdentity(), service::SystemClock());
  notifier_ =
      std::make_unique<Notifier>(*events_, http_, settings_.events_addr, service::SystemClock());
  kube::ShareOptions share;
  share.at_once = settings_.concurrent;
  share.per_namespace = settings_.concurrent + settings_.concurrent * kLongWorkPerWorker / 4;
  queue_ = std::make_unique<kube::WorkQueue>(
      kube::BackoffOptions{settings_.min_retry_delay, settings_.max_retry_delay,
                           settings_.interval_jitter_percentage},
      std::random_device{}(), share);
  ClusterOptions cluster;
  cluster.ns = settings_.watch.all_namespaces ? "" : settings_.watch.own_namespace;
  cluster.labels = settings_.watch.label_selector;
  cluster_ = std::make_unique<Cluster>(
      *client_, cluster,
      [this](const kube::Key& key) {
        queue_->Add(key);
        if (lease_ && !lease_->held()) custodian_->Wake();
      },
      [this](const kube::Key& object, const std::string& artifact) {
        if (MayWrite()) reconciler_->NoteLost(object, artifact);
      });
  ReconcilerOptions options;
  options.cross_namespace = !settings_.no_cross_namespace_refs;
  options.requeue_dependency = settings_.requeue_dependency;
  options.artifact_max_bytes = settings_.artifact_max_size;
  options.retention = std::chrono::duration_cast<std::chrono::seconds>(settings_.retention_ttl);
  options.records = settings_.retention_records;
  options.url_prefix = UrlPrefix(settings_.storage_adv_addr);
  options.jobs = settings_.render_jobs;
  options.piece_bytes = settings_.render_cache_size / 8;
  options.others_wait = [this] { return queue_->figures().waiting > 0; };
  reconciler_ = std::make_unique<Reconciler>(
      Surroundings{*client_, *cluster_, http_, *fetcher_, *renderer_, *store_, *notifier_, metrics_,
                   service::SystemClock()},
      options);
  CustodianOptions custodian;
  custodian.retention = options.retention;
  custodian.max_archive_bytes = settings_.artifact_max_size;
  if (lease_) {
    custodian.leader = [this] {
      return lease_->held() ? "" : lease_->annotation(kStorageAnnotation);
    };
  }
  custodian.mend = [this](const kube::Key& object, const base::Cancel&) { queue_->Add(object); };
  custodian.rebuild = [this](const kube::Key& object, const base::Cancel& cancel) {
    reconciler_->Rebuild(object, cancel);
  };
  custodian_ = std::make_unique<Custodian>(*store_, *cluster_, http_, std::move(custodian));
  AddFigures();
  return Listen();
}

base::Result<void> Program::Listen() {
  http::ServerOptions artifacts;
  artifacts.address = settings_.storage_addr;
  artifacts.max_connections = 8192;
  artifacts_.Handle("/", [this](const http::Request& request) {
    return ServeArtifact(*store_, request,
                         [this](std::string_view path) { return custodian_->Obtain(path); });
  });
  artifacts_.OnAnswered([this](const http::Answered& answered) {
    metrics_.Served(answered.status, answered.body_bytes);
  });
  OC_TRY_DONE(artifacts_.Bind(artifacts));
  http::ServerOptions small;
  small.threads = 1;
  if (!settings_.server.health_address.empty()) {
    small.address = settings_.server.health_address;
    service::ServeProbes(
        probes_, [] { return base::Result<void>(); },
        [this]() -> base::Result<void> {
          if (custodian_->ready()) return {};
          return base::Fail(base::ErrorCode::kUnavailable, "announced artifacts are missing");
        });
    OC_TRY_DONE(probes_.Bind(small));
  }
  if (!settings_.server.metrics_address.empty()) {
    small.address = settings_.server.metrics_address;
    service::ServeMetrics(figures_, [this] { return metrics_.registry().Text(); });
    OC_TRY_DONE(figures_.Bind(small));
  }
  return {};
}

void Program::AddFigures() {
  const service::Labels ours = {{"controller", "openchoreosource"}},
                        named = {{"name", "openchoreosource"}, {"controller", "openchoreosource"}};
  service::Metrics& registry = metrics_.registry();
  const auto number = [](auto value) { return static_cast<double>(value); };
  registry.Ask(
      "workqueue_depth", "Objects that wait for a worker.",
      [=, this] { return number(queue_->figures().waiting); }, named, true);
  registry.AskCounter(
      "workqueue_adds_total", "Objects put into the queue.",
      [=, this] { return number(queue_->figures().adds); }, named, true);
  registry.AskCounter(
      "workqueue_retries_total", "Objects put into the queue after a failure.",
      [=, this] { return number(queue_->figures().retries); }, named, true);
  registry.Ask(
      "workqueue_longest_running_processor_seconds", "Age of the longest reconciliation.",
      [this] { return queue_->figures().oldest_work_seconds; }, named, true);
  registry.Ask(
      "controller_runtime_active_workers", "Reconciliations under way.",
      [=, this] { return number(queue_->figures().working); }, ours, true);
  registry.Ask(
      "controller_runtime_max_concurrent_reconciles", "The most at once.",
      [=, this] { return number(settings_.concurrent); }, ours, true);
  registry.Ask(
      "leader_election_master_status", "1 where this process may write.",
      [this] { return MayWrite() ? 1.0 : 0.0; }, {{"name", "openchoreosource"}}, true);
  registry.Ask("artifacts_held",
               "ExternalArtifacts kept at the last good version since a newer one failed.",
               [=, this] { return number(reconciler_->held()); });
  registry.Ask("storage_bytes", "Bytes of archives on disk.",
               [=, this] { return number(store_->usage().bytes); });
  registry.Ask("storage_files", "Archives on disk.",
               [=, this] { return number(store_->usage().files); });
  registry.Ask("render_cache_bytes",
               "Files of sources, parsed files, rendered bindings and compressed pieces kept.",
               [=, this] {
                 return number(renderer_->cache_stats().bytes + fetcher_->kept_bytes() +
                               reconciler_->kept_bytes());
               });
  registry.AskCounter("files_parsed_total", "Files of sources parsed.",
                      [=, this] { return number(renderer_->cache_stats().file_misses); });
  registry.AskCounter("files_reused_total", "Files of sources that were parsed before.",
                      [=, this] { return number(renderer_->cache_stats().file_hits); });
  registry.AskCounter("bindings_rendered_total", "Bindings rendered.",
                      [=, this] { return number(renderer_->cache_stats().binding_misses); });
  registry.AskCounter("bindings_reused_total", "Bindings that were rendered before.",
                      [=, this] { return number(renderer_->cache_stats().binding_hits); });
}

// Reconciles until `cancel`: the process' end, or the end of a term of the lease.
void Program::Work(const base::Cancel& cancel) {
  reconciler_->Reset();
  for (const kube::Live& object : cluster_->objects().store().All()) queue_->Add(object.key());
  kube::ControllerOptions options;
  // Those beyond --concurrent are for work that lasts: stalled downloads, endless templates.
  options.workers = settings_.concurrent * (1 + kLongWorkPerWorker);
  options.jitter_percent = settings_.interval_jitter_percentage;
  options.reconciled = [this](std::string_view result, double seconds) {
    metrics_.ReconcileEnded(result, seconds);
  };
  kube::Controller(*reconciler_, *queue_, options).Run(cancel);
}

base::Result<void> Program::Run(const base::Cancel& cancel) {
  OC_TRY_DONE(artifacts_.Start());
  if (!settings_.server.health_address.empty()) OC_TRY_DONE(probes_.Start());
  if (!settings_.server.metrics_address.empty()) OC_TRY_DONE(figures_.Start());
  cluster_->Start(cancel);
  std::thread custodian([&] { custodian_->Run(cancel); });
  if (lease_) {
    // A term's workers end before the next term begins.
    std::thread workers;
    lease_->Run(
        cancel,
        [&](const base::Cancel& term) {
          LogLine(LogLevel::kInfo, "this replica writes");
          custodian_->Lead(true);
          if (workers.joinable()) workers.join();
          workers = std::thread([this, term] { Work(term); });
        },
        [&] {
          LogLine(LogLevel::kInfo, "this replica writes no more").Add("holder", lease_->holder());
          custodian_->Lead(false);
        });
    if (workers.joinable()) workers.join();
  } else {
    custodian_->Lead(true);
    Work(cancel);
  }
  custodian.join();
  artifacts_.Stop(milliseconds(5'000));
  if (!settings_.server.health_address.empty()) probes_.Stop(milliseconds(500));
  if (!settings_.server.metrics_address.empty()) figures_.Stop(milliseconds(500));
  return {};
}

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// Before any thread is started, and before the first byte of a source is read.
base::Result<void> EnterSandbox(const Settings& settings, const kube::Access& access) {
  if (settings.no_sandbox) return {};
  process::SandboxOptions sandbox;
  sandbox.network = true;
  sandbox.writable = {settings.storage_path, "/tmp"};
  // Where the storage's folder may be made anew, if somebody removes it.
  std::string storage = settings.storage_path;
  while (storage.size() > 1 && storage.ends_with('/')) storage.pop_back();
  if (const std::string above = FolderOf(storage); above != "/") sandbox.writable.push_back(above);
  sandbox.readable = {"/var/run/secrets"};
  // What is read again when it changes.
  for (const std::string& file :
       {access.token_file, access.authorities_file, access.certificate_file, access.key_file}) {
    if (!file.empty()) sandbox.readable.push_back(FolderOf(file));
  }
  OC_TRY(const std::string in_force, process::EnterSandbox(sandbox));
  LogLine(LogLevel::kInfo, "sandbox").Add("in_force", in_force);
  return {};
}

}  // namespace

int RunController(const Settings& settings) {
  service::Signals signals;
  if (auto log = settings.log.Start(); !log) {
    return Failed("cannot start", log.error());
  }
  auto access = kube::FindAccess(settings.kube.kubeconfig);
  if (!access) return Failed("cannot start", access.error());
  if (auto entered = EnterSandbox(settings, *access); !entered) {
    return Failed("no sandbox", entered.error());
  }
  service::ShareHeaps(settings.render_jobs);
  Program program(settings, *std::move(access));
  if (auto prepared = program.Prepare(); !prepared) return Failed("cannot start", prepared.error());
  LogLine(LogLevel::kInfo, "starting")
      .Add("version", base::Version())
      .Add("storage", settings.storage_path)
      .Add("advertised", settings.storage_adv_addr);
  if (auto ran = program.Run(signals.Cancelled()); !ran) {
    return Failed("cannot serve", ran.error());
  }
  LogLine(LogLevel::kInfo, "stopped");
  return 0;
}

}  // namespace openchoreo::flux
