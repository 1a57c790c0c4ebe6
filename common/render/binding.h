// A binding as it is rendered: from the tree, or one that upstream's controllers would create.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/release/snapshot.h"
#include "common/resource/repository.h"

namespace openchoreo::render {

struct Binding {
  names::Kind kind;
  std::string ns, name;
  const resource::Object* object = nullptr;  // in the tree; nullptr: derived from `component`
  // The Component whose autoDeploy manages this binding's releaseName; nullptr: nobody's.
  const resource::Object* component = nullptr;
  bool refused = false;  // the API server would not take it (object->invalid)
  value::Value spec;  // as rendered, with the release that autoDeploy or the project's latest gives
  std::string_view project, owner;  // owner: component or resource name; "" for projects
  std::string_view environment;
  std::string_view release;  // its name; "" if unset
  bool undeploy = false;
  std::string target_namespace;  // "" if a refused binding does not say enough
  std::string rendered_release;  // upstream's RenderedRelease

  // The object places and messages speak of.
  const resource::Object& anchor() const { return object ? *object : *component; }
};

// The name of upstream's RenderedRelease of a binding of this kind; `owner` is its component or
// resource.
std::string RenderedReleaseName(names::Kind kind, std::string_view project, std::string_view owner,
                                std::string_view environment);

// "ReleaseBinding acme/cart-dev"
std::string Describe(const Binding& binding);

}  // namespace openchoreo::render
