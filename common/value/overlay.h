// One map laid over another.
#pragma once

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::value {

// The entries of both maps (string keys), those of `over` where both have a key. What they point to
// is shared. Once the budget of `arena` is spent: `map`.
Value Overlaid(base::Arena& arena, const Value& map, const Value& over);

}  // namespace openchoreo::value
