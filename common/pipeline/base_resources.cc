#include "common/pipeline/base_resources.h"

#include <string>

namespace openchoreo::pipeline {

namespace {

using value::Value;

std::string For(std::string_view what, const ResourceTemplate& resource) {
  std::string text(what);
  text += resource.id;
  return text;
}

base::Result<void> CheckShape(const Value& object, const ResourceTemplate& resource,
                              const Scope& scope) {
  const char* missing = nullptr;
  if (KindOf(object).empty()) {
    missing = "'kind'";
  } else if (ApiVersionOf(object).empty()) {
    missing = "'apiVersion'";
  } else if (!object.Get("metadata").is_map()) {
    missing = "'metadata'";
  } else if (object.Get("metadata", "name").string_or_empty().empty()) {
    missing = "'metadata.name'";
  } else {
    return {};
  }
  return FailAt(base::ErrorCode::kRender,
                For("resource ", resource) + " missing required field " + missing, scope,
                resource.body);
}

base::Result<void> RenderOne(const ResourceTemplate& resource, const Scope& scope,
                             WorkingSet& resources) {
  if (!resource.body) {
    return FailAt(base::ErrorCode::kTemplate,
                  For("template must render to object for resource ", resource) + ", got <nil>",
                  scope, resource.body);
  }
  auto object = Render(resource.body, scope);
  if (!object)
    return base::Wrap(For("failed to render template for resource ", resource) + ": ",
                      object.error());
  if (!object->is_map()) {
    return FailAt(base::ErrorCode::kTemplate,
                  For("template must render to object for resource ", resource) + ", got " +
                      value::GoTypeName(*object),
                  scope, resource.body);
  }
  OC_TRY_DONE(CheckShape(*object, resource, scope));
  return AddResource(*object, resource, scope, resources);
}

}  // namespace

base::Result<WorkingSet> RenderBaseResources(std::span<const ResourceTemplate> templates,
                                             const Scope& scope) {
  WorkingSet resources;
  resources.reserve(templates.size() + 4);
  for (const ResourceTemplate& resource : templates) {
    const auto include = ShouldInclude(resource.include_when, scope);
    if (!include) {
      return base::Wrap(For("failed to evaluate includeWhen for resource ", resource) + ": ",
                        include.error());
    }
    if (!*include) continue;
    if (!resource.loop.for_each) {
      OC_TRY_DONE(RenderOne(resource, scope, resources));
      continue;
    }
    const auto items = LoopItems(resource.loop, scope);
    if (!items) {
      return base::Wrap(For("failed to evaluate forEach for resource ", resource) + ": ",
                        items.error());
    }
    for (const Value& item : *items) {
      OC_TRY_DONE(RenderOne(resource, WithItem(scope, resource.loop, item), resources));
    }
  }
  return resources;
}

}  // namespace openchoreo::pipeline
