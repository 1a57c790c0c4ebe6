#include "cli/migrate/migrate.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <numeric>

#include "cli/edit/unified_diff.h"
#include "cli/exit_code.h"
#include "cli/migrate/document_rewriter.h"
#include "cli/migrate/equivalence.h"
#include "common/base/printable.h"
#include "common/base/usable_cpus.h"
#include "common/platform/process/atomic_file.h"
#include "common/render/renderer.h"
#include "common/resource/diagnostic_printer.h"
#include "common/resource/repository.h"
#include "common/source/disk_place.h"
#include "common/source/file_tree.h"
#include "common/yaml/reader.h"

namespace openchoreo::migrate {

namespace {

namespace fs = std::filesystem;
using cli::ExitCode;
using source::FileContent;
using source::FileTree;

constexpr std::size_t kCacheBytes = 256u << 20;

struct File {
  std::string path;
  FileContent before;
  FileContent after;                // == before where nothing changes
  std::string prevented;            // why it stays as it is
  std::vector<std::string> groups;  // what must change together with it

  bool candidate() const { return after != before; }
};

// The tree with some files replaced.
class OverlayTree : public FileTree {
 public:
  explicit OverlayTree(FileTree& base) : base_(base) {}

  void Replace(const std::string& path, FileContent content) {
    replaced_[path] = std::move(content);
  }

  std::string_view display_name() const override { return base_.display_name(); }

  base::Result<std::vector<std::string>> List() override { return base_.List(); }

  base::Result<FileContent> Read(std::string_view path) override {
    const auto found = replaced_.find(path);
    if (found != replaced_.end()) return found->second;
    return base_.Read(path);
  }

 private:
  FileTree& base_;
  std::map<std::string, FileContent, std::less<>> replaced_;
};

struct Components {
  std::map<std::string, std::string, std::less<>> type_of;  // "namespace/name" → "deployment/web"
};

std::string Key(std::string_view ns, std::string_view name) {
  return std::string(ns) + "/" + std::string(name);
}

std::string TypeOf(const value::Value& component) {
  const value::Value type = component.Get("spec", "componentType");
  return std::string(type.is_string() ? type.as_string() : type.Get("name").string_or_empty());
}

// Reads one tree, rewrites each file in memory and decides which rewrites may stand.
class Migration {
 public:
  explicit Migration(const MigrateCommand& command)
      : command_(command),
        renderer_(kCacheBytes),
        tree_(source::OpenDirectory(command.path, source::DisplayPrefix(command.path),
                                    {.exclude = command.exclude})) {
    for (const std::string& source : command.sources) {
      others_.push_back(source::OpenDirectory(source, source::DisplayPrefix(source),
                                              {.exclude = command.exclude}));
    }
  }

  int Run() {
    if (auto read = ReadFiles(); !read) {
      std::fprintf(stderr, "error: %s\n", base::Shown(read.error().message).c_str());
      return ExitCode::kUnreadable;
    }
    if (ReportUnreadable()) return ExitCode::kWrongDocument;
    CollectComponents();
    for (File& file : files_) RewriteFile(file);
    Verify();
    return Report();
  }

 private:
  base::Result<void> ReadFiles() {
    OC_TRY(const std::vector<std::string> paths, tree_->List());
    for (const std::string& path : paths) {
      OC_TRY(FileContent content, tree_->Read(path));
      files_.push_back({path, content, content, "", {}});
    }
    return {};
  }

  // What cannot be read cannot be rewritten, and half a migration is worse than none. True if there
  // is such a document in the tree.
  bool ReportUnreadable() {
    FileTree* const trees[] = {tree_.get()};
    const auto repository = resource::Load(trees, {});
    resource::DiagnosticPrinter printer(repository->sources());
    bool any = false;
    for (const base::Diagnostic& diagnostic : repository->diagnostics()) {
      // Errors of an object are the migration's to judge; those without one are documents that are
      // none.
      if (diagnostic.severity != base::Severity::kError || !diagnostic.object.empty()) continue;
      std::fputs(printer.Print(diagnostic).c_str(), stderr);
      any = true;
    }
    if (any) std::fputs("error: nothing is migrated; mend these documents first\n", stderr);
    return any;
  }

