// Rules a definition states about its context (before rendering) and about the objects it gave
// (after). Follows openchoreo internal/pipeline/component/renderer/controlflow.go and
// postrender.go.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/pipeline/compiled_definition.h"
#include "common/pipeline/scope.h"
#include "common/pipeline/working_set.h"

namespace openchoreo::pipeline {

// Every rule is asked; the error joins what failed by "; " and stands at the first of them.
base::Result<void> CheckPreRender(const PreRenderRules& rules, const Scope& scope);

// The rules of one definition, waiting for the final set of objects.
struct PendingPostRender {
  std::string label;  // "ComponentType deployment/web", "Trait storage/data"
  std::span<const PostRenderRule> rules;
  Scope scope;
};

// `budget` is that of the scopes' arena.
base::Result<void> CheckPostRender(std::span<const PendingPostRender> pending,
                                   const WorkingSet& resources, base::Budget& budget);

}  // namespace openchoreo::pipeline
