// The objects a ComponentType's own templates give.
// Follows openchoreo internal/pipeline/component/renderer/renderer.go.
#pragma once

#include <span>

#include "common/base/result.h"
#include "common/pipeline/compiled_definition.h"
#include "common/pipeline/scope.h"
#include "common/pipeline/working_set.h"

namespace openchoreo::pipeline {

// In list order; each: includeWhen (without loop variable), forEach, template, basic check of kind,
// apiVersion and metadata.name.
base::Result<WorkingSet> RenderBaseResources(std::span<const ResourceTemplate> templates,
                                             const Scope& scope);

}  // namespace openchoreo::pipeline
