// Types of every sub-expression, and errors for what cannot be: unknown names, calls no overload
// takes. Follows cel-go checker/checker.go.
#pragma once

#include <vector>

#include "common/cel/ast.h"
#include "common/cel/declaration.h"
#include "common/cel/program.h"
#include "common/cel/unifier.h"

namespace openchoreo::cel {

// A variable whose type is not dyn; for `eval cel` with declared types.
struct TypedVariable {
  std::string name;
  const Type* type;
};

struct CheckedCall {
  const Function* function = nullptr;
  const Overload* overload = nullptr;  // nullptr: several fit, the run time chooses
  bool resolved = false;
};

// What the checker found, by Expr::id.
struct CheckedExpr {
  std::vector<const Type*> types;
  std::vector<CheckedCall> calls;
  std::vector<int> slots;               // of identifiers and selects that name a variable; else -1
  std::vector<std::string_view> names;  // of identifiers that name a type; else ""
  std::vector<bool> qualified;          // calls whose receiver was the function's namespace
};

// Checks `expr`, whose tree has ids below `count`. Variables are those of `environment`, dyn unless
// `typed` says otherwise. Errors go to `issues`; the result is complete only if there are none.
// Types live in `arena`.
CheckedExpr Check(const Expr& expr, std::size_t count, const Environment& environment,
                  std::span<const TypedVariable> typed, base::Arena& arena, Issues& issues);

}  // namespace openchoreo::cel
