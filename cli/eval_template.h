// `eval template`: {kind: render | include | foreach | rules | find, template, vars?, tvars?, ext?}
// → its result.
#pragma once

#include <istream>
#include <ostream>

namespace openchoreo::cli {

int RunEvalTemplate(std::istream& in, std::ostream& out);

}  // namespace openchoreo::cli
