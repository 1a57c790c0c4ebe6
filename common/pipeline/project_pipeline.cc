#include <string>

#include "common/base/go_quote.h"
#include "common/pipeline/template_cache.h"
#include "common/pipeline/typed_context.h"
#include "common/pipeline/typed_pipeline.h"
#include "common/pipeline/validation_rules.h"
#include "common/pipeline/working_set.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

base::Result<void> CheckManifest(const Value& object, const ResourceTemplate& resource,
                                 const Scope& scope) {
  const char* missing = MissingField(object);
  if (missing == nullptr) return {};
  return FailAt(base::ErrorCode::kRender,
                "resource " + base::GoQuote(resource.id) + " missing " + missing, scope,
                resource.body);
}

base::Result<Value> RenderManifest(const ResourceTemplate& resource, const Scope& scope) {
  if (!resource.body) {
    return FailAt(base::ErrorCode::kTemplate,
                  "template is empty for resource " + base::GoQuote(resource.id), scope,
                  resource.body);
  }
  auto object = Render(resource.body, scope);
  if (!object) {
    return base::Wrap("render template for resource " + base::GoQuote(resource.id) + ": ",
                      object.error());
  }
  if (!object->is_map()) {
    return FailAt(base::ErrorCode::kTemplate,
                  "rendered template for resource " + base::GoQuote(resource.id) +
                      " is not a map (got " + value::GoTypeName(*object) + ")",
                  scope, resource.body);
  }
  OC_TRY_DONE(CheckManifest(*object, resource, scope));
  return *object;
}

base::Result<void> RenderIterations(const ResourceTemplate& resource, const Scope& scope,
                                    RenderedResources& rendered) {
  const auto items = LoopItems(resource.loop, scope);
  if (!items) {
    return base::Wrap("evaluate forEach for resource " + base::GoQuote(resource.id) + ": ",
                      items.error());
  }
  for (std::size_t i = 0; i < items->size(); ++i) {
    OC_TRY(const Value object,
           RenderManifest(resource, WithItem(scope, resource.loop, (*items)[i])));
    const std::string id = std::string(resource.id) + "-" + std::to_string(i);
    rendered.push_back(
        {object, TargetPlane::kData, scope.arena->CopyString(id), OriginOf(resource, scope)});
  }
  return {};
}

}  // namespace

base::Result<RenderedResources> RenderProject(const TypedInput& input, TemplateCache& cache,
                                              base::Arena& arena,
                                              const base::RenderLimits& limits) {
  const auto type = cache.Get(DefinitionKind::kProjectType, input.type, arena.budget());
  OC_TRY(const TypedContext context, BuildProjectContext(input, *type, arena, limits));
  const Templates& templates = type->templates(context.shape);
  if (templates.error) return base::Fail(Placed(*templates.error, input.type_place, ""));
  auto checked = CheckPreRender(templates.pre_render, context.scope);
  if (!checked) return base::Wrap("project type validation failed: ", std::move(checked).error());

  RenderedResources rendered;
  for (const ResourceTemplate& resource : templates.resources) {
    const auto include = ShouldInclude(resource.include_when, context.scope);
    if (!include) {
      return base::Wrap("evaluate includeWhen for resource " + base::GoQuote(resource.id) + ": ",
                        include.error());
    }
    if (!*include) continue;
    if (resource.loop.for_each) {
      OC_TRY_DONE(RenderIterations(resource, context.scope, rendered));
    } else {
      OC_TRY(const Value object, RenderManifest(resource, context.scope));
      rendered.push_back(
          {object, TargetPlane::kData, resource.id, OriginOf(resource, context.scope)});
    }
    if (rendered.size() > limits.max_resources_per_binding) {
      return FailAt(base::ErrorCode::kLimit,
                    "more objects than the limit of " +
                        std::to_string(limits.max_resources_per_binding) +
                        " (max_resources_per_binding)",
                    context.scope, resource.body);
    }
  }
  if (arena.budget().spent()) return base::Fail(base::ErrorOf(arena.budget()));
  return rendered;
}

}  // namespace openchoreo::pipeline
