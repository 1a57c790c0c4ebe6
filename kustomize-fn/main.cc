// Standard input to standard output; everything for people goes to standard error.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/base/ascii.h"
#include "common/base/version.h"
#include "kustomize-fn/function.h"
#include "kustomize-fn/shipped.h"

namespace openchoreo::kustomize_fn {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHelp =
    R"(openchoreo-kustomize-fn: a KRM function and kustomize plugin that renders OpenChoreo resources to Kubernetes
manifests. kustomize and kpt start it: a ResourceList in, one out.

    # kustomization.yaml                       # openchoreo-render.yaml
    resources: [platform/, projects/]          apiVersion: gitops.openchoreo.dev/v1alpha1
    transformers: [openchoreo-render.yaml]     kind: OpenChoreoRender
                                               metadata:
                                                 name: render
                                                 annotations:
                                                   config.kubernetes.io/function: |
                                                     exec: {path: openchoreo-kustomize-fn}
                                               spec:
                                                 environments: [development]

    kustomize build --enable-alpha-plugins --enable-exec .

    openchoreo-kustomize-fn install-plugin [--home DIR]
        copies itself to where kustomize and kubectl find plugins (default: $KUSTOMIZE_PLUGIN_HOME, else
        $XDG_CONFIG_HOME/kustomize/plugin, else ~/.config/kustomize/plugin). The annotation then goes, and
        --enable-exec too: kustomize build --enable-alpha-plugins .
    openchoreo-kustomize-fn kustomizeconfig|openapi [v1|v0.12]
        what kustomize is to know of OpenChoreo resources, for configurations: and openapi: of a kustomization
    openchoreo-kustomize-fn CONFIG
        as kustomize starts a plugin: a stream of resources in, a stream out.
    openchoreo-kustomize-fn --help | --version

Kinds: OpenChoreoRender (under transformers: or generators:), OpenChoreoValidate (under transformers:),
or a ConfigMap with the fields of spec as flat texts.

spec: the options of `openchoreo-gitops render` in camelCase (environments, projects, include, onPending,
strict, …), and the function's own: root (folders to read, relative to the kustomization), allowParent,
role (generator|transformer|validator), guard. An unknown field is an error that lists them all.

Exit status: 0 done, 1 a resource or the configuration is wrong, 2 unreadable input, 64 no ResourceList.
)";

bool WriteAll(std::FILE* file, std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
}

// nullopt if `file`, which may be null, cannot be read.
std::optional<std::string> ReadAll(std::FILE* file) {
  if (file == nullptr) return std::nullopt;
  std::string text;
  std::size_t size = 0;
  do {
    text.resize(std::max<std::size_t>(2 * size, 1u << 16));
    size += std::fread(text.data() + size, 1, text.size() - size, file);
  } while (size == text.size());
  text.resize(size);
  if (std::ferror(file) != 0) return std::nullopt;
  return text;
}

int Fail(int exit_code, const std::string& message) {
  WriteAll(stderr, message + "\n");
  return exit_code;
}

int Print(std::string_view text) { return WriteAll(stdout, text) ? kExitOk : kExitFailed; }

// Where kustomize looks for plugins when it is told nothing else; "" if no variable says it.
std::string DefaultPluginHome() {
  for (const auto& [variable, below] : {std::pair("KUSTOMIZE_PLUGIN_HOME", ""),
                                        {"XDG_CONFIG_HOME", "/kustomize/plugin"},
                                        {"HOME", "/.config/kustomize/plugin"}}) {
    const char* const value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return std::string(value) + below;
  }
  return {};
}

// Copies this program to `file`, replacing what lies there at once: a kustomize that runs keeps
// what it started.
std::error_code InstallAs(const fs::path& file) {
  const fs::path fresh = file.string() + ".new";
  constexpr fs::perms kForAll = static_cast<fs::perms>(0755);
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (!failed) fs::copy_file("/proc/self/exe", fresh, fs::copy_options::overwrite_existing, failed);
  if (!failed) fs::permissions(fresh, kForAll, failed);
  if (!failed) fs::rename(fresh, file, failed);
  return failed;
}

// Lays the program out as kustomize looks for legacy plugins
// (api/internal/plugins/loader/loader.go), and says where.
int Install(int argc, char** argv) {
  std::string home = DefaultPluginHome();
  if (argc == 4 && std::string_view(argv[2]) == "--home") {
    home = argv[3];
  } else if (argc != 2) {
    return Fail(kExitUsage, "usage: openchoreo-kustomize-fn install-plugin [--home DIR]");
  }
  if (home.empty()) {
    return Fail(kExitUsage,
                "error[usage]: name the folder with --home: neither KUSTOMIZE_PLUGIN_HOME, "
                "XDG_CONFIG_HOME nor HOME is set");
  }
  std::string written;
  for (const std::string kind : {"OpenChoreoRender", "OpenChoreoValidate"}) {
    const fs::path file =
        fs::path(home) / "gitops.openchoreo.dev/v1alpha1" / base::AsciiLower(kind) / kind;
    if (const std::error_code failed = InstallAs(file)) {
      return Fail(kExitFailed, "error[unreadable-source]: cannot write " + file.string() + ": " +
                                   failed.message());
    }
    written += file.string() + "\n";
  }
  WriteAll(stdout, written);
  return kExitOk;
}

int Run(int argc, char** argv) {
  const std::string_view argument = argc > 1 ? argv[1] : "";
  if (argument == "install-plugin") return Install(argc, argv);
  const bool configures = argument == "kustomizeconfig";
  if ((configures || argument == "openapi") && (argc == 2 || argc == 3)) {
    const std::string_view shapes = argc == 3 ? argv[2] : "v1";
    if (shapes != "v1" && shapes != "v0.12")
      return Fail(kExitUsage, "error[usage]: " + std::string(argument) + " takes v1 or v0.12");
    const auto dialect = shapes == "v1" ? names::Dialect::kV1 : names::Dialect::kV012;
    return Print(configures ? KustomizeConfig(dialect) : OpenApi(dialect));
  }
  if (argc == 2 && (argument == "--help" || argument == "-h")) return Print(kHelp);
  if (argc == 2 && argument == "--version")
    return Print(std::string("openchoreo-kustomize-fn ") + base::Version() + "\n");
  if (argc > 2 || argument.starts_with('-')) {
    return Fail(kExitUsage,
                "openchoreo-kustomize-fn takes install-plugin, kustomizeconfig, openapi, --help, "
                "--version or, from kustomize, one configuration file");
  }
  if (argc == 1 && ::isatty(::fileno(stdin)) != 0) return Fail(kExitUsage, std::string(kHelp));
  std::optional<std::string> plugin_config;
  if (argc == 2 && !(plugin_config = ReadAll(std::fopen(argv[1], "rb")))) {
    return Fail(kExitUnreadable, "error[unreadable-source]: cannot read " + std::string(argument) +
                                     ": " + std::strerror(errno));
  }
  const auto input = ReadAll(stdin);
  if (!input) return Fail(kExitUnreadable, "error[unreadable-source]: cannot read standard input");
  std::error_code failed;
  const fs::path here = fs::current_path(failed);
  const std::string folder = failed ? "." : here.string();
  const Outcome outcome = RunFunction(*input, folder, plugin_config);
  WriteAll(stderr, outcome.messages);
  if (!WriteAll(stdout, outcome.output))
    return Fail(kExitFailed, "error[unreadable-source]: cannot write standard output");
  return outcome.exit_code;
}

}  // namespace

}  // namespace openchoreo::kustomize_fn

int main(int argc, char** argv) { return openchoreo::kustomize_fn::Run(argc, argv); }
