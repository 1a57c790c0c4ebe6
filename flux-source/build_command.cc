#include "flux-source/build_command.h"

#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>

#include "common/artifact/tar_writer.h"
#include "common/base/exit_code.h"
#include "common/base/out_of_memory.h"
#include "common/base/printable.h"
#include "common/platform/process/atomic_file.h"
#include "common/render/findings.h"
#include "common/render/manifest_files.h"
#include "common/render/renderer.h"
#include "common/resource/diagnostic_printer.h"
#include "common/source/disk_place.h"

namespace openchoreo::flux {

namespace {

namespace fs = std::filesystem;

int Report(const base::Error& error) {
  constexpr auto kBreaks = base::LineBreaks::kKeepQuoted;
  std::fprintf(stderr, "error: %s\n", base::Shown(error.message, kBreaks).c_str());
  if (!error.hint.empty()) {
    std::fprintf(stderr, "hint: %s\n", base::Shown(error.hint, kBreaks).c_str());
  }
  return base::ExitCodeOf(error.code);
}

void PrintFindings(const render::Output& output) {
  resource::DiagnosticPrinter printer(*output.sources);
  for (const base::Diagnostic& diagnostic :
       render::Told(output.diagnostics, render::Door::kCommandLine)) {
    if (diagnostic.severity == base::Severity::kNote) continue;
    std::fputs(printer.Print(diagnostic).c_str(), stderr);
  }
  const std::string counts =
      render::CountsLine(output.diagnostics, output.bindings_read, output.follow_ups.size());
  if (!counts.empty()) std::fprintf(stderr, "%s\n", counts.c_str());
}

base::Result<void> WriteArchive(const artifact::Files& files, const std::string& output) {
  OC_TRY(const artifact::PackedArchive packed,
         artifact::Pack(artifact::ViewsOf(files), {std::numeric_limits<std::size_t>::max()}));
  const fs::path path(output);
  const std::string parent = path.parent_path().string();
  OC_TRY(const process::Folder folder, process::Folder::Make(parent.empty() ? "." : parent));
  return folder.Write(path.filename().string(), packed.bytes, process::Durability::kCanBeMadeAgain);
}

base::Result<void> WriteFolder(const artifact::Files& files, const std::string& output) {
  OC_TRY(const process::Folder folder, process::Folder::Make(output));
  OC_TRY(const bool empty, folder.Empty());
  if (!empty) {
    base::Error error;
    error.code = base::ErrorCode::kUsage;
    error.message = "--output " + output + " is not empty";
    error.hint = "name an empty or new folder, so that it holds the artifact and nothing else";
    return base::Fail(std::move(error));
  }
  for (const auto& [path, content] : files) {
    OC_TRY_DONE(folder.Write(path, content, process::Durability::kCanBeMadeAgain));
  }
  return {};
}

base::Result<int> Run(const BuildCommand& command) {
  const source::DirectoryOptions directory{command.exclude};
  std::vector<std::unique_ptr<source::FileTree>> trees;
  std::vector<source::FileTree*> views;
  for (const std::string& path : command.paths) {
    trees.push_back(source::OpenDirectory(path, source::DisplayPrefix(path), directory));
    views.push_back(trees.back().get());
  }
  render::Renderer renderer;
  const render::Output output = renderer.Render(views, command.options);
  PrintFindings(output);
  if (output.unreadable) return base::kUnreadable;
  if (output.failed || output.has_error()) return base::kFailed;
  artifact::Files files = render::ToFiles(output.groups, command.options.format);
  render::AddKustomizations(files);
  OC_TRY_DONE(command.output.ends_with(".tar.gz") ? WriteArchive(files, command.output)
                                                  : WriteFolder(files, command.output));
  return base::kOk;
}

}  // namespace

int RunBuild(const BuildCommand& command) {
  const base::Result<int> done = base::CatchOutOfMemory([&] { return Run(command); });
  return done ? *done : Report(done.error());
}

}  // namespace openchoreo::flux
