// openchoreo-gitops: flags and nothing else. A verb lives in the file of its name.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <memory>
#include <new>
#include <utility>

#include "cli/crds.h"
#include "cli/eval.h"
#include "cli/exit_code.h"
#include "cli/health_table.h"
#include "cli/kustomize_check.h"
#include "cli/migrate/migrate.h"
#include "cli/render.h"
#include "cli/status.h"
#include "common/base/fan_out.h"
#include "common/base/out_of_memory.h"
#include "common/base/usable_cpus.h"
#include "common/base/version.h"
#include "common/render/option_table.h"

namespace {

using openchoreo::cli::RenderCommand;
namespace render = openchoreo::render;

CLI::Option* Repeatable(CLI::App* verb, const char* name, std::vector<std::string>& values,
                        const char* help) {
  return verb->add_option(name, values, help)->allow_extra_args(false)->take_all();
}

// "NAME", "BOOL" or "yaml|json|plan".
std::string ValuesOf(const render::OptionSpec& spec) {
  if (spec.type == render::OptionType::kBool) return "BOOL";
  if (spec.choices.empty()) return "NAME";
  std::string values;
  for (const std::string_view choice : spec.choices)
    values.append(values.empty() ? "" : "|").append(choice);
  return values;
}

// The options of rendering, as render's table has them.
void AddOptions(CLI::App* verb, render::Options& options) {
  for (const render::OptionSpec& spec : render::OptionTable()) {
    const auto set = [&options, &spec](const std::vector<std::string>& values) {
      const auto done = render::SetOption(options, spec.name, values);
      if (!done) throw CLI::ValidationError(std::string(spec.flag), "takes " + Takes(spec));
    };
    const std::string flag(spec.flag);
    std::string help(spec.help);
    if (spec.type == render::OptionType::kBool && spec.fallback == "false") {
      verb->add_flag_function(
          flag, [set](std::int64_t count) { set({count > 0 ? "true" : "false"}); }, help);
      continue;
    }
    if (!spec.fallback.empty()) help.append(" [").append(spec.fallback).append("]");
    CLI::Option* option = verb->add_option_function<std::vector<std::string>>(flag, set, help)
                              ->type_name(ValuesOf(spec))
                              ->allow_extra_args(false);
    const bool many =
        spec.type == render::OptionType::kList || spec.type == render::OptionType::kChoices;
    if (many) {
      option->take_all()->delimiter(',');
    } else {
      option->expected(1);
    }
  }
}

void AddRender(CLI::App& app, RenderCommand& command, std::shared_ptr<const void>& held) {
  CLI::App* verb =
      app.add_subcommand("render", "Render OpenChoreo resources to data-plane manifests");
  render::Options& options = command.options;
  // One result of one person: no bound on it all but the machine's.
  options.limits.max_total_output_bytes = std::numeric_limits<std::size_t>::max();
  options.jobs = openchoreo::base::UsableCpus();
  verb->add_option("PATH", command.paths,
                   "Folders or files; each is a source, order does not matter")
      ->required();
  Repeatable(verb, "--source", command.sources,
             "One more tree to read; its OpenChoreo objects are never emitted (repeatable)");
  AddOptions(verb, options);
  verb->add_option("--output-dir", command.output_dir,
                   "Write files into this folder, not to standard output");
  Repeatable(verb, "--exclude", command.exclude, "Leave out files matching this glob (repeatable)");
  verb->add_flag("--kustomize", command.kustomize,
                 "PATH holds a kustomization: build it, render the result");
  verb->add_option("--jobs", options.jobs, "Threads (default: the CPUs it may use)")
      ->check(CLI::Range(1u, openchoreo::base::kMaxJobs));
  verb->add_flag("-v,--verbose", options.verbose, "Notes as well");
  verb->callback([&command, &held] {
    if (command.kustomize && command.paths.size() != 1) {
      throw CLI::ValidationError("--kustomize", "takes exactly one PATH");
    }
    if (!command.output_dir.empty() && command.options.format == render::Format::kPlan) {
      throw CLI::ValidationError("--output-dir", "a plan goes to standard output");
    }
    openchoreo::cli::RenderResult result = openchoreo::cli::RunRender(command);
    held = std::move(result.held);
    throw CLI::RuntimeError(result.exit_code);
  });
}

struct KustomizeCheckCommand {
  std::string folder, built = "-";
};

void AddKustomizeCheck(CLI::App& app, KustomizeCheckCommand& command) {
  CLI::App* verb = app.add_subcommand(
      "kustomize-check", "Tell whether a build has run the OpenChoreoRender its kustomization has");
  verb->add_option("FOLDER", command.folder, "The kustomization that was built")->required();
  verb->add_option("BUILT", command.built, "What kustomize printed; - is standard input");
  verb->callback([&command] {
    throw CLI::RuntimeError(
        openchoreo::cli::RunKustomizeCheck(command.folder, command.built, std::cin, std::cerr));
  });
}

void AddMigrate(CLI::App& app, openchoreo::migrate::MigrateCommand& command) {
  CLI::App* verb =
      app.add_subcommand("migrate", "Rewrite v0.9-v0.17 shapes to v1.x where they stand");
  verb->add_option("PATH", command.path, "Folder or file to rewrite")->required();
  Repeatable(verb, "--source", command.sources,
             "One more source to render with, never written (repeatable)");
  Repeatable(verb, "--exclude", command.exclude, "Leave out files matching this glob (repeatable)");
  verb->add_option("--namespace", command.default_namespace,
                   "Namespace of resources that name none")
      ->capture_default_str();
  verb->add_flag("--dry-run", command.dry_run, "Show a diff, write nothing");
  verb->callback([&command] { throw CLI::RuntimeError(openchoreo::migrate::RunMigrate(command)); });
}

void AddEval(CLI::App& app, std::string& kind, bool& explain) {
  CLI::App* verb = app.add_subcommand(
      "eval",
      "Try expressions, templates, patches, schemas or live objects: JSON lines in and out");
  verb->add_option("KIND", kind)->required()->check(CLI::IsMember(openchoreo::cli::EvalKinds()));
  verb->add_flag(
      "--explain", explain,
      "cel: print the type and value of each part of an expression; a line is the\n"
      "expression alone or {\"expr\": \"parameters.replicas > 1\", \"vars\": {\"parameters\": "
      "{…}}}");
  verb->callback([&kind, &explain] {
    throw CLI::RuntimeError(openchoreo::cli::RunEval(kind, explain, std::cin, std::cout));
  });
}

void AddCrds(CLI::App& app, openchoreo::cli::CrdsCommand& command) {
  CLI::App* verb = app.add_subcommand(
      "crds", "Print CRDs of OpenChoreo's kinds, for clusters where OpenChoreo has none");
  verb->add_flag("--bindings", command.bindings_only, "Those of the three bindings alone");
  verb->add_option("--dialect", command.dialect, "v1 or v0.12 alone (default: both in one)")
      ->check(CLI::IsMember({"v1", "v0.12"}));
  verb->callback(
      [&command] { throw CLI::RuntimeError(openchoreo::cli::RunCrds(command, std::cout)); });
}

void AddStatus(CLI::App& app, openchoreo::cli::StatusCommand& command) {
  CLI::App* verb = app.add_subcommand(
      "status", "Print the health of every binding from what a cluster has of it now");
  verb->add_flag("--live")->required()->description(
      "Read the cluster: its release records, bindings and their objects");
  verb->add_option("--kubeconfig", command.kubeconfig,
                   "How it is reached (default: $KUBECONFIG, ~/.kube/config, in-cluster)");
  verb->add_option("--context", command.context, "Of the kubeconfig (default: the current one)");
  verb->add_option_function<std::string>(
          "--mode",
          [&command](const std::string& mode) {
            command.mode = mode == "upstream" ? openchoreo::health::Mode::kUpstream
                                              : openchoreo::health::Mode::kStrict;
          },
          "strict, or upstream: exactly OpenChoreo's verdicts [strict]")
      ->check(CLI::IsMember({"strict", "upstream"}));
  const auto select = [verb](const char* flags, std::vector<std::string>& names, const char* what) {
    verb->add_option(flags, names, std::string("Only of these ") + what)
        ->type_name("NAME")
        ->allow_extra_args(false)
        ->take_all()
        ->delimiter(',');
  };
  select("--organization", command.organizations, "namespaces of bindings (repeatable)");
  select("-e,--environment", command.environments, "environments (repeatable)");
  select("-p,--project", command.projects, "projects (repeatable)");
  select("-c,--component", command.components, "components (repeatable)");
  select("-r,--resource", command.resources, "resources (repeatable)");
  verb->add_option("--format", command.format, "text, wide (with messages) or json [text]")
      ->check(CLI::IsMember({"text", "wide", "json"}));
  verb->callback([&command] {
    throw CLI::RuntimeError(openchoreo::cli::RunStatus(command, std::cout, std::cerr));
  });
}

struct HealthTableCommand {
  std::string kind, script;
  bool zero_is_healthy = false;
};

void AddHealthTable(CLI::App& app, HealthTableCommand& command) {
  CLI::App* verb = app.add_subcommand(
      "health-table", "Print the health rules: lua for Argo CD, cel for Flux, md for people");
  verb->add_option("KIND", command.kind)
      ->required()
      ->check(CLI::IsMember(openchoreo::cli::HealthTableKinds()));
  verb->add_option("--script", command.script,
                   "lua: one script alone, not the lines for argocd-cm");
  verb->add_flag("--zero-is-healthy", command.zero_is_healthy,
                 "lua: what is scaled to zero is Healthy, not Suspended");
  verb->callback([&command] {
    throw CLI::RuntimeError(openchoreo::cli::RunHealthTable(
        command.kind, command.script, command.zero_is_healthy, std::cout, std::cerr));
  });
}

// `held` takes what the process need not free at its end.
int Run(int argc, char** argv, std::shared_ptr<const void>& held) {
  CLI::App app{"Render OpenChoreo GitOps trees without a control plane"};
  app.set_version_flag("--version", openchoreo::base::Version());
  app.require_subcommand(1);
  RenderCommand render_command;
  AddRender(app, render_command, held);
  openchoreo::migrate::MigrateCommand migrate_command;
  AddMigrate(app, migrate_command);
  std::string eval_kind;
  bool explain = false;
  AddEval(app, eval_kind, explain);
  openchoreo::cli::CrdsCommand crds_command;
  AddCrds(app, crds_command);
  HealthTableCommand health_table_command;
  AddHealthTable(app, health_table_command);
  openchoreo::cli::StatusCommand status_command;
  AddStatus(app, status_command);
  KustomizeCheckCommand kustomize_check_command;
  AddKustomizeCheck(app, kustomize_check_command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& finished) {
    return finished.get_exit_code();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? openchoreo::cli::kOk : openchoreo::cli::kUsage;
  } catch (const std::bad_alloc&) {
    std::cerr << "error: " << openchoreo::base::OutOfMemory().message << "\n";
    return openchoreo::cli::kFailed;
  } catch (const std::exception& error) {
    std::cerr << "internal error: " << error.what() << "\n";
    return openchoreo::cli::kBug;
  }
  return openchoreo::cli::kOk;
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): what no verb has caught is a bug, and ends it
int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::shared_ptr<const void> held;
  const int exit_code = Run(argc, argv, held);
  std::cout.flush();
  std::fflush(nullptr);
  std::_Exit(exit_code);  // what is held is the system's to free
}
