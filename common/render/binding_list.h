// Everything there is to render in a tree: its bindings, the releases they can name, and who
// depends on whom.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/base/lazy.h"
#include "common/release/owner_index.h"
#include "common/release/snapshot.h"
#include "common/render/binding.h"

namespace openchoreo::render {

// Immutable once made; any number of threads may read it.
class BindingList {
 public:
  explicit BindingList(const resource::Repository& repository);

  BindingList(const BindingList&) = delete;
  BindingList& operator=(const BindingList&) = delete;

  // Sorted by (kind, namespace, name).
  std::span<const Binding> bindings() const { return bindings_; }

  const release::OwnerIndex& owners() const { return owners_; }

  const resource::Repository& repository() const { return repository_; }

  // A derived release; nullptr if nothing derives one of this name.
  const release::Snapshot* FindDerived(names::Kind kind, std::string_view ns,
                                       std::string_view name) const;

  // Why the project has no release of its own (its type is missing); nullptr if it has, or nobody
  // needs one.
  const base::Error* ProjectReleaseError(std::string_view ns, std::string_view project) const;

  using Indexes = std::span<const std::uint32_t>;

  // Indexes of the ReleaseBindings (ResourceReleaseBindings) of one component (resource) in one
  // environment.
  Indexes ComponentBindings(std::string_view ns, std::string_view project,
                            std::string_view component, std::string_view environment) const;
  Indexes ResourceBindings(std::string_view ns, std::string_view project, std::string_view name,
                           std::string_view environment) const;

  // Whether the sources hold a component (Kind::kComponent) or resource (Kind::kResource) of this
  // name, or anything that belongs to one.
  bool Knows(names::Kind kind, std::string_view ns, std::string_view project,
             std::string_view name) const;

  // A Component whose autoDeploy cannot be followed.
  struct DerivationError {
    const resource::Object* component;
    std::string_view environment;  // where it would go first; "" if that cannot be told
    base::Diagnostic error;
  };

  const std::vector<DerivationError>& derivation_errors() const { return derivation_errors_; }

 private:
  using IndexMap = std::unordered_map<std::string, std::vector<std::uint32_t>>;

  void DeriveProjects();
  void DeriveResources();
  void DeriveComponents();
  std::string_view FirstEnvironment(const resource::Object& component) const;
  void AddTreeBindings();
  void AddTreeBinding(const resource::Object& object, bool refused);
  void Finish();

  using Names = std::unordered_set<std::string>;

  Names KnownOwners() const;
  IndexMap IndexedBindings(names::Kind kind) const;
  static Indexes At(const IndexMap& index, const std::string& key);

  const resource::Repository& repository_;
  release::OwnerIndex owners_;
  base::Arena arena_;
  std::deque<release::Snapshot> snapshots_;
  std::unordered_map<std::string, const release::Snapshot*> derived_;  // by (kind, namespace, name)
  std::unordered_map<std::string, const release::Snapshot*>
      project_releases_;  // by (namespace, project)
  std::unordered_map<std::string, base::Error> project_errors_;

  struct AutoDeploy {
    const resource::Object* component;
    const release::Snapshot* snapshot;
  };

  std::unordered_map<const resource::Object*, AutoDeploy> managed_;  // by binding in the tree
  std::vector<Binding> bindings_;
  std::vector<DerivationError> derivation_errors_;
  base::Lazy<IndexMap> component_bindings_, resource_bindings_;
  base::Lazy<Names> known_owners_;
};

}  // namespace openchoreo::render
