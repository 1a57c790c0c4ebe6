// openchoreo-argocd-cmp: Argo CD's config management plugin, as its own gRPC server or as commands
// for the stock plugin sidecar.
#include <execinfo.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "argocd-cmp/askpass.h"
#include "argocd-cmp/commands.h"
#include "argocd-cmp/generation.h"
#include "argocd-cmp/metrics.h"
#include "argocd-cmp/server.h"
#include "common/base/out_of_memory.h"
#include "common/base/usable_cpus.h"
#include "common/base/version.h"
#include "common/platform/http/server.h"
#include "common/platform/process/sandbox.h"
#include "common/platform/service/admin.h"
#include "common/platform/service/heap.h"
#include "common/platform/service/log.h"
#include "common/platform/service/signals.h"

namespace openchoreo::argocd {
namespace {

struct Flags {
  std::string socket;
  std::string socket_folder = "/home/argocd/cmp-server/plugins";
  std::string socket_version;
  std::string folder = ".";
  std::string metrics_address = "0.0.0.0:9091";
  std::string kustomize = "kustomize";
  std::string work_folder;
  std::vector<std::string> allowed_sources;
  std::vector<std::string> readable;
  unsigned workers = 0;
  unsigned jobs = 0;
  unsigned max_response_mb = 100;
  unsigned response_cache_mb = 256;
  unsigned renderer_cache_mb = 512;
  unsigned source_cache_mb = 256;
  unsigned max_tree_mb = 1024;
  unsigned keepalive_seconds = 10;
  unsigned grace_seconds = 20;
  std::size_t max_waiting = 1000;
  bool no_sandbox = false;
  bool verbose = false;
};

std::string SocketPath(const Flags& flags) {
  if (!flags.socket.empty()) return flags.socket;
  return flags.socket_folder + "/openchoreo" +
         (flags.socket_version.empty() ? "" : "-" + flags.socket_version) + ".sock";
}

std::string WorkFolder(const Flags& flags) {
  if (!flags.work_folder.empty()) return flags.work_folder;
  const char* temporary = std::getenv("TMPDIR");
  return std::string(temporary ? temporary : "/tmp") + "/openchoreo-argocd-cmp";
}

std::string FolderOf(const std::string& path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

// Called by SIGALRM where a worker has not heard that it should end: the grace is over.
void LeaveAtOnce(int) {
  static constexpr char kLine[] =
      "{\"level\":\"error\",\"msg\":\"stopped before every worker was done\"}\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kLine, sizeof kLine - 1);
  _exit(1);
}

void EndBy(unsigned seconds) {
  std::signal(SIGALRM, LeaveAtOnce);
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(std::max(1u, seconds));
  setitimer(ITIMER_REAL, &timer, nullptr);
}

// Whether there are pages. Not where metrics are turned off, nor where another process of the pod
// has taken the port: manifests matter more.
base::Result<bool> BindPages(http::Server& pages, const Flags& flags) {
  if (flags.metrics_address.empty()) return false;
  http::ServerOptions options;
  options.address = flags.metrics_address;
  options.threads = 2;
  const auto bound = pages.Bind(options);
  if (bound) return true;
  if (bound.error().code != base::ErrorCode::kUnavailable) return tl::unexpected(bound.error());
  service::LogLine(service::LogLevel::kWarn, "no metrics, and no probes by HTTP")
      .Add("reason", bound.error().message);
  return false;
}

base::Result<void> StartPages(http::Server& pages, Metrics& metrics,
                              const std::atomic<bool>& serving) {
  const auto state = [&serving]() -> base::Result<void> {
    if (!serving) return base::Fail(base::ErrorCode::kUnavailable, "stopping");
    return {};
  };
  service::ServeMetrics(pages, [&metrics] { return metrics.Text(); });
  service::ServeProbes(pages, state, state);
  return pages.Start();
}

// Before any thread is started. 0, or the exit code.
int EnterSandbox(const Flags& flags, const process::KustomizeBuild& kustomize) {
  if (flags.no_sandbox) return 0;
  process::SandboxOptions sandbox;
  sandbox.start_programs = kustomize.available() || !flags.allowed_sources.empty();
  sandbox.network = sandbox.start_programs;
  // What does not exist yet could not be allowed.
  std::error_code ignored;
  std::filesystem::create_directories(WorkFolder(flags), ignored);
  sandbox.writable = {FolderOf(SocketPath(flags)), WorkFolder(flags), "/tmp"};
  sandbox.readable = flags.readable;
  // git calls this program back for credentials.
  if (sandbox.start_programs) sandbox.readable.push_back(FolderOf(OwnProgram()));
  if (!flags.allowed_sources.empty()) {
    sandbox.readable.push_back("/app/config");  // where Argo CD keeps known hosts and certificates
    const char* authorities = std::getenv("GIT_SSL_CAINFO");
    if (authorities != nullptr) sandbox.readable.push_back(FolderOf(authorities));
  }
  if (kustomize.available()) sandbox.readable.push_back(FolderOf(kustomize.program()));
  auto entered = process::EnterSandbox(sandbox);
  if (!entered) {
    service::LogLine(service::LogLevel::kError, "no sandbox")
        .Add("reason", entered.error().message);
    return 70;
  }
  service::LogLine(service::LogLevel::kInfo, "sandbox").Add("in_force", *entered);
  return 0;
}

// `server` and `generation` must outlive the answers of `metrics`.
void AddGauges(Metrics& metrics, const Server& server, const Generation& generation) {
  metrics.AddGauge("calls_waiting", "Calls that wait for a worker.",
                   [&server] { return static_cast<double>(server.waiting()); });
  metrics.AddGauge("response_cache_bytes", "Bytes of cached answers.", [&generation] {
    return static_cast<double>(generation.response_cache_bytes());
  });
  metrics.AddGauge("renderer_cache_bytes", "Bytes of cached files and bindings.", [&generation] {
    return static_cast<double>(generation.renderer_stats().bytes);
  });
  metrics.AddGauge(
      "renderer_file_hits", "Files that were parsed before, since the start.",
      [&generation] { return static_cast<double>(generation.renderer_stats().file_hits); });
  metrics.AddGauge("renderer_file_misses", "Files parsed, since the start.", [&generation] {
    return static_cast<double>(generation.renderer_stats().file_misses);
  });
  metrics.AddGauge(
      "renderer_binding_hits", "Bindings that were rendered before, since the start.",
      [&generation] { return static_cast<double>(generation.renderer_stats().binding_hits); });
  metrics.AddGauge("renderer_binding_misses", "Bindings rendered, since the start.", [&generation] {
    return static_cast<double>(generation.renderer_stats().binding_misses);
  });
  metrics.AddGauge("peak_memory_bytes", "Largest resident size of the process so far.", [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024;
  });
}

int Serve(const Flags& flags) {
  service::StartLog(flags.verbose ? service::LogLevel::kDebug : service::LogLevel::kInfo);
  std::string socket = SocketPath(flags);

  artifact::TarLimits limits;
  limits.max_kept_bytes = std::uint64_t{flags.max_tree_mb} << 20;
  process::KustomizeBuild kustomize(flags.kustomize, WorkFolder(flags), limits);
  // The one network socket is made before the sandbox forbids them.
  http::Server pages;
  const auto has_pages = BindPages(pages, flags);
  if (!has_pages) {
    service::LogLine(service::LogLevel::kError, "cannot serve metrics")
        .Add("reason", has_pages.error().message);
    return 2;
  }
  if (const int failed = EnterSandbox(flags, kustomize); failed != 0) return failed;

  const unsigned jobs = flags.jobs != 0 ? flags.jobs : base::UsableCpus();
  service::ShareHeaps(jobs);
  // Waited for below; made first, so that every thread inherits it.
  const service::Signals signals;

  source::ContentStore contents;
  GitSources git(
      {flags.allowed_sources, WorkFolder(flags), std::size_t{flags.source_cache_mb} << 20, limits},
      &contents);
  GenerationOptions generation_options;
  generation_options.max_response_bytes = std::size_t{flags.max_response_mb} << 20;
  generation_options.response_cache_bytes = std::size_t{flags.response_cache_mb} << 20;
  generation_options.renderer_cache_bytes = std::size_t{flags.renderer_cache_mb} << 20;
  generation_options.jobs = jobs;
  Generation generation(generation_options, &git, &kustomize);

  ServerOptions options;
  options.socket = socket;
  options.workers = flags.workers != 0 ? flags.workers : std::max(2u, base::UsableCpus() / 2);
  options.max_waiting = flags.max_waiting;
  options.keepalive_min = std::chrono::seconds(flags.keepalive_seconds);
  options.grace = std::chrono::seconds(flags.grace_seconds);
  options.offer_git_credentials = git.enabled();
  options.receive.limits = limits;
  options.receive.keep_archive_bytes = kustomize.available() ? 64u << 20 : 0;

  Metrics metrics;
  Server server(options, &generation, &contents, &metrics);
  AddGauges(metrics, server, generation);

  auto started = server.Start();
  if (!started) {
    service::LogLine(service::LogLevel::kError, "cannot serve")
        .Add("reason", started.error().message);
    return 2;
  }
  std::atomic<bool> serving{true};
  if (*has_pages) {
    if (auto answering = StartPages(pages, metrics, serving); !answering) {
      service::LogLine(service::LogLevel::kError, "cannot serve metrics")
          .Add("reason", answering.error().message);
      return 2;
    }
  }
  service::LogLine(service::LogLevel::kInfo, "serving")
      .Add("version", base::Version())
      .Add("socket", socket)
      .Add("workers", static_cast<std::size_t>(options.workers))
      .Add("metrics_port", static_cast<std::size_t>(pages.port()))
      .Add("kustomize", kustomize.available())
      .Add("extra_sources", git.enabled());
  signals.Wait();
  EndBy(flags.grace_seconds);
  serving = false;
  service::LogLine(service::LogLevel::kInfo, "stopping");
  server.Stop();
  pages.Stop(std::chrono::seconds(1));
  service::LogLine(service::LogLevel::kInfo, "stopped");
  return 0;
}

int Generate(const Flags& flags) {
  artifact::TarLimits limits;
  process::KustomizeBuild kustomize(flags.kustomize, WorkFolder(flags), limits);
  source::ContentStore contents;
  GitSources git({flags.allowed_sources, WorkFolder(flags), 0, limits}, &contents);
  GenerationOptions options;
  options.response_cache_bytes = 0;
  options.renderer_cache_bytes = 0;
  options.jobs = flags.jobs != 0 ? flags.jobs : base::UsableCpus();
  Generation generation(options, &git, &kustomize);
  return RunGenerate(flags.folder, generation, git, kustomize);
}

void AddSocket(CLI::App* verb, Flags& flags) {
  verb->add_option("--socket", flags.socket,
                   "Path of the socket (default: openchoreo.sock in the socket folder)");
  verb->add_option("--socket-folder", flags.socket_folder, "Folder of the plugins' sockets")
      ->envname("ARGOCD_PLUGINSOCKFILEPATH")
      ->capture_default_str();
  verb->add_option("--socket-version", flags.socket_version,
                   "The socket is openchoreo-VERSION.sock, beside another version")
      ->envname("OPENCHOREO_SOCKET_VERSION");
}

void AddSources(CLI::App* verb, Flags& flags) {
  verb->add_option("--allow-source", flags.allowed_sources,
                   "Git repositories that Applications may name as extra sources: a glob over "
                   "the URL, '**' crosses '/'; PROJECT=URL allows it to that AppProject alone, "
                   "{project} in the URL is its name. An AppProject's sourceRepos is not asked. "
                   "Repeatable; none: extra sources are off")
      ->envname("OPENCHOREO_ALLOW_SOURCE");
  verb->add_option("--kustomize", flags.kustomize, "The kustomize program; '' turns it off")
      ->capture_default_str();
  verb->add_option("--work-folder", flags.work_folder,
                   "For clones and kustomize builds (default: below $TMPDIR)");
  verb->add_option("--jobs", flags.jobs, "Threads of one rendering (default: the CPUs it may use)");
}

CLI::App* AddServe(CLI::App& app, Flags& flags) {
  CLI::App* serve = app.add_subcommand("serve", "Serve the plugin protocol on a unix socket");
  AddSocket(serve, flags);
  AddSources(serve, flags);
  serve->add_option("--workers", flags.workers,
                    "Renderings at once (default: half the CPUs, at least 2)");
  serve->add_option("--max-waiting", flags.max_waiting, "Calls that may wait for a worker")
      ->capture_default_str();
  serve
      ->add_option("--max-response-mb", flags.max_response_mb,
                   "Largest answer; repo-server's own limit is the same variable")
      ->envname("ARGOCD_GRPC_MAX_SIZE_MB")
      ->capture_default_str();
  serve->add_option("--max-tree-mb", flags.max_tree_mb, "Most YAML and JSON one archive may hold")
      ->capture_default_str();
  serve->add_option("--response-cache-mb", flags.response_cache_mb, "Whole answers kept")
      ->capture_default_str();
  serve
      ->add_option("--renderer-cache-mb", flags.renderer_cache_mb,
                   "Parsed files and rendered bindings kept")
      ->capture_default_str();
  serve->add_option("--source-cache-mb", flags.source_cache_mb, "Extra sources kept")
      ->capture_default_str();
  serve->add_option("--metrics-address", flags.metrics_address, "For Prometheus; '' turns it off")
      ->capture_default_str();
  serve
      ->add_option("--grace-seconds", flags.grace_seconds,
                   "After SIGTERM the process has ended by then")
      ->capture_default_str();
  serve->add_flag("--no-sandbox", flags.no_sandbox, "Do without seccomp and Landlock");
  serve->add_option("--allow-read", flags.readable,
                    "More folders the sandbox lets programs read (SSH keys). Repeatable");
  serve->add_flag("-v,--verbose", flags.verbose, "Log more");
  return serve;
}

int Main(int argc, char** argv) {
  if (IsAskpassCall()) return AnswerAskpass(argc > 1 ? argv[1] : "");
  Flags flags;
  CLI::App app("Argo CD plugin that renders OpenChoreo GitOps repositories");
  app.set_version_flag("--version", base::Version());
  app.require_subcommand(1);

  CLI::App* serve = AddServe(app, flags);
  CLI::App* generate =
      app.add_subcommand("generate", "Print the manifests of a folder (for the stock sidecar)");
  generate->add_option("folder", flags.folder, "The Application's folder")->capture_default_str();
  AddSources(generate, flags);
  CLI::App* discover =
      app.add_subcommand("discover", "Print a file name if a folder holds OpenChoreo resources");
  discover->add_option("folder", flags.folder)->capture_default_str();
  CLI::App* parameters =
      app.add_subcommand("parameters", "Print the parameter announcements for a folder, as JSON");
  parameters->add_option("folder", flags.folder)->capture_default_str();
  CLI::App* health =
      app.add_subcommand("health", "Exit with 0 if the server on the socket serves (for probes)");
  AddSocket(health, flags);

  // A thread's end needs the unwinder, which glibc loads at first use: now, while there is memory.
  void* frame[1];
  backtrace(frame, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    if (*serve) return Serve(flags);
    if (*generate) return Generate(flags);
    if (*discover) return RunDiscover(flags.folder);
    if (*parameters) return RunParameters(flags.folder);
    return RunHealth(SocketPath(flags));
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "%s\n", base::OutOfMemory().message.c_str());
  } catch (const std::system_error& error) {  // a thread that could not be started
    std::fprintf(stderr, "cannot start: %s\n", error.what());
  }
  return 1;
}

}  // namespace
}  // namespace openchoreo::argocd

// NOLINTNEXTLINE(bugprone-exception-escape): what nobody has caught is a bug, and ends it
int main(int argc, char** argv) { return openchoreo::argocd::Main(argc, argv); }
