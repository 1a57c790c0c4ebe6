// The folder spec.root names.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/source/file_tree.h"

namespace openchoreo::kustomize_fn {

// Opens `root`, relative to `working_directory`, links followed. Unless `allow_parent`, it must lie
// within the repository the working directory is in (the nearest folder with a .git), or within the
// working directory itself where there is none. Files are shown by the path `root` was given as.
// Errors: kUsage if it lies outside, kUnreadableSource if it does not exist.
base::Result<std::unique_ptr<source::FileTree>> OpenRoot(const std::string& working_directory,
                                                         const std::string& root,
                                                         bool allow_parent);

}  // namespace openchoreo::kustomize_fn
