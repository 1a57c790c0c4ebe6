// openchoreo-flux-source: flags and nothing else.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#include "common/base/exit_code.h"
#include "common/base/version.h"
#include "common/platform/service/flag_groups.h"
#include "common/render/option_table.h"
#include "flux-source/build_command.h"
#include "flux-source/controller.h"
#include "flux-source/crd.h"
#include "flux-source/doctor.h"
#include "flux-source/settings.h"

namespace openchoreo::flux {
namespace {

using service::AddDuration;
using service::AddSwitch;

void AddSize(CLI::App& app, const std::string& name, std::uint64_t& into, const char* help) {
  app.add_option_function<std::string>(
      name,
      [&into, name](const std::string& text) {
        const auto size = ParseBytes(text);
        if (!size) throw CLI::ValidationError(name, size.error().message);
        into = *size;
      },
      help);
}

void AddController(CLI::App& app, Settings& s) {
  app.add_option("--storage-path", s.storage_path, "Folder of the archives")
      ->envname("STORAGE_PATH");
  app.add_option("--storage-addr", s.storage_addr, "Where archives are served")
      ->envname("STORAGE_ADDRESS");
  app.add_option("--storage-adv-addr", s.storage_adv_addr,
                 "Host and port that URLs of archives name")
      ->envname("STORAGE_ADV_ADDR");
  AddDuration(app, "--artifact-retention-ttl", s.retention_ttl,
              "How long archives stay that are announced no more (10m)");
  app.add_option("--artifact-retention-records", s.retention_records,
                 "How many of them stay at most, per artifact (2)");
  AddSize(app, "--source-max-size", s.source_max_size,
          "Largest archive of a source; inflated 20 times as much (128Mi)");
  app.add_option("--source-max-files", s.source_max_files, "Most entries of one (100000)");
  AddSize(app, "--artifact-max-size", s.artifact_max_size, "Largest archive we announce (50Mi)");
  app.add_option("--http-retry", s.http_retry, "Tries of a download after the first (3)");
  AddDuration(app, "--http-stall-timeout", s.http_stall_timeout,
              "How long a download may stand still (30s)");
  app.add_option("--concurrent", s.concurrent, "Objects worked on at once (4)");
  app.add_option("--render-jobs", s.render_jobs, "Threads of one rendering (the cores)");
  AddSize(app, "--render-cache-size", s.render_cache_size,
          "Parsed files and rendered bindings that are kept (256Mi)");
  AddDuration(app, "--min-retry-delay", s.min_retry_delay, "First wait after a failure (750ms)");
  AddDuration(app, "--max-retry-delay", s.max_retry_delay, "Longest wait after failures (15m)");
  AddDuration(app, "--requeue-dependency", s.requeue_dependency,
              "Wait for a source that is not there or not ready (5s)");
  app.add_option("--interval-jitter-percentage", s.interval_jitter_percentage,
                 "Added at random to intervals (5)");
  AddSwitch(app, "--no-cross-namespace-refs", s.no_cross_namespace_refs,
            "Refuse sources of other namespaces (false)");
  app.add_option("--events-addr", s.events_addr, "Notification controller's address")
      ->expected(0, 1);
  AddSwitch(app, "--no-sandbox", s.no_sandbox,
            "Do without seccomp and Landlock: for debuggers (false)");
  s.watch.Bind(app, "OpenChoreoSources");
  s.leader.Bind(app);
  s.server.Bind(app);
  s.kube.Bind(app);
  s.log.Bind(app);
}

// Render's flags, as its table has them.
void AddOptions(CLI::App& verb, render::Options& options) {
  for (const render::OptionSpec& spec : render::OptionTable()) {
    if (spec.command_line_only) continue;
    const auto set = [&options, &spec](const std::vector<std::string>& values) {
      if (!render::SetOption(options, spec.name, values)) {
        throw CLI::ValidationError(std::string(spec.flag), "takes " + render::Takes(spec));
      }
    };
    if (spec.type == render::OptionType::kBool && spec.fallback == "false") {
      verb.add_flag_function(
          std::string(spec.flag),
          [set](std::int64_t count) { set({count > 0 ? "true" : "false"}); },
          std::string(spec.help));
      continue;
    }
    CLI::Option* option = verb.add_option_function<std::vector<std::string>>(
                                  std::string(spec.flag), set, std::string(spec.help))
                              ->allow_extra_args(false);
    if (spec.type == render::OptionType::kList || spec.type == render::OptionType::kChoices) {
      option->take_all()->delimiter(',');
    } else {
      option->expected(1);
    }
  }
}

void AddBuild(CLI::App& app, BuildCommand& command) {
  CLI::App* verb = app.add_subcommand("build", "Write the artifact of files on disk");
  verb->add_option("PATH", command.paths, "Folders or files; each is a source")->required();
  verb->add_option("--output", command.output, "A file ending in .tar.gz, or a new or empty folder")
      ->required();
  verb->add_option("--jobs", command.options.jobs, "Threads")->check(CLI::Range(1, 256));
  verb->add_option("--exclude", command.exclude, "Leave out files matching this glob (repeatable)")
      ->allow_extra_args(false)
      ->take_all();
  AddOptions(*verb, command.options);
  verb->callback([&command] { throw CLI::RuntimeError(RunBuild(command)); });
}

int Main(int argc, char** argv) {
  CLI::App app{"Renders OpenChoreo trees from Flux sources into ExternalArtifacts"};
  app.set_version_flag("--version", openchoreo::base::Version());
  Settings settings;
  // A flag that is given twice counts as given last, as with Flux's controllers.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  AddController(app, settings);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  BuildCommand build;
  AddBuild(app, build);
  app.add_subcommand("crd", "Print the CustomResourceDefinition of OpenChoreoSource")->callback([] {
    const std::string_view crd = CrdYaml();
    std::fwrite(crd.data(), 1, crd.size(), stdout);
    throw CLI::RuntimeError(0);
  });
  app.add_subcommand("doctor", "Look at the cluster and say what is in the way")
      ->callback([&settings] { throw CLI::RuntimeError(RunDoctor(settings)); })
      ->fallthrough();
  app.require_subcommand(0, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& finished) {
    return finished.get_exit_code();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? base::kOk : base::kUsage;
  }
  auto complete = Complete(std::move(settings));
  if (!complete) {
    std::fprintf(stderr, "error: %s\n", complete.error().message.c_str());
    return base::ExitCodeOf(complete.error().code);
  }
  return RunController(*complete);
}

}  // namespace
}  // namespace openchoreo::flux

int main(int argc, char** argv) {
  try {
    return openchoreo::flux::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "internal error: %s\n", error.what());
    return openchoreo::base::kBug;
  }
}
