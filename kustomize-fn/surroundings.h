// What lies around a function: the kustomization it was started from, where that can be seen
// (kustomize starts an exec function and a plugin in its folder; a container sees none), and the
// folders spec.root names.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/base/result.h"
#include "common/render/function_config.h"
#include "common/resource/kustomization.h"
#include "common/resource/kustomization_tree.h"
#include "common/source/file_tree.h"
#include "kustomize-fn/output.h"
#include "kustomize-fn/resource_list.h"

namespace openchoreo::kustomize_fn {

using render::FunctionConfig;
using render::Role;

struct Surroundings {
  // Those whose fields have acted on what the function is handed, the one it is started in first.
  std::vector<resource::PlacedKustomization> before;
  std::optional<Role> role;  // of the list that names this configuration; validators: a validator
  bool followed = false;     // another OpenChoreoRender comes later in `transformers`
};

// Reads the kustomization in `folder` and the configurations its lists name: inline, in files, in
// folders with a kustomization. What cannot be read is left out: kustomize itself says what is
// wrong.
Surroundings ReadSurroundings(const std::string& folder, const FunctionConfig& config);

// What makes a function in this place useless, or changed by what comes after it: errors about its
// configuration, with what to write instead. `role` is what it is to be.
base::Diagnostics CheckPlace(const Surroundings& around, const FunctionConfig& config, Role role);

// Fields that act before a transformer and reach nothing, as warnings. Images in kinds that
// kustomize does not know, of the items `inputs` (indices):
ItemFaults UnreachedImages(const Surroundings& around, const ResourceList& list,
                           const std::vector<std::size_t>& inputs);
// What is meant for rendered objects, which are not there when these fields act:
base::Diagnostics UnreachedFields(const Surroundings& around, const ResourceList& list,
                                  const std::vector<GeneratedItem>& generated);

// Opens `root`, relative to `working_directory`, links followed. Unless `allow_parent`, it must lie
// within the repository the working directory is in (the nearest folder with a .git), or within the
// working directory itself where there is none. Files are shown by the path `root` was given as.
// Errors: kUsage if it lies outside, kUnreadableSource if it does not exist.
base::Result<std::unique_ptr<source::FileTree>> OpenRoot(const std::string& working_directory,
                                                         const std::string& root,
                                                         bool allow_parent);

}  // namespace openchoreo::kustomize_fn
