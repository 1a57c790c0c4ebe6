#include "argocd-cmp/generation.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "argocd-cmp/findings.h"
#include "common/resource/kustomization.h"
#include "common/resource/repository.h"
#include "common/source/ignore_rules.h"
#include "common/source/path_filter.h"

namespace openchoreo::argocd {

using base::ErrorCode;
using base::Fail;

namespace {

// `path` below `folder`, or nullopt.
std::optional<std::string_view> Below(std::string_view path, std::string_view folder) {
  if (folder.empty()) return path;
  if (path.size() <= folder.size() || !path.starts_with(folder) || path[folder.size()] != '/')
    return std::nullopt;
  return path.substr(folder.size() + 1);
}

void AppendLength(std::string& out, std::size_t n) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>((n >> shift) & 0xff));
}

// What an answer depends on: parameters, and path and content of every file that is read.
base::Result<base::Sha256Digest> KeyOf(
    const std::vector<std::unique_ptr<source::MemoryTree>>& trees, const Parameters& parameters) {
  base::Sha256Stream hash;
  std::string text = Fingerprint(parameters);
  for (const auto& tree : trees) {
    OC_TRY(std::vector<std::string> paths, tree->List());
    AppendLength(text, paths.size());
    for (const std::string& path : paths) {
      AppendLength(text, path.size());
      text += path;
      const source::SourceFile* file = tree->Find(path);
      text.append(reinterpret_cast<const char*>(file->digest.data()), file->digest.size());
      if (text.size() > (64u << 10)) {
        hash.Update(text);
        text.clear();
      }
    }
  }
  hash.Update(text);
  return hash.Finish();
}

Refusal ToRefusal(const base::Error& error) {
  return {error.code, render::ErrorText(error, kMaxFindingsBytes)};
}

Refusal ToRefusal(const render::Output& output) {
  Refusal refusal;
  for (const base::Diagnostic& diagnostic : output.diagnostics) {
    if (diagnostic.severity != base::Severity::kError) continue;
    refusal.code = diagnostic.code;
    break;
  }
  refusal.text = FindingsText(output);
  return refusal;
}

// A release that is missing may be in a later commit of a pinned source: says which were read.
void NamePinnedSources(const std::vector<source::FileTree*>& trees,
                       base::Diagnostics& diagnostics) {
  std::string pinned;
  for (const source::FileTree* tree : trees) {
    std::string_view name = tree->display_name();
    if (name.ends_with('/')) name.remove_suffix(1);
    if (name.find('@') != std::string_view::npos)
      pinned.append(pinned.empty() ? "" : ", ").append(name);
  }
  if (pinned.empty()) return;
  for (base::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.code == ErrorCode::kMissingReference &&
        diagnostic.hint.find("Release ") != std::string::npos) {
      diagnostic.hint += "; read at " + pinned + ": a later commit of it may have the release";
    }
  }
}

std::string FolderOfLocalSource(const std::string& source) {
  auto clean = artifact::CleanRelativePath(std::string_view(source).substr(1));
  return clean ? *clean : std::string();
}

}  // namespace

base::Error NoSuchFolder(const std::string& source) {
  base::Error error;
  error.code = ErrorCode::kUsage;
  error.message = "parameter \"sources\": the repository's archive holds no folder \"" + source +
                  "\" with resources";
  error.hint =
      "if the folder exists, add it to the annotation argocd.argoproj.io/manifest-generate-paths, "
      "so that repo-server sends it along";
  return error;
}

Generation::Generation(const GenerationOptions& options, GitSources* git,
                       const process::KustomizeBuild* kustomize)
    : options_(options),
      git_(git),
      kustomize_(kustomize),
      renderer_(options.renderer_cache_bytes),
      responses_(options.response_cache_bytes) {}

