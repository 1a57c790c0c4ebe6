// A value with ${…} in its strings and keys → compiled once → rendered many times.
// Follows openchoreo internal/template/engine.go.
#pragma once

#include <memory>
#include <span>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/cel/program.h"
#include "common/template/expression_scan.h"
#include "common/value/value.h"

namespace openchoreo::tmpl {

// Immutable, thread-safe; owns all it needs. An expression that does not compile is not an error
// until a render reaches it, as upstream.
class CompiledTemplate {
 public:
  virtual ~CompiledTemplate() = default;

  // Renders with the slots of the Environment it was compiled in. kOmit if the whole value is
  // omitted; fields and items omitted inside are gone (upstream's RemoveOmittedFields included).
  // Numbers of the template itself are doubles. A CEL null has become the number 0 (Value::CelNull)
  // as upstream. Parts without expressions are shared with the template, others point into `arena`
  // and the slots' values. Errors: kCelCompile, kCelEvaluate, kTemplate, kLimit with upstream's
  // text; place.field is the path of the string inside the template, text_begin/end the expression
  // inside that string.
  virtual base::Result<value::Value> Render(std::span<const value::Value> slots, base::Arena& arena,
                                            const base::RenderLimits& limits) const = 0;
};

// `source` may go away afterwards. What compiling costs and what the template keeps is charged to
// `budget`; once that is spent rendering gives its error.
std::shared_ptr<const CompiledTemplate> Compile(const value::Value& source,
                                                const cel::Environment& environment,
                                                base::Budget& budget);

// With the budget of one definition.
std::shared_ptr<const CompiledTemplate> Compile(const value::Value& source,
                                                const cel::Environment& environment);

}  // namespace openchoreo::tmpl
