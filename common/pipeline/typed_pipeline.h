// Project and resource rendering: one type, its parameters and an environment → Kubernetes objects.
// Follows openchoreo internal/pipeline/project and internal/pipeline/resource (v1.x only).
//
// Unlike components: parameters are defaulted but not validated, and kept where the type has no
// schema; no macros, no sort, no labels added; targetPlane is ignored.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/pipeline/metadata.h"
#include "common/pipeline/rendered_resource.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

class TemplateCache;

struct TypedInput {
  std::string_view type_kind, type_name;
  value::Value type;  // (Cluster)ProjectType or ResourceType spec
  base::Place type_place;
  value::Value parameters;           // of the release; may be null
  value::Value environment_configs;  // of the binding; may be null
  base::Place parameters_place, environment_configs_place;
  value::Value binding_annotations;      // metadata.annotations of the binding; may be null
  value::Value environment, data_plane;  // their specs
  Metadata
      metadata;  // component_name and _uid, annotations and pod_selectors unused; projects: no name
  std::string_view resource_name, resource_uid;  // resources only
  bool origins = false;                          // whether RenderedResource::origin is filled
};

// RenderedResource::id is the template's id, with forEach "<id>-<index>".
// Errors: upstream's text from behind "Failed to render manifests: ", with places.
// Memory as for RenderComponent.
base::Result<RenderedResources> RenderProject(const TypedInput& input, TemplateCache& cache,
                                              base::Arena& arena, const base::RenderLimits& limits);

struct ResourceOutput {
  RenderedResources resources;
  value::Value outputs;  // list, as upstream's ResolvedResourceOutput JSON; those that resolved
  std::vector<std::string> output_errors;  // "output \"o\": …"
  value::Value context;  // map: the variables outputs and readyWhen see, but for `applied`
};

// Outputs see every object of the set as applied, with an empty status: what only a cluster knows
// stays pending.
base::Result<ResourceOutput> RenderResource(const TypedInput& input, TemplateCache& cache,
                                            base::Arena& arena, const base::RenderLimits& limits);

}  // namespace openchoreo::pipeline
