#include "cli/kustomize_tree.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "common/base/printable.h"
#include "common/platform/process/child_process.h"
#include "common/resource/kustomization_tree.h"
#include "common/source/plain_tree.h"

namespace openchoreo::cli {

namespace {

// A kustomization that lists the function itself renders where kustomize builds it, not here.
std::string HintFor(const std::string& folder) {
  for (const resource::ListedConfiguration& one : resource::ConfigurationsBelow(folder)) {
    if (one.api_version.starts_with("gitops.openchoreo.dev/")) {
      return "it lists " + one.kind + " " + one.name +
             ": build it with kustomize build --enable-alpha-plugins --enable-exec, or render a "
             "kustomization that holds the OpenChoreo resources alone";
    }
  }
  return {};
}

base::Result<std::string> Capture(const std::string& program, const std::string& folder) {
  process::Command command;
  command.arguments = {program, "build", folder};
  for (char** variable = environ; *variable != nullptr; ++variable)
    command.environment.emplace_back(*variable);
  if (process::FindProgram(program).empty()) {
    base::Error error;
    error.code = base::ErrorCode::kUnreadableSource;
    error.message = "cannot run " + program + ": no such program";
    error.hint = "install kustomize, or set KUSTOMIZE to the program";
    return base::Fail(std::move(error));
  }
  OC_TRY(process::CommandResult result, process::RunCommand(command));
  // Names and texts of the repository are in them.
  const std::string said = result.errors.empty() ? "" : ":" + base::QuotedLines(result.errors);
  const std::string build = program + " build " + folder;
  if (result.exit_code == 0 && !said.empty())
    std::fputs(
        (base::Printable(build + " says" + said, base::LineBreaks::kKeepQuoted) + "\n").c_str(),
        stderr);
  if (result.exit_code != 0) {
    base::Error error;
    error.code = base::ErrorCode::kUnreadableSource;
    error.message = build + " failed" + said;
    error.hint = HintFor(folder);
    return base::Fail(std::move(error));
  }
  return std::move(result.output);
}

}  // namespace

std::unique_ptr<source::FileTree> TreeOf(std::string name, std::string content) {
  source::PlainTree::Files files;
  files[std::move(name)] = std::make_shared<const std::string>(std::move(content));
  return std::make_unique<source::PlainTree>(std::move(files));
}

base::Result<std::unique_ptr<source::FileTree>> BuildKustomization(const std::string& folder) {
  const char* named = std::getenv("KUSTOMIZE");
  OC_TRY(std::string output, Capture(named && *named ? named : "kustomize", folder));
  return TreeOf("kustomize build " + folder, std::move(output));
}

}  // namespace openchoreo::cli
