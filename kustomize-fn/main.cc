// Standard input to standard output; everything for people goes to standard error.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "kustomize-fn/function.h"

namespace {

constexpr std::string_view kHelp =
    R"(openchoreo-kustomize-fn: a KRM function that renders OpenChoreo resources to Kubernetes manifests.

It reads a ResourceList from standard input and writes one to standard output; kustomize and kpt start it.
In a kustomization:

    # kustomization.yaml                       # openchoreo-render.yaml
    resources: [platform/, projects/]          apiVersion: gitops.openchoreo.dev/v1alpha1
    transformers: [openchoreo-render.yaml]     kind: OpenChoreoRender
    buildMetadata: [originAnnotations]         metadata:
                                                 name: render
                                                 annotations:
                                                   config.kubernetes.io/function: |
                                                     exec: {path: openchoreo-kustomize-fn}
                                               spec:
                                                 environments: [development]

    kustomize build --enable-alpha-plugins --enable-exec .

Kinds: OpenChoreoRender (under transformers: or generators:), OpenChoreoValidate (under transformers:),
or a ConfigMap with the fields of spec as flat texts.

spec: environments, projects, components, dataplanes (lists: what to emit), namespace, include
(rendered|openchoreo|all), plane (data|observability|all), tracking (labels|none), namespaces, record,
strict, onError (fail|skip), duplicates (error|last), allowEmpty, root (folder to read, relative to the
kustomization), allowParent.

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

// False if standard input cannot be read.
bool ReadAll(std::string& input) {
  std::size_t size = 0;
  input.resize(1u << 16);
  while (true) {
    if (size == input.size()) input.resize(input.size() * 2);
    const ssize_t got = ::read(STDIN_FILENO, input.data() + size, input.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  input.resize(size);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  using openchoreo::kustomize_fn::Outcome;
  if (argc > 1) {
    const std::string_view argument = argv[1];
    const bool help = argc == 2 && (argument == "--help" || argument == "-h");
    const bool version = argc == 2 && argument == "--version";
    if (help) WriteAll(STDOUT_FILENO, kHelp);
    if (version) WriteAll(STDOUT_FILENO, "openchoreo-kustomize-fn " OPENCHOREO_VERSION "\n");
    if (help || version) return 0;
    WriteAll(STDERR_FILENO,
             "openchoreo-kustomize-fn takes no arguments but --help and --version\n");
    return openchoreo::kustomize_fn::kExitUsage;
  }
  if (::isatty(STDIN_FILENO) != 0) {
    WriteAll(STDERR_FILENO, kHelp);
    return openchoreo::kustomize_fn::kExitUsage;
  }
  std::string input;
  if (!ReadAll(input)) {
    WriteAll(STDERR_FILENO, "error[unreadable-source]: cannot read standard input\n");
    return openchoreo::kustomize_fn::kExitUnreadable;
  }
  std::error_code failed;
  const std::filesystem::path here = std::filesystem::current_path(failed);
  const Outcome outcome =
      openchoreo::kustomize_fn::RunFunction(input, failed ? "." : here.string());
  WriteAll(STDERR_FILENO, outcome.messages);
  if (!WriteAll(STDOUT_FILENO, outcome.output)) {
    WriteAll(STDERR_FILENO, "error[unreadable-source]: cannot write standard output\n");
    return openchoreo::kustomize_fn::kExitFailed;
  }
  return outcome.exit_code;
}
