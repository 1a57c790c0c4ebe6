// What kustomize is told of OpenChoreo resources, made from the core's tables: files to list under
// configurations: and openapi: of a kustomization.
#pragma once

#include <string>

#include "common/names/kind.h"

namespace openchoreo::kustomize_fn {

// For `configurations:`, of trees in one dialect (a reference is a name in the older one, a map
// with a name since; kustomize takes no rule that fits both). Images of workloads (images:),
// references that follow renamed resources (nameReference), fields that name their namespace
// (namespace), and those variables are filled into (varReference), as YAML.
std::string KustomizeConfig(names::Dialect dialect);

// For `openapi: {path: …}`. Merge keys of the lists of both dialects, so that a strategic merge
// patch adds to a list instead of replacing it, and which kinds have no namespace. Where the
// dialects differ (texts in the older one, objects since), the list is `dialect`'s. kustomize takes
// one such file in place of its own knowledge of Kubernetes' kinds, so the lists of pod templates
// are in it too. JSON.
std::string OpenApi(names::Dialect dialect);

}  // namespace openchoreo::kustomize_fn
