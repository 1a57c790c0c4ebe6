#include "cli/output_folder.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <utility>

#include "common/base/fan_out.h"
#include "common/platform/process/atomic_file.h"
#include "common/render/manifest_files.h"

namespace openchoreo::cli {

namespace {

using base::ErrorCode;
using process::Durability;
using process::Folder;

constexpr const char* kMarker = ".openchoreo-gitops-output";
constexpr std::size_t kMaxMarkerBytes = std::size_t{256} << 20;

// What the marker lists, as far as a former output could have written it: a
// marker may come with a repository, and its list is then somebody else's word.
base::Result<std::set<std::string>> FormerFiles(const Folder& folder) {
  OC_TRY(const auto marker, folder.Read(kMarker, kMaxMarkerBytes));
  std::set<std::string> former;
  if (!marker) {
    OC_TRY(const bool empty, folder.Empty());
    if (empty) return former;
    base::Error refused;
    refused.code = ErrorCode::kUsage;
    refused.message = "--output-dir " + folder.path() + " is not empty and holds no former output";
    refused.hint =
        "name an empty or new folder; files that were not rendered "
        "are never overwritten";
    return base::Fail(std::move(refused));
  }
  std::istringstream lines(*marker);
  for (std::string line; std::getline(lines, line);) {
    if (render::IsManifestPath(line)) former.insert(line);
  }
  return former;
}

base::Result<void> WriteMarker(const Folder& folder, const std::set<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) text.append(path).append("\n");
  return folder.Write(kMarker, text, Durability::kCanBeMadeAgain);
}

std::string_view FolderOf(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

// Files that lie side by side, small enough a part for several threads: one of them at a time
// changes a folder.
using Run = std::span<const render::ManifestFile>;

std::vector<Run> RunsOf(std::span<const render::ManifestFile> files) {
  constexpr std::size_t kMostFiles = 64;
  std::vector<Run> runs;
  for (std::size_t begin = 0, end = 0; begin < files.size(); begin = end) {
    const std::string_view folder = FolderOf(files[begin].path);
    for (++end; end < files.size() && end - begin < kMostFiles; ++end) {
      if (FolderOf(files[end].path) != folder) break;
    }
    runs.push_back(files.subspan(begin, end - begin));
  }
  return runs;
}

base::Result<void> WriteFiles(const Folder& folder, const std::vector<render::ManifestFile>& files,
                              unsigned jobs) {
  const std::vector<Run> runs = RunsOf(files);
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::optional<base::Error> failure;
  const auto write = [&](Run run, process::FolderWriter& writer) -> base::Result<void> {
    for (const render::ManifestFile& file : run) OC_TRY_DONE(writer.Write(file.path, file.pieces));
    return {};
  };
  const auto work = [&] {
    process::FolderWriter writer(folder, Durability::kCanBeMadeAgain);
    for (std::size_t i = next++; i < runs.size(); i = next++) {
      auto written = write(runs[i], writer);
      if (written) continue;
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::move(written).error();
      next = runs.size();
    }
  };
  OC_TRY_DONE(base::FanOut(jobs, work));
  if (failure) return base::Fail(*std::move(failure));
  return {};
}

}  // namespace

base::Result<void> WriteOutputFolder(const std::string& folder,
                                     const std::vector<render::ManifestFile>& files,
                                     unsigned jobs) {
  std::set<std::string> now;
  for (const render::ManifestFile& file : files) {
    if (!render::IsManifestPath(file.path))
      return base::Fail(ErrorCode::kUsage, "refusing to write " + file.path);
    now.insert(now.end(), file.path);  // they come in order
  }
  OC_TRY(const Folder opened, Folder::Make(folder));
  OC_TRY(const std::set<std::string> former, FormerFiles(opened));
  // The marker first names old and new files, so that an interrupted run can still be cleaned up.
  std::set<std::string> both = former;
  both.insert(now.begin(), now.end());
  OC_TRY_DONE(WriteMarker(opened, both));
  OC_TRY_DONE(WriteFiles(opened, files, jobs));
  for (const std::string& file : former) {
    if (now.contains(file)) continue;
    OC_TRY([[maybe_unused]] const bool removed, opened.RemoveFile(file));
  }
  return WriteMarker(opened, now);
}

}  // namespace openchoreo::cli
