// What a CEL result becomes in a rendered value, and back. Follows convertCELValue of openchoreo
// internal/template/engine.go.
#pragma once

#include <cstdint>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::tmpl {

enum class JoinedOmits : std::uint8_t {
  kDrop,  // the value is the rendered field: upstream cleans it afterwards
  kKeep   // the value becomes text: an omit in a joined list is printed as {}
};

// A null has become CelNull, omits in lists and maps are dropped, optionals are unwrapped (none:
// null), types are their names, keys are text. Nulls of host data stay. Shares what needs no
// change. Like ToCelInput it spends the arena's budget; once that is spent the result is worthless.
value::Value FromCelResult(const value::Value& result, base::Arena& arena,
                           JoinedOmits joined_omits = JoinedOmits::kDrop);

// A rendered value as an expression must see it (a forEach item, the resource of a where clause):
// CelNull is null again, and leaves CEL as CelNull. Shares what needs no change.
value::Value ToCelInput(const value::Value& rendered, base::Arena& arena);

}  // namespace openchoreo::tmpl
