// How paths of a source are shown.
#pragma once

#include <filesystem>
#include <string>

namespace openchoreo::cli {

// What stands before a file's path in messages, so that it is the path as seen from where the
// command was run:
// "" for ".", "folder/" for a folder, the folder of a single file.
inline std::string DisplayPrefix(const std::string& path) {
  std::error_code error;
  std::string folder = std::filesystem::is_directory(path, error)
                           ? path
                           : std::filesystem::path(path).parent_path().string();
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  if (folder.empty() || folder == ".") return "";
  return folder == "/" ? folder : folder + "/";
}

}  // namespace openchoreo::cli
