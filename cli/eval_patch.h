// `eval patch`: {target, ops: [{op, path, value}]} → {"expect": target after} or {"error": text}.
#pragma once

#include <istream>
#include <ostream>

namespace openchoreo::cli {

int RunEvalPatch(std::istream& in, std::ostream& out);

}  // namespace openchoreo::cli
