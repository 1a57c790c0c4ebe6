#include "common/render/tree.h"

#include <set>
#include <utility>

namespace openchoreo::render {
namespace {

using names::Kind;
using resource::Object;

using Names = std::set<std::string>;

void AddKind(const resource::Repository& repository, Kind kind, Names& names) {
  for (const Object* object : repository.All(kind)) names.emplace(object->name);
}

std::vector<std::string> Listed(const Names& names) {
  std::vector<std::string> result(names.begin(), names.end());
  std::erase(result, "");
  return result;
}

}  // namespace

Tree::Tree(std::unique_ptr<const resource::Repository> repository,
           std::span<source::FileTree* const> trees) {
  auto state = std::make_shared<State>();
  state->trees.assign(trees.begin(), trees.end());
  state->repository = std::move(repository);
  state->bindings = std::make_unique<const BindingList>(*state->repository);
  state_ = std::move(state);
}

Inventory Tree::inventory() const {
  Names environments, projects, components, dataplanes, namespaces;
  for (const Binding& binding : bindings().bindings()) {
    environments.emplace(binding.environment);
    projects.emplace(binding.project);
    if (binding.kind == Kind::kReleaseBinding) components.emplace(binding.owner);
    namespaces.emplace(binding.ns);
  }
  for (int kind = 0; kind < names::kKindCount; ++kind) {
    for (const Object* object : repository().All(static_cast<Kind>(kind)))
      namespaces.emplace(object->ns);
  }
  AddKind(repository(), Kind::kEnvironment, environments);
  AddKind(repository(), Kind::kProject, projects);
  AddKind(repository(), Kind::kComponent, components);
  AddKind(repository(), Kind::kDataPlane, dataplanes);
  AddKind(repository(), Kind::kClusterDataPlane, dataplanes);
  for (const Object* environment : repository().All(Kind::kEnvironment)) {
    const std::string_view name = environment->spec().Get("dataPlaneRef", "name").string_or_empty();
    if (!name.empty()) dataplanes.emplace(name);
  }
  return {Listed(environments), Listed(projects), Listed(components), Listed(dataplanes),
          Listed(namespaces)};
}

}  // namespace openchoreo::render
