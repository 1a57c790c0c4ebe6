#include "common/source/disk_place.h"

#include <algorithm>
#include <system_error>

namespace openchoreo::source {

namespace fs = std::filesystem;

std::optional<fs::path> RepositoryOf(const fs::path& folder) {
  std::error_code failed;
  for (fs::path up = folder; up.has_relative_path(); up = up.parent_path()) {
    if (fs::exists(up / ".git", failed)) return up;
  }
  return std::nullopt;
}

bool IsBelow(const fs::path& path, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

std::string DisplayPrefix(const std::string& path, const fs::path& from) {
  std::error_code failed;
  std::string folder =
      fs::is_directory(from / path, failed) ? path : fs::path(path).parent_path().string();
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder.empty() || folder == "." ? "" : folder == "/" ? folder : folder + "/";
}

}  // namespace openchoreo::source
