// The variables templates of project and resource types see.
// Follows openchoreo internal/pipeline/{project,resource}/{pipeline,types,gateway}.go.
#pragma once

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/pipeline/compiled_definition.h"
#include "common/pipeline/scope.h"
#include "common/pipeline/typed_pipeline.h"

namespace openchoreo::pipeline {

struct TypedContext {
  Scope scope;
  ContextShape shape;
};

// Error: "resolve parameters: failed to …".
base::Result<TypedContext> BuildProjectContext(const TypedInput& input,
                                               const CompiledDefinition& type, base::Arena& arena,
                                               const base::RenderLimits& limits);
base::Result<TypedContext> BuildResourceContext(const TypedInput& input,
                                                const CompiledDefinition& type, base::Arena& arena,
                                                const base::RenderLimits& limits);

// RenderedResource::origin of an object that no patch touches.
std::vector<base::Place> OriginOf(const ResourceTemplate& resource, const Scope& scope);

}  // namespace openchoreo::pipeline
