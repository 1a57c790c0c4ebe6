#include "common/platform/process/kustomize_build.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "common/base/printable.h"
#include "common/platform/process/child_process.h"
#include "common/platform/process/temporary_folder.h"

namespace openchoreo::process {

using base::ErrorCode;
using base::Fail;

namespace {

bool WriteFile(const std::string& path, const std::string& bytes) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return static_cast<bool>(file.flush());
}

}  // namespace

KustomizeBuild::KustomizeBuild(std::string program, std::string work_folder,
                               artifact::TarLimits limits)
    : wanted_(std::move(program)), work_folder_(std::move(work_folder)), limits_(limits) {
  if (!wanted_.empty()) program_ = FindProgram(wanted_);
}

base::Result<std::string> KustomizeBuild::Build(const std::string& archive,
                                                const std::string& app_path,
                                                const base::Cancel& cancel) const {
  OC_TRY(const TemporaryFolder folder, TemporaryFolder::Make(work_folder_, "build"));
  std::optional<std::string> failed;
  artifact::TarVisitor visitor;
  visitor.wanted = [](std::string_view name, std::uint64_t) {
    return !name.starts_with(".git/") && name.find("/.git/") == std::string_view::npos;
  };
  visitor.file = [&](std::string name, const std::string& bytes) {
    if (!failed && !WriteFile(folder.path() + "/" + name, bytes)) failed = std::move(name);
  };
  std::string_view rest = archive;
  auto summary =
      artifact::ReadTar([&]() -> base::Result<std::string_view> { return std::exchange(rest, {}); },
                        limits_, visitor);
  if (!summary) return Fail(std::move(summary).error());
  if (failed)
    return Fail(ErrorCode::kUnreadableSource, "cannot unpack " + *failed + " for kustomize");
  auto built = BuildFolder(folder.path() + (app_path.empty() ? "" : "/" + app_path), cancel);
  if (!built) {
    // The temporary name says nothing to anybody.
    std::string& text = built.error().message;
    for (std::size_t at = text.find(folder.path()); at != std::string::npos;
         at = text.find(folder.path(), at)) {
      text.replace(at, folder.path().size(), ".");
    }
  }
  return built;
}

base::Result<std::string> KustomizeBuild::BuildFolder(const std::string& folder,
                                                      const base::Cancel& cancel) const {
  Command command;
  command.arguments = {program_, "build", folder};
  const char* path = std::getenv("PATH");
  // No home, no credentials: a kustomization is the repository's word, not the operator's.
  command.environment = {std::string("PATH=") + (path ? path : "/usr/local/bin:/usr/bin:/bin"),
                         "HOME=" + work_folder_, "TMPDIR=" + work_folder_, "GIT_TERMINAL_PROMPT=0"};
  command.cancel = cancel;
  auto result = RunCommand(command);
  if (!result) return Fail(std::move(result).error());
  if (result->exit_code != 0) {
    return Fail(ErrorCode::kUnreadableSource,
                "kustomize build failed:" + base::QuotedLines(result->errors));
  }
  return std::move(result->output);
}

}  // namespace openchoreo::process