  template <typename Visit>
  void ForEachResource(const File& file, Visit visit) {
    base::Arena arena;
    for (const yaml::Document& document : yaml::Read(*file.before, arena).documents) {
      if (document.root.Get("apiVersion").string_or_empty().rfind("openchoreo.dev/", 0) == 0)
        visit(document.root);
    }
  }

  void CollectComponents() {
    for (File& file : files_) {
      ForEachResource(file, [&](const value::Value& root) {
        const std::string_view kind = root.Get("kind").string_or_empty();
        const std::string_view ns = root.Get("metadata", "namespace").string_or_empty();
        const std::string_view name = root.Get("metadata", "name").string_or_empty();
        const value::Value owner = root.Get("spec", "owner");
        if (kind == "Component") {
          const std::string type = TypeOf(root);
          components_.type_of[Key(ns, name)] = type;
          file.groups.push_back("component " + std::string(name));
          file.groups.push_back("type " + type.substr(type.find('/') + 1));
        } else if (kind == "ComponentType") {
          file.groups.push_back("type " + std::string(name));
        } else if (kind == "Workload" || kind == "ComponentRelease" || kind == "ReleaseBinding") {
          std::string_view component = owner.Get("componentName").string_or_empty();
          if (component.empty()) component = owner.Get("component").string_or_empty();
          file.groups.push_back("component " + std::string(component));
        } else {
          file.groups.push_back("file " + file.path);
        }
      });
    }
  }

  void RewriteFile(File& file) {
    const ComponentTypeLookup lookup = [this](std::string_view ns, std::string_view component) {
      const auto found = components_.type_of.find(Key(ns, component));
      return found == components_.type_of.end() ? std::string() : found->second;
    };
    std::string text;
    std::size_t at = 0;
    for (const yaml::DocumentRange& range : yaml::SplitDocuments(*file.before)) {
      text += file.before->substr(at, range.begin - at);
      const Rewrite rewrite =
          RewriteDocument(file.before->substr(range.begin, range.end - range.begin), lookup);
      if (!rewrite.prevented.empty()) {
        file.prevented = rewrite.prevented;
        return;
      }
      text += rewrite.text;
      at = range.end;
    }
    text += file.before->substr(at);
    if (text != *file.before) file.after = std::make_shared<const std::string>(std::move(text));
  }

  // Files that change together: those that share a group, directly or through others.
  std::vector<std::vector<File*>> Units() {
    std::vector<std::size_t> parent(files_.size());
    std::iota(parent.begin(), parent.end(), 0u);
    const auto root = [&](std::size_t i) {
      while (parent[i] != i) i = parent[i] = parent[parent[i]];
      return i;
    };
    std::map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      for (const std::string& group : files_[i].groups) {
        const auto [found, inserted] = first.emplace(group, i);
        if (!inserted) parent[root(i)] = root(found->second);
      }
    }
    std::map<std::size_t, std::vector<File*>> units;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (files_[i].candidate()) units[root(i)].push_back(&files_[i]);
    }
    std::vector<std::vector<File*>> result;
    result.reserve(units.size());
    for (auto& [key, unit] : units) result.push_back(std::move(unit));
    return result;
  }

  Plan PlanWith(const std::vector<const File*>& rewritten) {
    OverlayTree overlay(*tree_);
    for (const File* file : rewritten) overlay.Replace(file->path, file->after);
    std::vector<FileTree*> trees = {&overlay};
    for (const auto& other : others_) trees.push_back(other.get());
    render::Options options;
    options.format = render::Format::kPlan;
    options.default_namespace = command_.default_namespace;
    options.allow_empty = true;
    options.jobs = base::UsableCpus();
    Plan plan;
    for (const render::Group& group : renderer_.Render(trees, options).groups) {
      plan.emplace(group.kind + " " + group.ns + "/" + group.name, *group.text);
    }
    return plan;
  }

  void Verify() {
    const std::vector<std::vector<File*>> units = Units();
    if (!units.empty()) before_ = PlanWith({});
    Accept(units, 0, units.size());
  }

