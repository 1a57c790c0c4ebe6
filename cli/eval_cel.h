// `eval cel`: one CEL expression per line.
#pragma once

#include <istream>
#include <ostream>

namespace openchoreo::cli {

// {expr, bindings?, type_env?, check_only?, tags?} → {value, type}, {type} or {error, phase}.
// Variables are dyn; the types of type_env count with the tag "checked_type" or with check_only.
int RunEvalCel(std::istream& in, std::ostream& out);

// For people: each line is an expression, or {expr, vars?, bindings?} with `vars` as plain JSON
// (numbers are doubles, as in a component's context). Prints its sub-expressions, each with its
// type and value.
int RunExplainCel(std::istream& in, std::ostream& out);

}  // namespace openchoreo::cli
