// Whether a selection takes a binding, by what is known of it without the tree: for whoever holds a
// release record alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/names/kind.h"
#include "common/render/options.h"

namespace openchoreo::render {

// What a selection looks at in a binding, but for its data plane.
struct SelectedBy {
  names::Kind kind;
  std::string_view ns, environment, project;
  std::string_view owner;  // component or resource
};

// Whether bindings are selected at all, rather than all taken.
bool Selects(const Options& options);

// Whether the selection takes the binding, its data plane left aside.
bool Takes(const Options& options, const SelectedBy& binding);

// What the labels of the binding's objects name: upstream's RenderedReleases of it, as
// "acme/orders-development".
std::vector<std::string> ReleasesOf(const SelectedBy& binding);

}  // namespace openchoreo::render