  // Takes units [begin, end) over if the tree renders the same with them; else each half by itself.
  void Accept(const std::vector<std::vector<File*>>& units, std::size_t begin, std::size_t end) {
    if (begin == end) return;
    std::vector<const File*> tried = accepted_;
    for (std::size_t i = begin; i < end; ++i)
      tried.insert(tried.end(), units[i].begin(), units[i].end());
    const std::string difference = FirstDifference(before_, PlanWith(tried));
    if (difference.empty()) {
      accepted_ = std::move(tried);
      return;
    }
    if (end - begin == 1) {
      for (File* file : units[begin]) {
        file->after = file->before;
        file->prevented = "rewritten, it would render differently: " + difference;
      }
      return;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    Accept(units, begin, middle);
    Accept(units, middle, end);
  }

  base::Result<void> Write(const File& file) const {
    using process::Durability;
    using process::Folder;
    std::error_code error;
    if (!fs::is_directory(command_.path, error)) {
      // One file is the whole tree; where its name is a link, what that leads to was meant.
      const fs::path path = fs::canonical(command_.path, error);
      if (error) {
        return base::Fail(base::ErrorCode::kUnreadableSource,
                          "cannot write " + command_.path + ": " + error.message());
      }
      OC_TRY(const Folder folder, Folder::Open(path.parent_path()));
      return folder.Write(path.filename().string(), *file.after, Durability::kOnlyCopy);
    }
    OC_TRY(const Folder folder, Folder::Open(command_.path));
    const fs::path path = fs::path(command_.path) / file.path;
    if (fs::is_symlink(fs::symlink_status(path, error))) return CheckLink(path, file);
    return folder.Write(file.path, *file.after, Durability::kOnlyCopy);
  }

  // A link stays as it is: the file it leads to has been rewritten where it lies.
  base::Result<void> CheckLink(const fs::path& path, const File& link) const {
    std::error_code error;
    const std::string target =
        fs::canonical(path, error).lexically_relative(fs::canonical(command_.path, error));
    for (const File& file : files_) {
      if (!error && file.path == target && *file.after == *link.after) return {};
    }
    return base::Fail(base::ErrorCode::kUnreadableSource,
                      "cannot write " + path.string() +
                          ": it is a symbolic link to a file that is not migrated with it");
  }

  int Report() {
    std::size_t migrated = 0;
    std::size_t left = 0;
    bool written = true;
    const bool terminal = ::isatty(STDOUT_FILENO) == 1;
    for (const File& file : files_) {
      if (file.candidate()) {
        if (command_.dry_run) {
          std::string diff = edit::UnifiedDiff(base::Shown(file.path), *file.before, *file.after);
          // For a file the diff is as it is, so that it applies; a terminal it must not steer.
          if (terminal) diff = base::Printable(diff, base::LineBreaks::kKeep);
          std::fputs(diff.c_str(), stdout);
        } else if (auto done = Write(file); !done) {
          std::fprintf(stderr, "error: %s\n", base::Shown(done.error().message).c_str());
          written = false;
          continue;
        }
        ++migrated;
        std::fprintf(stderr, "Updated: %s\n", base::Shown(file.path).c_str());
      } else if (!file.prevented.empty()) {
        ++left;
        std::fprintf(stderr, "Left as it is: %s: %s\n", base::Shown(file.path).c_str(),
                     base::Shown(file.prevented).c_str());
      }
    }
    std::fprintf(stderr, "Summary: %zu of %zu files %s, %zu left as they are\n", migrated,
                 files_.size(), command_.dry_run ? "would be updated" : "updated", left);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      std::fprintf(stderr, "error: cannot write the output: %s\n", std::strerror(errno));
      written = false;
    }
    return written ? ExitCode::kOk : ExitCode::kUnreadable;
  }

  const MigrateCommand& command_;
  render::Renderer renderer_;
  std::unique_ptr<FileTree> tree_;
  std::vector<std::unique_ptr<FileTree>> others_;
  std::vector<File> files_;
  Components components_;
  Plan before_;
  std::vector<const File*> accepted_;
};

}  // namespace

int RunMigrate(const MigrateCommand& command) { return Migration(command).Run(); }

}  // namespace openchoreo::migrate
