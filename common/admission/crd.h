// The CRDs of OpenChoreo's kinds, made from the tables that admission works by: for clusters where
// OpenChoreo has none. The same group, version and names as its own; what the API server stores
// under them is what it would store under OpenChoreo's. Differs: fields that OpenChoreo makes
// immutable may change, since a tree is the truth here.
#pragma once

#include <optional>

#include "common/base/arena.h"
#include "common/names/kind.h"
#include "common/value/value.h"

namespace openchoreo::admission {

// The CustomResourceDefinition of `kind`. Without a dialect it takes both: what they have in common
// is checked as they check it, what only one has is allowed. Columns of the bindings: Project,
// Component or Resource, Environment, Ready, Reason, Release, Age. The status of the bindings has
// its fields, that of other kinds takes anything. Lives in `arena` and in constants.
value::Value MakeCrd(names::Kind kind, std::optional<names::Dialect> dialect, base::Arena& arena);

// Whether the dialect has the kind at all.
bool HasKind(names::Dialect dialect, names::Kind kind);

}  // namespace openchoreo::admission
