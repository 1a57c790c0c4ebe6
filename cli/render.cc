#include "cli/render.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "cli/exit_code.h"
#include "cli/kustomize_tree.h"
#include "cli/output_folder.h"
#include "common/base/printable.h"
#include "common/platform/process/write_pieces.h"
#include "common/render/findings.h"
#include "common/render/manifest_files.h"
#include "common/render/renderer.h"
#include "common/resource/diagnostic_printer.h"
#include "common/resource/repository.h"
#include "common/source/disk_place.h"

namespace openchoreo::cli {

namespace {

using render::Format;
using render::Group;
using source::FileTree;

int ReportError(const base::Error& error, int exit_code) {
  std::fprintf(stderr, "error: %s\n",
               base::Shown(error.message, base::LineBreaks::kKeepQuoted).c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "hint: %s\n", base::Shown(error.hint).c_str());
  return exit_code;
}

base::Result<std::vector<std::unique_ptr<FileTree>>> OpenSources(const RenderCommand& command) {
  std::vector<std::unique_ptr<FileTree>> trees;
  if (command.kustomize) {
    OC_TRY(auto tree, BuildKustomization(command.paths.front()));
    trees.push_back(std::move(tree));
  }
  const std::vector<std::string> none;
  for (const auto* paths : {command.kustomize ? &none : &command.paths, &command.sources}) {
    for (const std::string& path : *paths) {
      trees.push_back(
          source::OpenDirectory(path, source::DisplayPrefix(path), {.exclude = command.exclude}));
    }
  }
  return trees;
}

int WriteToStandardOutput(const std::vector<Group>& groups, Format format) {
  if (!process::WritePieces(STDOUT_FILENO, render::StreamOf(groups, format))) {
    std::fprintf(stderr, "error: cannot write the output: %s\n", std::strerror(errno));
    return kUnreadable;
  }
  return kOk;
}

int WriteToFolder(const std::vector<Group>& groups, const RenderCommand& command) {
  const std::vector<render::ManifestFile> files = render::LayOut(groups, command.options.format);
  if (auto written = WriteOutputFolder(command.output_dir, files, command.options.jobs); !written)
    return ReportError(written.error(), ExitCodeOf(written.error().code));
  return kOk;
}

void Print(const base::Diagnostics& diagnostics, bool verbose,
           resource::DiagnosticPrinter& printer) {
  for (const base::Diagnostic& diagnostic : render::Told(diagnostics, render::Door::kCommandLine)) {
    if (diagnostic.severity == base::Severity::kNote && !verbose) continue;
    std::fputs(printer.Print(diagnostic).c_str(), stderr);
  }
}

// Each cause once; what only follows from one with -v.
void PrintFindings(const render::Output& output, bool verbose) {
  resource::DiagnosticPrinter printer(*output.sources);
  Print(output.diagnostics, verbose, printer);
  if (verbose) Print(output.follow_ups, verbose, printer);
  const std::string counts = render::CountsLine(output.diagnostics, output.bindings_read,
                                                verbose ? 0 : output.follow_ups.size());
  if (!counts.empty()) std::fprintf(stderr, "%s\n", counts.c_str());
}

// What a run holds until it ends.
struct Held {
  std::vector<std::unique_ptr<FileTree>> trees;
  render::Renderer renderer;
  render::Output output;
};

int Render(const RenderCommand& command, Held& held) {
  auto trees = OpenSources(command);
  if (!trees) return ReportError(trees.error(), kUnreadable);
  held.trees = *std::move(trees);
  std::vector<FileTree*> sources;
  for (const auto& tree : held.trees) sources.push_back(tree.get());
  render::Options options = command.options;
  options.emitted_trees = sources.size() - command.sources.size();
  held.output = held.renderer.Render(sources, options);
  const render::Output& output = held.output;
  PrintFindings(output, command.options.verbose);
  if (output.unreadable) return kUnreadable;
  // A plan is an answer about every binding, also about those that failed.
  if (!output.failed || command.options.format == Format::kPlan) {
    const int written = command.output_dir.empty()
                            ? WriteToStandardOutput(output.groups, command.options.format)
                            : WriteToFolder(output.groups, command);
    if (written != kOk) return written;
  }
  return output.failed || output.has_error() ? kFailed : kOk;
}

}  // namespace

RenderResult RunRender(const RenderCommand& command) {
  const auto held = std::make_shared<Held>();
  const int exit_code = Render(command, *held);
  return {exit_code, held};
}

int RunValidate(std::span<const std::unique_ptr<FileTree>> trees, const render::Options& options) {
  std::vector<FileTree*> sources;
  for (const auto& tree : trees) sources.push_back(tree.get());
  render::Renderer renderer;
  const render::Output output = renderer.Render(sources, options);
  PrintFindings(output, options.verbose);
  if (output.unreadable) return kUnreadable;
  return output.failed || output.has_error() ? kFailed : kOk;
}

}  // namespace openchoreo::cli
