// The kustomization a function was started from, where it can be seen: kustomize starts an exec
// function and a plugin in its folder. A container sees none.
#pragma once

#include <optional>
#include <string>

#include "common/resource/kustomization.h"
#include "kustomize-fn/function_config.h"

namespace openchoreo::kustomize_fn {

struct Surroundings {
  std::string file;  // the kustomization's base name; "" if there is none
  resource::Kustomization kustomization;
  std::optional<Role> role;  // of the list that names this configuration; validators: a validator
  bool followed = false;     // another OpenChoreoRender comes later in `transformers`
};

// Reads the kustomization in `folder` and the configurations its lists name: inline, in files, in
// folders with a kustomization. What cannot be read is left out: kustomize itself says what is
// wrong.
Surroundings ReadSurroundings(const std::string& folder, const FunctionConfig& config);

}  // namespace openchoreo::kustomize_fn
