// Patches on one object: JSON Patch with array filters. Follows openchoreo internal/patch.
#pragma once

#include <span>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::patch {

struct Operation {
  std::string_view op;    // add, replace, remove (mergeShallow through eval only); case-insensitive
  std::string_view path;  // RFC 6901 with [n], [-], [*] and [?(@.a.b=='v')]
  value::Value value;     // null where absent
};

// `target` (a map) with the operations applied in order. Shares what did not change with `target`
// and the operations (values and paths); nothing is modified. Everything new lives in `arena`.
// Errors: kPatch with upstream's text ("operation #1 failed: …"); kLimit for a path with more
// segments than limits.max_depth, or once the budget of `arena` is spent.
base::Result<value::Value> Apply(const value::Value& target, std::span<const Operation> operations,
                                 base::Arena& arena, const base::RenderLimits& limits = {});

}  // namespace openchoreo::patch
