// The objects of a component while it is being rendered, with where each came from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/pipeline/compiled_definition.h"
#include "common/pipeline/rendered_resource.h"
#include "common/pipeline/scope.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

struct WorkingResource {
  value::Value object;  // a map
  TargetPlane plane = TargetPlane::kData;
  const Expression* origin = nullptr;     // the template that gave it
  const base::Place* place = nullptr;     // of that template's definition
  std::vector<base::Place> patches = {};  // that touched it, where origins are recorded
};

using WorkingSet = std::vector<WorkingResource>;

// Appends; fails with kLimit beyond max_resources_per_binding.
base::Result<void> AddResource(const value::Value& object, const ResourceTemplate& from,
                               const Scope& scope, WorkingSet& resources);

// Whether a target's plane, kind, group and version fit; `where` is not asked.
bool Matches(const WorkingResource& resource, const Target& target);

// "Deployment/web"; "unknown resource" if it has neither kind nor name.
std::string IdentityOf(const value::Value& object);

// The first field without which no object can be applied that `object` lacks; nullptr if it has
// all.
const char* MissingField(const value::Value& object);

inline std::string_view KindOf(const value::Value& object) {
  return object.Get("kind").string_or_empty();
}

inline std::string_view ApiVersionOf(const value::Value& object) {
  return object.Get("apiVersion").string_or_empty();
}

}  // namespace openchoreo::pipeline
