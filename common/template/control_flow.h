// includeWhen, forEach and validation rules: templates whose results steer the rendering.
// Follows openchoreo internal/pipeline/component/renderer/{controlflow,foreach}.go.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/template/compiled_template.h"
#include "common/value/value.h"

namespace openchoreo::tmpl {

// The boolean an includeWhen gives. Errors: those of Render; kTemplate, "includeWhen must evaluate
// to boolean, got T". An absent or empty includeWhen is true: the caller does not compile it at
// all.
base::Result<bool> EvaluateIncludeWhen(const CompiledTemplate& include_when,
                                       std::span<const value::Value> slots, base::Arena& arena,
                                       const base::RenderLimits& limits);

// What a rendered forEach goes over (as loop variables they pass through ToCelInput, cel_result.h):
// the items of a list; of a map {key, value} items sorted by key. Errors: kTemplate, "forEach must
// evaluate to array or map, got T"; kLimit beyond max_for_each_items.
base::Result<std::span<const value::Value>> IterableItems(const value::Value& rendered,
                                                          base::Arena& arena,
                                                          const base::RenderLimits& limits);

// A validation rule; the texts are the caller's.
struct ValidationRule {
  const CompiledTemplate* compiled = nullptr;
  std::string_view rule;
  std::string_view message;
};

// Evaluates all rules. Errors: kValidationRule, the failures joined by "; "
// (`rule[0] "${…}" evaluated to false: message`); place.field is "/<index>/rule" of the first one
// that failed, as if below the list of rules.
base::Result<bool> EvaluateValidationRules(std::span<const ValidationRule> rules,
                                           std::span<const value::Value> slots, base::Arena& arena,
                                           const base::RenderLimits& limits);

}  // namespace openchoreo::tmpl
