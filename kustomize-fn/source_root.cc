#include "kustomize-fn/source_root.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace openchoreo::kustomize_fn {

namespace {

namespace fs = std::filesystem;

fs::path RepositoryOf(const fs::path& folder) {
  for (fs::path at = folder;; at = at.parent_path()) {
    std::error_code failed;
    if (fs::exists(at / ".git", failed)) return at;
    if (at == at.parent_path()) return folder;
  }
}

bool IsWithin(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

}  // namespace

base::Result<std::unique_ptr<source::FileTree>> OpenRoot(const std::string& working_directory,
                                                         const std::string& root,
                                                         bool allow_parent) {
  std::error_code failed;
  const fs::path here = fs::canonical(working_directory, failed);
  if (failed)
    return base::Fail(base::ErrorCode::kUnreadableSource, "cannot read the working directory");
  const fs::path path = fs::canonical(here / root, failed);
  if (failed) {
    return base::Fail(base::ErrorCode::kUnreadableSource,
                      "spec.root: cannot read " + root + ": " + failed.message());
  }
  if (!allow_parent && !IsWithin(path, RepositoryOf(here))) {
    return base::Fail(
        base::ErrorCode::kUsage,
        "spec.root: " + root +
            " lies above the repository; set spec.allowParent to read it all the same");
  }
  // The tree puts paths below the folder, or the file's own name, behind this.
  fs::path shown = fs::path(root).lexically_normal();
  if (!fs::is_directory(path, failed)) shown = shown.parent_path();
  std::string prefix = shown.generic_string();
  if (prefix == "." || prefix == "./") prefix.clear();
  if (!prefix.empty() && prefix.back() != '/') prefix += '/';
  return source::OpenDirectory(path.string(), std::move(prefix), {});
}

}  // namespace openchoreo::kustomize_fn
