// The two readers behind FindSpans. Internal to resource_list_spans.cc.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/limits.h"
#include "common/base/result.h"
#include "kustomize-fn/resource_list_spans.h"

namespace openchoreo::kustomize_fn {

base::Result<ResourceListSpans> FindYamlSpans(std::string_view text,
                                              const base::RenderLimits& limits);

// nullopt: `text` is not JSON (it may still be YAML in flow style). An error: it is, but is
// refused.
std::optional<base::Result<ResourceListSpans>> FindJsonSpans(std::string_view text,
                                                             const base::RenderLimits& limits);

}  // namespace openchoreo::kustomize_fn
