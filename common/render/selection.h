// Which bindings are emitted, and what is wrong with a selection.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/render/options.h"
#include "common/render/output.h"
#include "common/render/tree.h"

namespace openchoreo::render {

// Immutable once made.
class Selection {
 public:
  // A binding whose data plane cannot be told counts as selected by a data plane, so that its error
  // is seen.
  Selection(const BindingList& list, const Options& options);

  // Whether the binding's objects are emitted.
  bool emits(std::size_t binding) const { return (marks_[binding] & kEmitted) != 0; }

  // Whether the Namespaces its objects live in are added: those of all of a project's bindings come
  // with the project's part.
  bool adds_namespaces(std::size_t binding) const { return (marks_[binding] & kNamespaces) != 0; }

  bool needs(std::size_t binding) const { return marks_[binding] != 0; }

  // How many are emitted.
  std::size_t count() const { return count_; }

  // Whether the project's part, Namespaces included, is somebody else's.
  bool leaves_namespaces() const { return leaves_namespaces_; }

 private:
  static constexpr std::uint8_t kEmitted = 1, kNamespaces = 2;

  std::vector<std::uint8_t> marks_;
  std::size_t count_ = 0;
  bool leaves_namespaces_ = false;
};

// The name of an environment's data plane, and what tells it from others of that name; left alone
// where the tree does not hold the environment.
void SetDataPlane(const resource::Repository& repository, std::string_view ns,
                  std::string_view environment, BindingFacts& facts);

// The Environments that may have selected bindings.
std::vector<EnvironmentFacts> SelectedEnvironments(const resource::Repository& repository,
                                                   const Options& options);

// The Components whose autoDeploy cannot be followed, of those the selection may hold.
std::vector<const BindingList::DerivationError*> SelectedDerivationErrors(const BindingList& list,
                                                                          const Options& options);

// What loading said, with the errors of refused bindings that are not selected as warnings: another
// team's broken binding is no reason to stop.
base::Diagnostics SelectedLoadDiagnostics(const BindingList& list, const Selection& selection);

// Errors for an empty result, or a selector that names what the tree lacks; none if `options` allow
// it.
base::Diagnostics CheckSelection(const Tree& tree, const Selection& selection,
                                 const Options& options);

}  // namespace openchoreo::render
