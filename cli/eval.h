// The eval verb: one expression, template, patch, schema or live object per line, for people who
// write them.
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <vector>

namespace openchoreo::cli {

// What `eval` can be asked for.
std::vector<std::string> EvalKinds();

// `kind` must be one of EvalKinds(). With `explain`, of kind cel alone, the checked tree of each
// expression is printed for people. Returns the exit code.
int RunEval(const std::string& kind, bool explain, std::istream& in, std::ostream& out);

}  // namespace openchoreo::cli
