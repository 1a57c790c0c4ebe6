#include "cli/output_folder.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <system_error>

namespace openchoreo::cli {

namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

constexpr const char* kMarker = ".openchoreo-gitops-output";

bool StaysInside(const fs::path& relative) {
  if (relative.empty() || relative.is_absolute()) return false;
  for (const fs::path& part : relative) {
    if (part == ".." || part == ".") return false;
  }
  return true;
}

std::string ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

base::Result<void> WriteFile(const fs::path& path, const std::string& content) {
  std::error_code error;
  if (fs::is_regular_file(path, error) && ReadWhole(path) == content) return {};
  fs::create_directories(path.parent_path(), error);
  const fs::path temporary = path.string() + ".new";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  if (out) fs::rename(temporary, path, error);
  if (!out || error) {
    fs::remove(temporary, error);
    return base::Fail(ErrorCode::kUnreadableSource, "cannot write " + path.string());
  }
  return {};
}

base::Result<std::set<std::string>> FormerFiles(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return std::set<std::string>();
  if (!fs::is_directory(folder, error)) {
    return base::Fail(ErrorCode::kUsage, "--output-dir " + folder.string() + " is not a folder");
  }
  if (!fs::exists(folder / kMarker, error)) {
    if (fs::is_empty(folder, error) && !error) return std::set<std::string>();
    base::Error refused;
    refused.code = ErrorCode::kUsage;
    refused.message =
        "--output-dir " + folder.string() + " is not empty and holds no former output";
    refused.hint =
        "name an empty or new folder; files that were not rendered are never overwritten";
    return base::Fail(std::move(refused));
  }
  std::set<std::string> former;
  std::istringstream lines(ReadWhole(folder / kMarker));
  for (std::string line; std::getline(lines, line);) {
    if (StaysInside(line)) former.insert(line);
  }
  return former;
}

void RemoveStale(const fs::path& folder, const std::string& relative) {
  std::error_code error;
  fs::path path = folder / relative;
  fs::remove(path, error);
  for (path = path.parent_path(); path != folder && fs::is_empty(path, error) && !error;
       path = path.parent_path()) {
    fs::remove(path, error);
  }
}

}  // namespace

base::Result<void> WriteOutputFolder(const std::string& folder,
                                     const std::map<std::string, std::string>& files) {
  for (const auto& [path, content] : files) {
    if (!StaysInside(path)) return base::Fail(ErrorCode::kUsage, "refusing to write " + path);
  }
  const fs::path root(folder);
  OC_TRY(const std::set<std::string> former, FormerFiles(root));
  std::error_code error;
  fs::create_directories(root, error);
  // The marker first names old and new files, so that an interrupted run can still be cleaned up.
  std::string both;
  std::string now;
  std::set<std::string> all = former;
  for (const auto& [path, content] : files) {
    all.insert(path);
    now += path + "\n";
  }
  for (const std::string& path : all) both += path + "\n";
  if (auto written = WriteFile(root / kMarker, both); !written) return written;
  for (const auto& [path, content] : files) {
    if (auto written = WriteFile(root / path, content); !written) return written;
  }
  for (const std::string& path : former) {
    if (!files.contains(path)) RemoveStale(root, path);
  }
  return WriteFile(root / kMarker, now);
}

}  // namespace openchoreo::cli
