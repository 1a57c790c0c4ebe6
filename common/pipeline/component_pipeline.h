// Component rendering: types, traits, workload and environment → Kubernetes objects.
// Follows openchoreo internal/pipeline/component (v1.x) and the same package at v0.12.0 for old
// bindings.
//
// The stages, in order (component_pipeline.cc): definitions · shared context (effective workload,
// metadata, data plane, gateway, configurations, dependencies, derived) · component context
// (parameters and environment configs, defaulted and validated) · pre-render rules · base resources
// · traits, embedded ones first, as one list (context, rules, creates, patches, removes) ·
// post-render rules · labels · resource hash · final checks · order.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/names/kind.h"
#include "common/pipeline/metadata.h"
#include "common/pipeline/rendered_resource.h"
#include "common/pipeline/typed_pipeline.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

class CompiledDefinition;  // compiled_definition.h
class TemplateCache;       // compiled definitions by content; thread-safe; template_cache.h

// A trait definition a release carries.
struct TraitDefinition {
  std::string_view kind;  // Trait or ClusterTrait
  std::string_view name;
  value::Value spec;
  base::Place place;  // of `spec`
};

// A release's definitions compiled: to be kept per release by callers that render it more than
// once.
struct CompiledRelease {
  std::shared_ptr<const CompiledDefinition> component_type;
  std::vector<std::shared_ptr<const CompiledDefinition>>
      traits;  // in the order of ComponentInput::traits
};

// Never fails: what is wrong with a definition shows when it is rendered.
CompiledRelease CompileRelease(const value::Value& component_type,
                               std::span<const TraitDefinition> traits, TemplateCache& cache);

struct ComponentInput {
  names::Dialect dialect = names::Dialect::kV1;  // the binding's
  std::string_view component_type_name;          // for post-render labels: "deployment/web"
  std::string_view component_type_kind;          // ComponentType or ClusterComponentType
  value::Value component_type;                   // its spec
  base::Place component_type_place;
  std::span<const TraitDefinition> traits;
  // CompileRelease(component_type, traits) if the caller has it, else null and looked up by
  // content.
  const CompiledRelease* compiled = nullptr;
  value::Value profile;  // {parameters?, traits?[]} of the release; may be null
  base::Place profile_place;
  value::Value workload;  // Workload.spec of the release
  base::Place workload_place;
  value::Value binding;  // spec of the ReleaseBinding: overrides and environment configs
  base::Place binding_place;
  value::Value environment;             // Environment.spec
  value::Value data_plane;              // DataPlane.spec
  value::Value data_plane_annotations;  // map or null
  // SecretReference specs by name (the ones this binding's workload names).
  std::span<const std::pair<std::string_view, value::Value>> secret_references;
  std::string_view default_notification_channel;
  value::Value dependency_items;           // list, as upstream's ConnectionItem JSON
  value::Value resource_dependency_items;  // list, as upstream's ResourceDependencyItem JSON
  Metadata metadata;
  bool origins = false;  // whether RenderedResource::origin is filled
};

// The resources are sorted, labelled and hashed; network policy is not included. Memory of the
// result is in `arena`, the input and the compiled definitions: those of `cache` must outlive it
// (keep the CompiledRelease). Errors: upstream's text from behind "Failed to render resources: ",
// placed at the expression, template or value that is wrong; kLimit beyond `limits`.
base::Result<RenderedResources> RenderComponent(const ComponentInput& input, TemplateCache& cache,
                                                base::Arena& arena,
                                                const base::RenderLimits& limits);

}  // namespace openchoreo::pipeline
