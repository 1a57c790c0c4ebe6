// Inlining of '#/$defs/Name'. Follows openchoreo internal/schema/ref_resolver.go.
#pragma once

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// `root` (a map) with every $ref replaced by its definition, siblings of the $ref over it, and
// $defs gone. Shares what did not change. Errors: kSchema with upstream's text; kLimit when the
// result grows too large (definitions that repeat each other double with every level).
base::Result<value::Value> ResolveRefs(const value::Value& root, base::Arena& arena);

}  // namespace openchoreo::schema
