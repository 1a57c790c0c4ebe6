// Compile-time check of string.format with a constant format and a list literal.
#pragma once

#include <vector>

#include "common/cel/ast.h"
#include "common/cel/program.h"
#include "common/cel/type.h"

namespace openchoreo::cel {

// Reports what the format string and the types of the list's elements, by Expr::id, have against
// each other. Calls of other shapes are left to the run time. Follows cel-go ext/formatting_v2.go,
// or ext/formatting.go of v0.22.1.
void CheckFormat(const Expr& call, StringFormat rules, const std::vector<const Type*>& types,
                 Issues& issues);

}  // namespace openchoreo::cel