FileFilter Generation::WantedFiles(const RequestMetadata& metadata,
                                   const Parameters& parameters) const {
  std::vector<std::string> folders = {metadata.app_path};
  for (const std::string& source : parameters.sources) {
    if (IsLocalSource(source)) folders.push_back(FolderOfLocalSource(source));
  }
  source::IgnoreRules excludes;
  for (const std::string& pattern : parameters.exclude) excludes.AddPattern(pattern);
  return [folders, excludes](std::string_view path) {
    for (std::size_t i = 0; i < folders.size(); ++i) {
      std::optional<std::string_view> below = Below(path, folders[i]);
      if (!below) continue;
      // What is excluded is nobody's, but for what decides about others.
      const std::string_view base = below->substr(below->rfind('/') + 1);
      const bool decides = base == source::kChartMarker || base == source::kSourceIgnore;
      if (!decides && excludes.Ignores(*below)) continue;
      if (source::MayMatter(*below) || (i == 0 && resource::IsKustomizationFile(*below)))
        return true;
    }
    return false;
  };
}

base::Result<void> Generation::CheckSources(const Request& request,
                                            const Parameters& parameters) const {
  for (const std::string& source : parameters.sources) {
    if (IsLocalSource(source)) continue;
    OC_TRY(const GitSource git, ParseGitSource(source));
    OC_TRY_DONE(git_->Allow(git, request.metadata.environment));
  }
  return {};
}

bool Generation::MustFetch(const Request& request, const Parameters& parameters) const {
  if (!CheckSources(request, parameters)) return false;
  return std::any_of(parameters.sources.begin(), parameters.sources.end(),
                     [&](const std::string& source) {
                       return !IsLocalSource(source) &&
                              !git_->AtHand(*ParseGitSource(source), request.metadata.environment);
                     });
}

base::Result<std::vector<std::unique_ptr<source::MemoryTree>>> Generation::Trees(
    const Request& request, const Parameters& parameters, const Progress& progress) {
  OC_TRY_DONE(CheckSources(request, parameters));
  const std::string& app_path = request.metadata.app_path;
  source::DirectoryOptions filter{parameters.exclude};
  std::string display = app_path.empty() ? "" : app_path + "/";
  std::vector<std::unique_ptr<source::MemoryTree>> trees;
  trees.push_back(std::make_unique<source::MemoryTree>(request.files, app_path, display, filter));

  if (parameters.kustomize) {
    std::string shown = app_path.empty() ? "." : app_path;
    if (std::none_of(std::begin(resource::kKustomizationFiles),
                     std::end(resource::kKustomizationFiles),
                     [&](std::string_view name) { return trees[0]->Find(name) != nullptr; })) {
      return Fail(ErrorCode::kUsage, "parameter \"kustomize\" is true, but \"" + shown +
                                         "\" holds no kustomization.yaml");
    }
    if (!kustomize_->available()) {
      base::Error error;
      error.code = ErrorCode::kUsage;
      error.message =
          "parameter \"kustomize\" is true, but this image has no kustomize" +
          (kustomize_->wanted().empty() ? "" : " (\"" + kustomize_->wanted() + "\" was not found)");
      error.hint =
          "put kustomize into the plugin's image, or leave the parameter out to render the files "
          "as they are";
      return Fail(std::move(error));
    }
    if (!request.archive_bytes) {
      return Fail(ErrorCode::kLimit, "the archive is too large to be unpacked for kustomize");
    }
    progress.phase("running kustomize");
    OC_TRY(std::string built, kustomize_->Build(*request.archive_bytes, app_path, progress.cancel));
    source::ContentStore store;
    std::vector<source::SourceFile> files = {
        store.Intern("kustomize-build.yaml", std::move(built))};
    trees[0] = std::make_unique<source::MemoryTree>(files, "", display, source::DirectoryOptions{});
  }

  for (const std::string& source : parameters.sources) {
    if (IsLocalSource(source)) {
      OC_TRY(std::string folder, artifact::CleanRelativePath(std::string_view(source).substr(1)));
      auto tree = std::make_unique<source::MemoryTree>(request.files, folder,
                                                       folder.empty() ? "/" : folder + "/", filter);
      if (tree->empty()) {
        return Fail(NoSuchFolder(source));
      }
      trees.push_back(std::move(tree));
      continue;
    }
    progress.phase("fetching extra sources");
    OC_TRY(GitSource git, ParseGitSource(source));
    OC_TRY(auto files, git_->Fetch(git, request.metadata.environment, progress.cancel));
    trees.push_back(std::make_unique<source::MemoryTree>(*files, "", ShownName(git), filter));
  }
  return trees;
}

