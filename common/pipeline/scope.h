// What an expression of a definition is rendered with, and where its errors point.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/pipeline/compiled_definition.h"
#include "common/pipeline/slots.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

// One definition's context. Cheap to copy; a copy with a loop variable bound is a new scope. All it
// points to outlives it.
struct Scope {
  Slots slots;
  base::Arena* arena = nullptr;
  const base::RenderLimits* limits = nullptr;
  const base::Place* place = nullptr;  // of the definition's spec
  bool origins = false;                // whether origins of objects are recorded
};

// `error` placed at `path` below the definition, unless it has a place already.
base::Error Placed(base::Error error, const base::Place& definition, std::string_view path);

// The place of what stands at `path` below the definition of `scope`.
base::Place PlaceBelow(const base::Place& definition, std::string_view path);

// A new error at an expression.
tl::unexpected<base::Error> FailAt(base::ErrorCode code, std::string message, const Scope& scope,
                                   const Expression& expression);

// Renders; errors have their place. Fails once the arena's budget is spent.
base::Result<value::Value> Render(const Expression& expression, const Scope& scope);

// includeWhen and when: absent means true. Error: "<name> must evaluate to boolean, got string".
base::Result<bool> ShouldInclude(const Expression& condition, const Scope& scope);

// The items of what a forEach gave: those of a list, or {key, value} of a map's entries sorted by
// key. Errors: "forEach must evaluate to array or map, got …", kLimit beyond max_for_each_items.
base::Result<std::span<const value::Value>> ItemsOf(const value::Value& result, const Loop& loop,
                                                    const Scope& scope);

// Renders the forEach and takes its items.
base::Result<std::span<const value::Value>> LoopItems(const Loop& loop, const Scope& scope);

// `scope` with `resource` bound to an object, for a target's where or a rule about it.
Scope WithResource(const Scope& scope, const Target& target, const value::Value& object);

// `scope` with the loop's variable bound to `item`.
Scope WithItem(const Scope& scope, const Loop& loop, const value::Value& item);

}  // namespace openchoreo::pipeline
