// Laying the program out as kustomize looks for legacy plugins:
// HOME/gitops.openchoreo.dev/v1alpha1/openchoreorender/OpenChoreoRender, and so for
// OpenChoreoValidate (kustomize api/internal/plugins/loader/loader.go).
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"

namespace openchoreo::kustomize_fn {

// Where kustomize looks when it is told nothing else: $KUSTOMIZE_PLUGIN_HOME, else
// $XDG_CONFIG_HOME/kustomize/plugin, else ~/.config/kustomize/plugin; "" if none of them is set.
std::string DefaultPluginHome();

// Copies `program` below `home`, replacing what lies there at once (a kustomize that runs keeps
// what it started), and gives the files written. Errors: kUnreadableSource with the system's text.
base::Result<std::vector<std::string>> InstallPlugin(const std::string& program,
                                                     const std::string& home);

}  // namespace openchoreo::kustomize_fn
