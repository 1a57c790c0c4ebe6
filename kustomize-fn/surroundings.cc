#include "kustomize-fn/surroundings.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/resource/kustomization_tree.h"

namespace openchoreo::kustomize_fn {

using resource::ListedConfiguration;

Surroundings ReadSurroundings(const std::string& folder, const FunctionConfig& config) {
  Surroundings found;
  if (config.kind.empty()) return found;
  auto kustomization = resource::KustomizationIn(folder, found.file);
  if (!kustomization) return {};
  found.kustomization = *std::move(kustomization);
  const auto is_this = [&](const ListedConfiguration& listed) {
    return listed.api_version == config.api_version && listed.kind == config.kind &&
           listed.name == config.name;
  };
  const auto renders = [&](const ListedConfiguration& listed) {
    return listed.api_version == config.api_version && listed.kind == "OpenChoreoRender";
  };
  for (const auto& [entries, role] :
       {std::pair(&found.kustomization.generators, Role::kGenerator),
        std::pair(&found.kustomization.transformers, Role::kTransformer),
        std::pair(&found.kustomization.validators, Role::kValidator)}) {
    const std::vector<ListedConfiguration> listed = resource::ConfigurationsOf(folder, *entries);
    const auto at = std::find_if(listed.begin(), listed.end(), is_this);
    if (at == listed.end()) continue;
    found.role = role;
    found.followed = role == Role::kTransformer && std::any_of(at + 1, listed.end(), renders);
    break;
  }
  return found;
}

}  // namespace openchoreo::kustomize_fn
