// Shapes of the bindings' status.
#pragma once

#include "common/admission/shape.h"

namespace openchoreo::admission {

// nullptr: a kind whose status nobody here writes.
const Shape* StatusShape(names::Kind kind);

}  // namespace openchoreo::admission
