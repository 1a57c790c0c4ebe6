// Finding ${…} in a string. Follows FindCELExpressions of openchoreo internal/template/engine.go.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace openchoreo::tmpl {

// One ${…} in a string.
struct Expression {
  std::size_t begin;  // of "${"
  std::size_t end;    // behind "}"
  std::string_view inner;
};

// Braces count outside of '…' and "…" only; what follows an unclosed ${ is literal text. The views
// point into `text`. Errors: kTemplate, "nested CEL expressions must be quoted: …".
base::Result<std::vector<Expression>> FindExpressions(std::string_view text);

}  // namespace openchoreo::tmpl
