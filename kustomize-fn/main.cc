// Standard input to standard output; everything for people goes to standard error.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "common/base/version.h"
#include "kustomize-fn/function.h"
#include "kustomize-fn/install_plugin.h"
#include "kustomize-fn/shipped.h"

namespace {

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
    openchoreo-kustomize-fn kustomizeconfig [v1|v0.12] | openapi
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

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// False if `file` cannot be read.
bool ReadAll(int file, std::string& input) {
  std::size_t size = 0;
  input.resize(1u << 16);
  while (true) {
    if (size == input.size()) input.resize(input.size() * 2);
    const ssize_t got = ::read(file, input.data() + size, input.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  input.resize(size);
  return true;
}

bool ReadFile(const char* path, std::string& text) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool read = ReadAll(file, text);
  ::close(file);
  return read;
}

int Fail(int exit_code, const std::string& message) {
  WriteAll(STDERR_FILENO, message + "\n");
  return exit_code;
}

int Print(const std::string& text) {
  return WriteAll(STDOUT_FILENO, text) ? openchoreo::kustomize_fn::kExitOk
                                       : openchoreo::kustomize_fn::kExitFailed;
}

int Install(int argc, char** argv) {
  std::string home = openchoreo::kustomize_fn::DefaultPluginHome();
  if (argc == 4 && std::string_view(argv[2]) == "--home") {
    home = argv[3];
  } else if (argc != 2) {
    return Fail(openchoreo::kustomize_fn::kExitUsage,
                "usage: openchoreo-kustomize-fn install-plugin [--home DIR]");
  }
  if (home.empty()) {
    return Fail(openchoreo::kustomize_fn::kExitUsage,
                "error[usage]: name the folder with --home: neither KUSTOMIZE_PLUGIN_HOME, "
                "XDG_CONFIG_HOME nor HOME is set");
  }
  const auto written = openchoreo::kustomize_fn::InstallPlugin("/proc/self/exe", home);
  if (!written) {
    return Fail(openchoreo::kustomize_fn::kExitFailed,
                "error[unreadable-source]: " + written.error().message);
  }
  for (const std::string& file : *written) WriteAll(STDOUT_FILENO, file + "\n");
  return openchoreo::kustomize_fn::kExitOk;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace openchoreo::kustomize_fn;  // NOLINT: one function
  const std::string_view argument = argc > 1 ? argv[1] : "";
  if (argument == "install-plugin") return Install(argc, argv);
  if (argument == "kustomizeconfig" && (argc == 2 || argc == 3)) {
    using openchoreo::names::Dialect;
    const std::string_view dialect = argc == 3 ? argv[2] : "v1";
    if (dialect == "v1") return Print(KustomizeConfig(Dialect::kV1));
    if (dialect == "v0.12") return Print(KustomizeConfig(Dialect::kV012));
    return Fail(kExitUsage, "error[usage]: kustomizeconfig takes v1 or v0.12");
  }
  if (argc == 2 && argument == "openapi") return Print(OpenApi());
  const bool help = argc == 2 && (argument == "--help" || argument == "-h");
  const bool version = argc == 2 && argument == "--version";
  if (help) WriteAll(STDOUT_FILENO, kHelp);
  if (version) {
    WriteAll(STDOUT_FILENO,
             std::string("openchoreo-kustomize-fn ") + openchoreo::base::Version() + "\n");
  }
  if (help || version) return kExitOk;
  if (argc > 2 || argument.starts_with('-')) {
    return Fail(kExitUsage,
                "openchoreo-kustomize-fn takes install-plugin, kustomizeconfig, openapi, --help, "
                "--version or, from kustomize, one configuration file");
  }
  const bool plugin = argc == 2;
  if (!plugin && ::isatty(STDIN_FILENO) != 0) return Fail(kExitUsage, std::string(kHelp));
  std::string config, input;
  if (plugin && !ReadFile(argv[1], config)) {
    return Fail(kExitUnreadable, "error[unreadable-source]: cannot read " + std::string(argument) +
                                     ": " + std::strerror(errno));
  }
  if (!ReadAll(STDIN_FILENO, input))
    return Fail(kExitUnreadable, "error[unreadable-source]: cannot read standard input");
  std::error_code failed;
  const std::filesystem::path here = std::filesystem::current_path(failed);
  const std::string folder = failed ? "." : here.string();
  const Outcome outcome = plugin ? RunPlugin(config, input, folder) : RunFunction(input, folder);
  WriteAll(STDERR_FILENO, outcome.messages);
  if (!WriteAll(STDOUT_FILENO, outcome.output))
    return Fail(kExitFailed, "error[unreadable-source]: cannot write standard output");
  return outcome.exit_code;
}
