// Which bindings are emitted, and what is wrong with a selection.
#pragma once

#include "common/base/diagnostic.h"
#include "common/render/binding_list.h"
#include "common/render/renderer.h"

namespace openchoreo::render {

// Sets Binding::selected. A binding whose data plane cannot be told counts as selected by a data
// plane, so that its error is seen.
void Select(BindingList& list, const Options& options);

// Whether an environment may have selected bindings.
bool SelectsEnvironment(const resource::Repository& repository, std::string_view ns,
                        std::string_view name, const Options& options);

// The errors of Components whose autoDeploy cannot be followed, of those the selection may hold.
base::Diagnostics SelectedDerivationErrors(const BindingList& list, const Options& options);

// What loading said, with the errors of refused bindings that are not selected as warnings: another
// team's broken binding is no reason to stop.
base::Diagnostics SelectedLoadDiagnostics(const BindingList& list);

// Errors for an empty result, or a selector that names what the tree lacks; none if `options` allow
// it.
base::Diagnostics CheckSelection(const BindingList& list, const Options& options);

// Sorted names of the environments, projects, … that the tree has or its bindings speak of.
Inventory TakeInventory(const BindingList& list);

}  // namespace openchoreo::render
