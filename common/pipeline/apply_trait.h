// What one trait does to the objects rendered so far: creates, then patches, then removes.
// Follows openchoreo internal/pipeline/component/trait/processor.go.
#pragma once

#include <string_view>

#include "common/base/result.h"
#include "common/pipeline/compiled_definition.h"
#include "common/pipeline/scope.h"
#include "common/pipeline/working_set.h"

namespace openchoreo::pipeline {

struct TraitRun {
  std::string_view name;  // of the trait, for messages
  const Templates& templates;
  ContextStyle style;
  const Scope& scope;  // the trait's context
};

base::Result<void> ApplyTrait(const TraitRun& run, WorkingSet& resources);

}  // namespace openchoreo::pipeline
