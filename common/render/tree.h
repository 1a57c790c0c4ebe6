// A loaded tree: read once, rendered from as often as one likes.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/render/binding_list.h"
#include "common/resource/repository.h"
#include "common/source/file_tree.h"

namespace openchoreo::render {

// What the tree offers, for parameter announcements and messages; sorted.
struct Inventory {
  std::vector<std::string> environments, projects, components, dataplanes, namespaces;
};

// Immutable; a copy is the same tree; any number of threads may use it. The FileTrees it was loaded
// from must outlive it.
class Tree {
 public:
  Tree(std::unique_ptr<const resource::Repository> repository,
       std::span<source::FileTree* const> trees);

  // What it was loaded from.
  std::span<source::FileTree* const> trees() const { return state_->trees; }

  const resource::Repository& repository() const { return *state_->repository; }

  // The bindings of a readable tree.
  const BindingList& bindings() const { return *state_->bindings; }

  // False if a source could not be read at all; the repository's diagnostics say why.
  bool readable() const { return repository().readable(); }

  // Names the tree has or its bindings speak of; `namespaces` are the organizations.
  Inventory inventory() const;

 private:
  struct State {
    std::vector<source::FileTree*> trees;
    std::unique_ptr<const resource::Repository> repository;
    std::unique_ptr<const BindingList> bindings;
  };

  std::shared_ptr<const State> state_;
};

}  // namespace openchoreo::render
