// Text to syntax tree. The only entry is Parse; the grammar is cel-go's parser/gen/CEL.g4.
#pragma once

#include <string_view>

#include "common/cel/ast.h"
#include "common/cel/macros.h"

namespace openchoreo::cel {

// cel-go's limits, which it applies whatever the environment.
inline constexpr std::size_t kMaxExpressionSize = base::kLimits.max_expression_runes;
// Of one grammar rule.
inline constexpr int kMaxRecursion = static_cast<int>(base::kLimits.max_expression_nesting);

// The tree of `text`, its nodes and strings in `factory`'s arena or in `text`, which must be valid
// UTF-8. nullptr if `issues` got an error. Nesting is bounded, so later stages may recurse over the
// tree.
Expr* Parse(std::string_view text, Macros macros, ExprFactory& factory, Issues& issues);

}  // namespace openchoreo::cel
