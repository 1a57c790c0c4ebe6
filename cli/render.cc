#include "cli/render.h"

#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "cli/display_prefix.h"
#include "cli/exit_code.h"
#include "cli/kustomize_tree.h"
#include "cli/output_folder.h"
#include "common/base/printable.h"
#include "common/base/secret.h"
#include "common/render/findings.h"
#include "common/render/manifest_files.h"
#include "common/render/renderer.h"
#include "common/resource/diagnostic_printer.h"
#include "common/resource/repository.h"

namespace openchoreo::cli {

namespace {

using render::Format;
using render::Group;
using source::FileTree;

int ReportError(const base::Error& error, int exit_code) {
  const auto shown = [](std::string_view text, base::LineBreaks breaks) {
    return base::Printable(base::WithoutSecrets(text), breaks);
  };
  std::fprintf(stderr, "error: %s\n", shown(error.message, base::LineBreaks::kKeepQuoted).c_str());
  if (!error.hint.empty()) {
    std::fprintf(stderr, "hint: %s\n", shown(error.hint, base::LineBreaks::kEscape).c_str());
  }
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
          source::OpenDirectory(path, DisplayPrefix(path), {.exclude = command.exclude}));
    }
  }
  return trees;
}

// Pieces that are written together, without a copy. Not thread-safe.
class PieceWriter {
 public:
  explicit PieceWriter(int descriptor) : descriptor_(descriptor) {}

  // `piece` must live until Flush.
  void Add(std::string_view piece) {
    if (piece.empty()) return;
    pieces_.push_back({const_cast<char*>(piece.data()), piece.size()});
    if (pieces_.size() == kAtOnce) Flush();
  }

  // False once a write has failed; errno says why.
  bool Flush() {
    std::size_t first = 0;
    while (ok_ && first < pieces_.size()) {
      const ssize_t written =
          ::writev(descriptor_, pieces_.data() + first, static_cast<int>(pieces_.size() - first));
      if (written < 0) {
        ok_ = errno == EINTR;
        continue;
      }
      auto left = static_cast<std::size_t>(written);
      while (first < pieces_.size() && left >= pieces_[first].iov_len)
        left -= pieces_[first++].iov_len;
      if (left == 0) continue;
      pieces_[first].iov_base = static_cast<char*>(pieces_[first].iov_base) + left;
      pieces_[first].iov_len -= left;
    }
    pieces_.clear();
    return ok_;
  }

 private:
  static constexpr std::size_t kAtOnce = 1024;  // the most one writev takes

  int descriptor_;
  bool ok_ = true;
  std::vector<iovec> pieces_;
};

int WriteToStandardOutput(const std::vector<Group>& groups, Format format) {
  PieceWriter out(STDOUT_FILENO);
  for (const std::string_view piece : render::StreamOf(groups, format)) out.Add(piece);
  if (!out.Flush()) {
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