tl::expected<render::Output, Refusal> Generation::Render(
    const std::vector<source::FileTree*>& trees, const Parameters& parameters,
    const Progress& progress) {
  render::Options options = parameters.options;
  options.jobs = options_.jobs;
  options.emitted_trees = 1;  // the Application's own path; sources are read
  options.cancel = progress.cancel;
  progress.phase("rendering");
  render::Output output = renderer_.Render(trees, options);
  output.workspace.reset();  // before the answer takes memory
  if (output.failed || output.unreadable) {
    NamePinnedSources(trees, output.diagnostics);
    return tl::unexpected(ToRefusal(output));
  }
  return output;
}

tl::expected<Question, Refusal> Generation::Prepare(const Request& request,
                                                    const Parameters& parameters,
                                                    const Progress& progress) {
  auto trees = Trees(request, parameters, progress);
  if (!trees) return tl::unexpected(ToRefusal(trees.error()));
  auto key = KeyOf(*trees, parameters);
  if (!key) return tl::unexpected(ToRefusal(key.error()));
  return Question{*std::move(trees), *key};
}

std::optional<Generated> Generation::Known(const Question& question) {
  auto known = responses_.Find(question.key);
  if (!known) return std::nullopt;
  Generated generated;
  generated.response = *std::move(known);
  generated.cached = true;
  return generated;
}

tl::expected<Generated, Refusal> Generation::Answer(const Question& question,
                                                    const Parameters& parameters,
                                                    const Progress& progress) {
  if (auto known = Known(question)) return *std::move(known);
  std::vector<source::FileTree*> views;
  for (const auto& tree : question.trees) views.push_back(tree.get());
  auto output = Render(views, parameters, progress);
  if (!output) return tl::unexpected(std::move(output).error());
  Generated generated;
  generated.bindings = output->selected_bindings;
  render::FindingPrinter printer(output->sources.get());
  for (const base::Diagnostic& diagnostic :
       render::Told(output->diagnostics, render::Door::kArgoCd)) {
    if (generated.warnings.size() == kMaxLoggedWarnings) break;
    generated.warnings.push_back(printer.Line(diagnostic));
  }
  progress.phase("encoding the manifests");
  auto response = EncodeManifests(*output, options_.max_response_bytes);
  if (!response) return tl::unexpected(ToRefusal(response.error()));
  generated.response = *std::move(response);
  responses_.Insert(question.key, generated.response);
  return generated;
}

render::Inventory Generation::TakeInventory(const Request& request, const Parameters& parameters) {
  source::DirectoryOptions filter{parameters.exclude};
  std::vector<std::unique_ptr<source::MemoryTree>> trees;
  trees.push_back(
      std::make_unique<source::MemoryTree>(request.files, request.metadata.app_path, "", filter));
  for (const std::string& source : parameters.sources) {
    if (!IsLocalSource(source)) continue;
    trees.push_back(std::make_unique<source::MemoryTree>(request.files, FolderOfLocalSource(source),
                                                         "", filter));
  }
  std::vector<source::FileTree*> views;
  views.reserve(trees.size());
  for (const auto& tree : trees) views.push_back(tree.get());
  return renderer_.TakeInventory(views, parameters.options);
}

}  // namespace openchoreo::argocd
