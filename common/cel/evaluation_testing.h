// Expressions to text, for tests: the result as explained forms, or "error: …".
#pragma once

#include <string>
#include <string_view>

#include "common/cel/program.h"

namespace openchoreo::cel {

// The value `expression` gives with the variables of `vars` (a JSON object; its integers stay
// ints), printed with its kinds: 1, 2u, 1.5, "x", b"…", [1, 2], {"k": 1}, optional.none(), omit. An
// error is printed as "compile: …" (the bare message) or "error: …".
std::string EvaluateToText(std::string_view expression, std::string_view vars = "{}",
                           Macros macros = Macros::kNone,
                           StringFormat string_format = StringFormat::kCurrent);

}  // namespace openchoreo::cel
