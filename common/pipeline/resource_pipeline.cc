#include <string>

#include "common/base/go_quote.h"
#include "common/pipeline/template_cache.h"
#include "common/pipeline/typed_context.h"
#include "common/pipeline/typed_pipeline.h"
#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

// "bool" where the other pipelines say "boolean", as upstream.
base::Result<bool> IncludeResource(const Expression& condition, const Scope& scope) {
  if (!condition) return true;
  OC_TRY(const Value result, Render(condition, scope));
  if (result.is_bool()) return result.as_bool();
  return FailAt(base::ErrorCode::kTemplate,
                std::string("includeWhen must evaluate to bool, got ") + value::GoTypeName(result),
                scope, condition);
}

base::Result<Value> RenderObject(const ResourceTemplate& resource, const Scope& scope) {
  if (!resource.body)
    return FailAt(base::ErrorCode::kTemplate, "template is empty", scope, resource.body);
  OC_TRY(const Value object, Render(resource.body, scope));
  if (object.is_map()) return object;
  return FailAt(
      base::ErrorCode::kTemplate,
      std::string("rendered template is not a map (got ") + value::GoTypeName(object) + ")", scope,
      resource.body);
}

base::Result<Value> RenderText(const Expression& expression, const Scope& scope) {
  if (!expression) return Value::String("");
  OC_TRY(const Value result, Render(expression, scope));
  if (result.is_string()) return result;
  return FailAt(base::ErrorCode::kTemplate,
                std::string("expected string, got ") + value::GoTypeName(result), scope,
                expression);
}

base::Result<Value> RenderReference(const OutputTemplate& output, const Scope& scope) {
  const auto name = RenderText(output.ref_name, scope);
  if (!name) return base::Wrap("name: ", name.error());
  const auto key = RenderText(output.ref_key, scope);
  if (!key) return base::Wrap("key: ", key.error());
  return value::MakeMap(*scope.arena, {{"key", *key}, {"name", *name}});
}

base::Result<Value> ResolveOutput(const OutputTemplate& output, const Scope& scope) {
  const Value name = Value::String(output.name);
  switch (output.source) {
    case OutputTemplate::Source::kValue: {
      OC_TRY(const Value text, RenderText(output.value, scope));
      return value::MakeMap(*scope.arena,
                            {{"name", name}, {"value", value::NonEmpty(text.as_string())}});
    }
    case OutputTemplate::Source::kSecretKeyRef: {
      OC_TRY(const Value reference, RenderReference(output, scope));
      return value::MakeMap(*scope.arena, {{"name", name}, {"secretKeyRef", reference}});
    }
    case OutputTemplate::Source::kConfigMapKeyRef: {
      OC_TRY(const Value reference, RenderReference(output, scope));
      return value::MakeMap(*scope.arena, {{"configMapKeyRef", reference}, {"name", name}});
    }
    case OutputTemplate::Source::kNone:
      break;
  }
  return FailAt(base::ErrorCode::kTemplate,
                "no source kind set (value, secretKeyRef, or configMapKeyRef)", scope,
                output.value);
}

// {id: {status: {}}} of every object: applied, and nothing known of it.
Value Applied(const RenderedResources& resources, base::Arena& arena) {
  value::MapBuilder applied(arena);
  const Value status = value::MakeMap(arena, {{"status", Value::Map({})}});
  for (const RenderedResource& resource : resources) applied.Add(resource.id, status);
  return applied.Build();
}

// The context by the names templates use.
Value Variables(const Slots& slots, base::Arena& arena) {
  return value::MakeMap(arena, {{"dataplane", slots[kDataPlane]},
                                {"environment", slots[kEnvironment]},
                                {"environmentConfigs", slots[kEnvironmentConfigs]},
                                {"gateway", slots[kGateway]},
                                {"metadata", slots[kMetadata]},
                                {"parameters", slots[kParameters]}});
}

}  // namespace

base::Result<ResourceOutput> RenderResource(const TypedInput& input, TemplateCache& cache,
                                            base::Arena& arena, const base::RenderLimits& limits) {
  const auto type = cache.Get(DefinitionKind::kResourceType, input.type, arena.budget());
  OC_TRY(TypedContext context, BuildResourceContext(input, *type, arena, limits));
  const Templates& templates = type->templates(context.shape);
  if (templates.error) return base::Fail(Placed(*templates.error, input.type_place, ""));

  ResourceOutput result;
  for (const ResourceTemplate& resource : templates.resources) {
    const auto include = IncludeResource(resource.include_when, context.scope);
    if (!include) {
      return base::Wrap("evaluate includeWhen for resource " + base::GoQuote(resource.id) + ": ",
                        include.error());
    }
    if (!*include) continue;
    const auto object = RenderObject(resource, context.scope);
    if (!object)
      return base::Wrap("render resource " + base::GoQuote(resource.id) + ": ", object.error());
    result.resources.push_back(
        {*object, TargetPlane::kData, resource.id, OriginOf(resource, context.scope)});
  }

  result.context = Variables(context.scope.slots, arena);
  context.scope.slots[kApplied] = Applied(result.resources, arena);
  value::ListBuilder outputs(arena);
  base::Charge held(arena.budget());  // the texts of errors
  for (const OutputTemplate& output : templates.outputs) {
    const auto resolved = ResolveOutput(output, context.scope);
    if (arena.budget().spent()) break;
    if (resolved) {
      outputs.Add(*resolved);
    } else {
      result.output_errors.push_back("output " + base::GoQuote(output.name) + ": " +
                                     resolved.error().message);
      if (!held.Add(result.output_errors.back().size())) break;
    }
  }
  result.outputs = outputs.Build();
  if (arena.budget().spent()) return base::Fail(base::ErrorOf(arena.budget()));
  return result;
}

}  // namespace openchoreo::pipeline
