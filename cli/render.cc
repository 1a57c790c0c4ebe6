#include "cli/render.h"

#include <cerrno>
#include <cstdio>
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
    std::size_t begin = 0;
    for (const std::size_t end : group.ends) {
      AddObject(std::string_view(*group.text).substr(begin, end - begin));
      begin = end;
    }
  }

  std::string Finish() && {
    if (format_ != Format::kYaml) text_ += first_ ? "[]\n" : "\n]\n";
    return std::move(text_);
  }

 private:
  void AddObject(std::string_view object) {
    if (format_ == Format::kYaml) {
      text_ += "---\n";
    } else {
      text_ += first_ ? "[\n" : ",\n";
    }
    first_ = false;
    text_ += object;
  }

  Format format_;
  bool first_ = true;
  std::string text_;
};

bool WriteAll(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

// YAML goes out group by group, so that a large tree is not held twice.
int WriteToStandardOutput(const std::vector<Group>& groups, Format format) {
  bool written = true;
  if (format == Format::kYaml) {
    for (const Group& group : groups) {
      Stream stream(format);
      stream.Add(group);
      written = written && WriteAll(std::move(stream).Finish());
    }
  } else {
    Stream stream(format);
    for (const Group& group : groups) stream.Add(group);
    written = WriteAll(std::move(stream).Finish());
  }
  if (!written || std::fflush(stdout) != 0) {
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

}  // namespace

int RunRender(const RenderCommand& command) {
  auto trees = OpenSources(command);
  if (!trees) return ReportError(trees.error(), kUnreadable);
  std::vector<FileTree*> sources;
  for (const auto& tree : *trees) sources.push_back(tree.get());

  render::Renderer renderer;
  const render::Output output = renderer.Render(sources, command.options);
  PrintDiagnostics(output, command.options.verbose);
  if (output.unreadable) return kUnreadable;
  // A plan is an answer about every binding, also about those that failed.
  if (!output.failed || command.options.format == Format::kPlan) {
    const int written = command.output_dir.empty()
                            ? WriteToStandardOutput(output.groups, command.options.format)
                            : WriteToFolder(output.groups, command);
    if (written != kOk) return written;
  }
  return output.failed || output.failed_bindings > 0 ? kFailed : kOk;
}

}  // namespace openchoreo::cli
