// What is known of each binding of a result, as data: for who splits one result into parts that
// stand alone.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/names/kind.h"
#include "common/render/options.h"

namespace openchoreo::render {

struct Group;

// One selected binding.
struct BindingFacts {
  std::string kind, ns, name;  // as its Group has them; "<kind> <ns>/<name>" is Diagnostic::object
  std::string environment, project;
  std::string component, resource;  // its owner, by kind
  std::string data_plane;           // its name; "" if it cannot be told
  std::string
      data_plane_id;  // with what tells it from others of that name: "DataPlane acme/default"
  bool failed = false;
  std::string error;  // upstream's text, if it failed
  bool undeploy = false;
  // Whether Namespaces are added for it, or left to whoever renders the project's part.
  bool adds_namespaces = true;
  std::vector<std::string> namespaces;           // that its objects live in
  std::vector<std::string> provided_namespaces;  // Namespaces among its objects
  names::Dialect dialect = names::Dialect::kV1;
};

// An Environment of the tree that the selection does not exclude, with bindings or without.
struct EnvironmentFacts {
  std::string ns, name;
};

// The Namespaces that objects of `bindings` live in and none of them provides, by name, each
// labelled as the first one's. `bindings` in the order of the result.
std::vector<Group> AddedNamespaces(std::span<const BindingFacts* const> bindings, Format format);

}  // namespace openchoreo::render
