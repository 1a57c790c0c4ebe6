#include "common/pipeline/scope.h"

#include <utility>

#include "common/template/cel_result.h"
#include "common/template/control_flow.h"

namespace openchoreo::pipeline {

using value::Value;

base::Error Placed(base::Error error, const base::Place& definition, std::string_view path) {
  if (error.place.known() || !definition.known()) return error;
  error.place.source = definition.source;
  error.place.document = definition.document;
  std::string field = definition.field;
  field += path;
  field += error.place.field;
  error.place.field = std::move(field);
  return error;
}

base::Place PlaceBelow(const base::Place& definition, std::string_view path) {
  base::Place place = definition;
  place.field += path;
  return place;
}

tl::unexpected<base::Error> FailAt(base::ErrorCode code, std::string message, const Scope& scope,
                                   const Expression& expression) {
  base::Error error;
  error.code = code;
  error.message = std::move(message);
  return base::Fail(Placed(std::move(error), *scope.place, expression.path));
}

base::Result<Value> Render(const Expression& expression, const Scope& scope) {
  auto rendered = expression.compiled->Render(scope.slots, *scope.arena, *scope.limits);
  if (!rendered)
    return base::Fail(Placed(std::move(rendered).error(), *scope.place, expression.path));
  if (scope.arena->budget().spent()) {
    return base::Fail(Placed(base::ErrorOf(scope.arena->budget()), *scope.place, expression.path));
  }
  return rendered;
}

base::Result<bool> ShouldInclude(const Expression& condition, const Scope& scope) {
  if (!condition) return true;
  auto included =
      tmpl::EvaluateIncludeWhen(*condition.compiled, scope.slots, *scope.arena, *scope.limits);
  if (!included)
    return base::Fail(Placed(std::move(included).error(), *scope.place, condition.path));
  return included;
}

base::Result<std::span<const Value>> LoopItems(const Loop& loop, const Scope& scope) {
  OC_TRY(const Value result, Render(loop.for_each, scope));
  return ItemsOf(result, loop, scope);
}

base::Result<std::span<const Value>> ItemsOf(const Value& result, const Loop& loop,
                                             const Scope& scope) {
  auto items = tmpl::IterableItems(result, *scope.arena, *scope.limits);
  if (!items) return base::Fail(Placed(std::move(items).error(), *scope.place, loop.for_each.path));
  return items;
}

Scope WithResource(const Scope& scope, const Target& target, const Value& object) {
  Scope bound = scope;
  bound.slots[static_cast<std::size_t>(target.resource_slot)] =
      tmpl::ToCelInput(object, *scope.arena);
  return bound;
}

Scope WithItem(const Scope& scope, const Loop& loop, const Value& item) {
  Scope bound = scope;
  bound.slots[static_cast<std::size_t>(loop.slot)] = tmpl::ToCelInput(item, *scope.arena);
  return bound;
}

}  // namespace openchoreo::pipeline
