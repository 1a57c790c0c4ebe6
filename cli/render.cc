#include "cli/render.h"

#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

#include "cli/display_prefix.h"
#include "cli/exit_code.h"
#include "cli/kustomize_tree.h"
#include "cli/output_folder.h"
#include "common/resource/diagnostic_printer.h"
#include "common/resource/repository.h"

namespace openchoreo::cli {

namespace {

using render::Format;
using render::Group;
using resource::FileTree;

int ReportError(const base::Error& error, int exit_code) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "hint: %s\n", error.hint.c_str());
  return exit_code;
}

base::Result<std::vector<std::unique_ptr<FileTree>>> OpenSources(const RenderCommand& command) {
  std::vector<std::unique_ptr<FileTree>> trees;
  if (command.kustomize) {
    OC_TRY(auto tree, BuildKustomization(command.paths.front()));
    trees.push_back(std::move(tree));
    return trees;
  }
  for (const std::string& path : command.paths) {
    trees.push_back(
        resource::OpenDirectory(path, DisplayPrefix(path), {.exclude = command.exclude}));
  }
  return trees;
}

// One stream: YAML documents, or the elements of one JSON array.
class Stream {
 public:
  explicit Stream(Format format) : format_(format) {}

  void Add(const Group& group) {
    for (std::size_t i = 0; i < group.size(); ++i) AddObject(group.object(i));
  }

  std::string Finish() && {
    text_ += After(format_, first_);
    return std::move(text_);
  }

  // What stands before an object, and after the last one.
  static std::string_view Before(Format format, bool first) {
    if (format == Format::kYaml) return "---\n";
    return first ? "[\n" : ",\n";
  }

  static std::string_view After(Format format, bool none) {
    if (format == Format::kYaml) return "";
    return none ? "[]\n" : "\n]\n";
  }

 private:
  void AddObject(std::string_view object) {
    text_ += Before(format_, first_);
    first_ = false;
    text_ += object;
  }

  Format format_;
  bool first_ = true;
  std::string text_;
};

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
  bool first = true;
  for (const Group& group : groups) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      out.Add(Stream::Before(format, first));
      first = false;
      out.Add(group.object(i));
    }
  }
  out.Add(Stream::After(format, first));
  if (!out.Flush()) {
    std::fprintf(stderr, "error: cannot write the output: %s\n", std::strerror(errno));
    return kUnreadable;
  }
  return kOk;
}

std::string FileOf(const Group& group, Format format) {
  const auto part = [](const std::string& name) { return name.empty() ? std::string("-") : name; };
  const std::string extension = format == Format::kYaml ? ".yaml" : ".json";
  const std::string folder = part(group.environment) + "/" + part(group.project) + "/";
  if (group.kind == "Namespace") return folder + "namespaces" + extension;
  std::string kind = group.kind;
  for (char& c : kind) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return folder + kind + "-" + group.name + extension;
}

int WriteToFolder(const std::vector<Group>& groups, const RenderCommand& command) {
  const Format format = command.options.format;
  std::map<std::string, Stream> streams;
  for (const Group& group : groups) {
    if (!group.ends.empty())
      streams.try_emplace(FileOf(group, format), format).first->second.Add(group);
  }
  std::map<std::string, std::string> files;
  for (auto& [path, stream] : streams) files.emplace(path, std::move(stream).Finish());
  if (auto written = WriteOutputFolder(command.output_dir, files); !written) {
    const bool usage = written.error().code == base::ErrorCode::kUsage;
    return ReportError(written.error(), usage ? kUsage : kUnreadable);
  }
  return kOk;
}

void PrintDiagnostics(const render::Output& output, bool verbose) {
  resource::DiagnosticPrinter printer(*output.sources);
  for (const base::Diagnostic& diagnostic : output.diagnostics) {
    if (diagnostic.severity == base::Severity::kNote && !verbose) continue;
    std::fputs(printer.Print(diagnostic).c_str(), stderr);
  }
}

[[noreturn]] void Leave(int exit_code) {
  std::fflush(nullptr);
  std::_Exit(exit_code);
}

}  // namespace

void RunRender(const RenderCommand& command) {
  auto trees = OpenSources(command);
  if (!trees) Leave(ReportError(trees.error(), kUnreadable));
  std::vector<FileTree*> sources;
  for (const auto& tree : *trees) sources.push_back(tree.get());

  render::Renderer renderer;
  const render::Output output = renderer.Render(sources, command.options);
  PrintDiagnostics(output, command.options.verbose);
  if (output.unreadable) Leave(kUnreadable);
  // A plan is an answer about every binding, also about those that failed.
  if (!output.failed || command.options.format == Format::kPlan) {
    const int written = command.output_dir.empty()
                            ? WriteToStandardOutput(output.groups, command.options.format)
                            : WriteToFolder(output.groups, command);
    if (written != kOk) Leave(written);
  }
  Leave(output.failed || output.has_error() ? kFailed : kOk);
}

}  // namespace openchoreo::cli
