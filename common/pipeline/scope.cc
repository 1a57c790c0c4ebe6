#include "common/pipeline/scope.h"

#include <algorithm>
#include <utility>

#include "common/base/go_format.h"
#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

base::Result<std::span<const Value>> WithinLimit(std::span<const Value> items, const Loop& loop,
                                                 const Scope& scope) {
  if (items.size() <= scope.limits->max_for_each_items) return items;
  std::string message = "forEach gives ";
  base::AppendUint(message, items.size());
  message += " items, more than the limit of ";
  base::AppendUint(message, scope.limits->max_for_each_items);
  return FailAt(base::ErrorCode::kLimit, std::move(message), scope, loop.for_each);
}

}  // namespace

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
  if (scope.arena->bytes() > scope.limits->max_binding_bytes) {
    return FailAt(base::ErrorCode::kLimit, "rendering takes more memory than one binding may",
                  scope, expression);
  }
  return rendered;
}

base::Result<bool> ShouldInclude(const Expression& condition, const Scope& scope) {
  if (!condition) return true;
  OC_TRY(const Value result, Render(condition, scope));
  if (result.is_bool()) return result.as_bool();
  return FailAt(
      base::ErrorCode::kTemplate,
      std::string("includeWhen must evaluate to boolean, got ") + value::GoTypeName(result), scope,
      condition);
}

base::Result<std::span<const Value>> LoopItems(const Loop& loop, const Scope& scope) {
  OC_TRY(const Value result, Render(loop.for_each, scope));
  return ItemsOf(result, loop, scope);
}

base::Result<std::span<const Value>> ItemsOf(const Value& result, const Loop& loop,
                                             const Scope& scope) {
  if (result.is_list()) return WithinLimit(result.as_list(), loop, scope);
  if (!result.is_map()) {
    return FailAt(
        base::ErrorCode::kTemplate,
        std::string("forEach must evaluate to array or map, got ") + value::GoTypeName(result),
        scope, loop.for_each);
  }
  const auto entries = result.as_map();
  auto* items = scope.arena->AllocateArray<Value>(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    items[i] = value::MakeMap(*scope.arena, {{"key", entries[i].key}, {"value", entries[i].value}});
  }
  return WithinLimit({items, entries.size()}, loop, scope);
}

Scope WithItem(const Scope& scope, const Loop& loop, const Value& item) {
  Scope bound = scope;
  bound.slots[static_cast<std::size_t>(loop.slot)] = item;
  return bound;
}

}  // namespace openchoreo::pipeline
