// What the functionConfig asks for: OpenChoreoRender, OpenChoreoValidate, or a ConfigMap of flat
// texts.
//
// Published as JSON schema in schema/. Fields have the meanings and defaults of the flags of
// `openchoreo-gitops render`; a field that is not known is an error.
#pragma once

#include <string>

#include "common/base/diagnostic.h"
#include "common/render/renderer.h"
#include "common/value/value.h"

namespace openchoreo::kustomize_fn {

enum class Task { kRender, kValidate };

struct FunctionConfig {
  Task task = Task::kRender;
  render::Options options;
  std::string root;  // spec.root: folder to read, relative to the working directory; "" = none
  bool allow_parent = false;  // spec.allowParent: root may lie above the repository's root
  std::string name;           // metadata.name
  std::string api_version, kind;
};

struct FunctionConfigResult {
  FunctionConfig config;
  base::Diagnostics errors;  // Place::field is the JSON pointer in functionConfig
};

// `config` null: all defaults.
FunctionConfigResult ReadFunctionConfig(const value::Value& config);

}  // namespace openchoreo::kustomize_fn
