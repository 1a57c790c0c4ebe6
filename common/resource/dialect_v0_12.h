// Older shapes into the v1.x model where that loses nothing: the table in dialect.h, kind by kind.
#pragma once

#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/names/kind.h"
#include "common/value/value.h"

namespace openchoreo::resource {

// `root` has passed the rules of its kind in dialect kV012. Shares with it what stays.
value::Value ToV1Model(names::Kind kind, const value::Value& root, base::Arena& arena);

// Where a node of the result stood in `root`'s file: the pointer as written for one below the
// result.
std::string PointerAsWritten(names::Kind kind, const value::Value& root, std::string_view pointer);

}  // namespace openchoreo::resource
