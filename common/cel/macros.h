// Calls that the parser rewrites: has, all, map, transformMap, optMap, oc_merge,
// configurations.toX(), …
#pragma once

#include <string_view>
#include <vector>

#include "common/cel/ast.h"
#include "common/cel/program.h"

namespace openchoreo::cel {

// No macro may make an expression larger than this (cel-go's default).
inline constexpr std::uint32_t kMaxNodes =
    static_cast<std::uint32_t>(base::kLimits.max_expression_nodes);

struct MacroCall {
  Range range;  // of the call, for messages and new nodes
  std::string_view function;
  Expr* receiver;  // nullptr: a global call
  std::vector<Expr*>& arguments;
};

struct MacroResult {
  enum class Outcome { kNoMacro, kExpanded, kError } outcome = Outcome::kNoMacro;
  Expr* expr = nullptr;
};

// Expands the call if it is one of a macro. kNoMacro: leave the call as it is; kError: it was
// reported.
MacroResult ExpandMacro(const MacroCall& call, Macros macros, ExprFactory& factory, Issues& issues);

}  // namespace openchoreo::cel
