// The old shorthand → a schema document. Follows openchoreo internal/schema/extractor at v0.12.
#pragma once

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// `fields` is a map of field definitions, `types` a map of custom types or null. Required is every
// field without a default. Errors: kSchema with upstream's text (`field "port": invalid minimum
// "x": …`), place.field the pointer to the field in `fields`; kLimit where types nest or repeat
// beyond reason.
base::Result<value::Value> DocumentFromShorthand(const value::Value& fields,
                                                 const value::Value& types, base::Arena& arena);

}  // namespace openchoreo::schema
