// What a pipeline gives: objects with the plane they are for.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

enum class TargetPlane : std::uint8_t { kData, kObservability };

struct RenderedResource {
  value::Value object;
  TargetPlane plane = TargetPlane::kData;
  std::string_view id;  // template id (project and resource pipelines), "" for components
  // Where it comes from: its template, then every patch that touched it. Empty unless asked for.
  std::vector<base::Place> origin = {};
};

using RenderedResources = std::vector<RenderedResource>;

}  // namespace openchoreo::pipeline
