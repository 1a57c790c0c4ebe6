// Component rendering: types, traits, workload and environment → Kubernetes objects.
// Follows openchoreo internal/pipeline/component (v1.x) and the same package at v0.12.0 for old bindings.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/pipeline/rendered_resource.h"
#include "common/resource/kind.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

class TemplateCache;  // compiled schemas and templates by content; thread-safe; template_cache.h

// Names and identities, as upstream's MetadataContext; all views outlive the call.
struct Metadata {
  std::string_view name, ns;  // base name and target namespace of generated objects
  std::string_view component_namespace;
  std::string_view component_name, component_uid;
  std::string_view project_name, project_uid;
  std::string_view data_plane_name, data_plane_uid;
  std::string_view environment_name, environment_uid;
  value::Value labels, annotations, pod_selectors;  // string maps
};

// A trait definition a release carries.
struct TraitDefinition {
  std::string_view kind;  // Trait or ClusterTrait
  std::string_view name;
  value::Value spec;
  base::Place place;      // of `spec`
};

struct ComponentInput {
  resource::Dialect dialect = resource::Dialect::kV1;
  std::string_view component_type_name;       // for post-render labels: "deployment/web"
  std::string_view component_type_kind;       // ComponentType or ClusterComponentType
  value::Value component_type;                // its spec
  base::Place component_type_place;
  std::span<const TraitDefinition> traits;
  value::Value profile;                       // {parameters?, traits?[]} of the release; may be null
  base::Place profile_place;
  value::Value workload;                      // Workload.spec of the release
  base::Place workload_place;
  value::Value binding;                       // spec of the ReleaseBinding: overrides and environment configs
  base::Place binding_place;
  value::Value environment;                   // Environment.spec
  value::Value data_plane;                    // DataPlane.spec
  value::Value data_plane_annotations;        // map or null
  // SecretReference specs by name (the ones this binding's workload names).
  std::span<const std::pair<std::string_view, value::Value>> secret_references;
  std::string_view default_notification_channel;
  value::Value dependency_items;              // list, as upstream's ConnectionItem JSON
  value::Value resource_dependency_items;     // list, as upstream's ResourceDependencyItem JSON
  Metadata metadata;
};

// One named call per stage; the list is in component_pipeline.cc. The resources are sorted, labelled and
// hashed; network policy is not included. Memory of the result is in `arena` and the input.
// Errors: upstream's text from behind "Failed to render resources: ".
base::Result<RenderedResources> RenderComponent(const ComponentInput& input, TemplateCache& cache,
                                                base::Arena& arena, const base::RenderLimits& limits);

// The same for projects and resources.
struct TypedInput {
  std::string_view type_kind, type_name;
  value::Value type;                 // (Cluster)ProjectType or ResourceType spec
  base::Place type_place;
  value::Value parameters;           // of the release; may be null
  value::Value environment_configs;  // of the binding; may be null
  value::Value binding_annotations;  // project: metadata.annotations of the binding
  value::Value environment, data_plane;
  Metadata metadata;                 // component_* unused; resources: name/uid below
  std::string_view resource_name, resource_uid;
};

base::Result<RenderedResources> RenderProject(const TypedInput& input, TemplateCache& cache, base::Arena& arena,
                                              const base::RenderLimits& limits);

struct ResourceOutput {
  RenderedResources resources;
  value::Value outputs;                   // list, as upstream's ResolvedResourceOutput JSON
  std::vector<std::string> output_errors;  // "output \"o\": …"
};

base::Result<ResourceOutput> RenderResource(const TypedInput& input, TemplateCache& cache, base::Arena& arena,
                                            const base::RenderLimits& limits);

}  // namespace openchoreo::pipeline
