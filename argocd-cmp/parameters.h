// What an Application asks for: source.plugin.parameters and the environment Argo CD sends along,
// turned into render options; and the announcement that makes Argo CD's parameter form.
//
// One table says everything about a parameter. Unknown, ill-typed and repeated ones are errors that
// list what is known; all of them are reported at once.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/render/renderer.h"

namespace openchoreo::argocd {

// Name and value, in the order they came.
using Environment = std::vector<std::pair<std::string, std::string>>;

// The last value of `name`, or "".
std::string_view Lookup(const Environment& environment, std::string_view name);

struct Parameters {
  render::Options options;
  std::vector<std::string> exclude;  // globs
  std::vector<std::string> sources;  // extra sources, as written
  bool kustomize = false;            // build the path's kustomization, render its result
};

// From ARGOCD_APP_PARAMETERS (JSON; absent, "" and "null" mean none), ARGOCD_ENV_<parameter>, which
// are the Application's plugin.env, and ARGOCD_APP_NAMESPACE, the default namespace unless the
// parameter `namespace` says another. Errors: kUsage, the first
// finding as the message, the others as notes.
base::Result<Parameters> ReadParameters(const Environment& environment);

// Everything of `parameters` that can change a result, as one text: equal texts, equal results.
std::string Fingerprint(const Parameters& parameters);

struct Announcement {
  std::string name, title, tooltip;
  std::string collection_type;     // "string" or "array"
  std::string text;                // default, for "string"
  std::vector<std::string> items;  // default, for "array": for the selections, what the tree holds
};

std::vector<Announcement> Announce(const render::Inventory& inventory);

}  // namespace openchoreo::argocd
