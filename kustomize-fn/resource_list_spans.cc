#include "kustomize-fn/resource_list_spans.h"

#include "kustomize-fn/spans_by_syntax.h"

namespace openchoreo::kustomize_fn {

base::Result<ResourceListSpans> FindSpans(std::string_view text, const base::RenderLimits& limits) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') {
    if (auto json = FindJsonSpans(text, limits)) return *std::move(json);
  }
  return FindYamlSpans(text, limits);
}

}  // namespace openchoreo::kustomize_fn
