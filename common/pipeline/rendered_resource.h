// What a pipeline gives: objects with the plane they are for.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/value/value.h"

namespace openchoreo::pipeline {

enum class TargetPlane : std::uint8_t { kData, kObservability };

struct RenderedResource {
  value::Value object;
  TargetPlane plane = TargetPlane::kData;
  std::string_view id;  // template id (project and resource pipelines), "" for components
};

using RenderedResources = std::vector<RenderedResource>;

}  // namespace openchoreo::pipeline
