// `render --kustomize`: the real kustomize builds the folder, its result is the source.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/source/file_tree.h"

namespace openchoreo::cli {

// Runs `$KUSTOMIZE build FOLDER` (kustomize from PATH where the variable is not set).
// Its standard error passes through. Errors: kUnreadableSource.
base::Result<std::unique_ptr<source::FileTree>> BuildKustomization(const std::string& folder);

// A source of one file.
std::unique_ptr<source::FileTree> TreeOf(std::string name, std::string content);

}  // namespace openchoreo::cli
