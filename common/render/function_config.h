// Options as the configuration of a KRM function: OpenChoreoRender, OpenChoreoValidate, or a
// ConfigMap of flat texts.
//
// Published as JSON schema in kustomize-fn/schema. Fields have the meanings and defaults of the
// flags of `openchoreo-gitops render`; a field that is not known is an error.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/render/option_table.h"
#include "common/value/value.h"

namespace openchoreo::render {

// What the function is to the orchestrator.
enum class Role {
  kGenerator,    // reads files; items are passed on, but for the function's own configuration
  kTransformer,  // reads the items
  kValidator,    // reads the items, passes all of them on
};

struct FunctionConfig {
  std::optional<Role> role;  // spec.role; always kValidator for OpenChoreoValidate
  Options options;
  std::set<std::string, std::less<>> given;  // fields of spec that are there
  // spec.guard: an outer layer that would move what was rendered to another namespace, or change
  // its selectors, fails (kustomize-fn/guard.h).
  bool guard = true;
  std::vector<std::string> roots;  // spec.root: folders to read, relative to the working directory
  bool allow_parent = false;       // spec.allowParent: root may lie above the repository's root
  std::string name;                // metadata.name
  std::string api_version, kind;
};

struct FunctionConfigResult {
  FunctionConfig config;
  base::Diagnostics errors;  // Place::field is the JSON pointer in functionConfig
};

// The fields of spec: render's options, and the function's own. `validates`: those that
// OpenChoreoValidate has a use for.
std::vector<OptionSpec> FieldSpecs(bool validates);

// Whether a list of one may be a text.
inline bool MayBeText(const OptionSpec& field) { return field.name == "root"; }

// `config` null: all defaults.
FunctionConfigResult ReadFunctionConfig(const value::Value& config);

}  // namespace openchoreo::render
