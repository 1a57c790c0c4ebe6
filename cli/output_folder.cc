#include "cli/output_folder.h"

#include <set>
#include <sstream>

#include "common/platform/process/atomic_file.h"
#include "common/render/manifest_files.h"

namespace openchoreo::cli {

namespace {

using base::ErrorCode;
using process::Durability;
using process::Folder;

constexpr const char *kMarker = ".openchoreo-gitops-output";
constexpr std::size_t kMaxMarkerBytes = std::size_t{256} << 20;

// What the marker lists, as far as a former output could have written it: a
// marker may come with a repository, and its list is then somebody else's word.
base::Result<std::set<std::string>> FormerFiles(const Folder &folder) {
  OC_TRY(const auto marker, folder.Read(kMarker, kMaxMarkerBytes));
  std::set<std::string> former;
  if (!marker) {
    OC_TRY(const bool empty, folder.Empty());
    if (empty)
      return former;
    base::Error refused;
    refused.code = ErrorCode::kUsage;
    refused.message = "--output-dir " + folder.path() +
                      " is not empty and holds no former output";
    refused.hint = "name an empty or new folder; files that were not rendered "
                   "are never overwritten";
    return base::Fail(std::move(refused));
  }
  std::istringstream lines(*marker);
  for (std::string line; std::getline(lines, line);) {
    if (render::IsManifestPath(line))
      former.insert(line);
  }
  return former;
}

base::Result<void> WriteMarker(const Folder &folder,
                               const std::set<std::string> &paths) {
  std::string text;
  for (const std::string &path : paths)
    text += path + "\n";
  return folder.Write(kMarker, text, Durability::kCanBeMadeAgain);
}

} // namespace

base::Result<void>
WriteOutputFolder(const std::string &path,
                  const std::map<std::string, std::string> &files) {
  std::set<std::string> now;
  for (const auto &[file, content] : files) {
    if (!render::IsManifestPath(file)) {
      return base::Fail(ErrorCode::kUsage, "refusing to write " + file);
    }
    now.insert(file);
  }
  OC_TRY(const Folder folder, Folder::Make(path));
  OC_TRY(const std::set<std::string> former, FormerFiles(folder));
  // The marker first names old and new files, so that an interrupted run can
  // still be cleaned up.
  std::set<std::string> both = former;
  both.insert(now.begin(), now.end());
  OC_TRY_DONE(WriteMarker(folder, both));
  for (const auto &[file, content] : files) {
    OC_TRY_DONE(folder.Write(file, content, Durability::kCanBeMadeAgain));
  }
  for (const std::string &file : former) {
    if (now.contains(file))
      continue;
    OC_TRY([[maybe_unused]] const bool removed, folder.RemoveFile(file));
  }
  return WriteMarker(folder, now);
}

} // namespace openchoreo::cli
