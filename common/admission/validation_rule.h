// The x-kubernetes-validations of OpenChoreo's CRDs as predicates. Each is one CEL expression
// there.
#pragma once

#include <string_view>

#include "common/admission/shape.h"
#include "common/value/value.h"

namespace openchoreo::admission {

// What the API server says when the rule is false.
std::string_view MessageOf(ValidationRule rule);

// The CEL text of the rule, for the test against the CRDs.
std::string_view ExpressionOf(ValidationRule rule);

// Whether the rule holds for `self`, an object or map of the right shape. Any other value is safe
// to give; what it answers then does not matter, since rules are not reported for objects with
// errors of shape.
bool Holds(ValidationRule rule, const value::Value& self);

}  // namespace openchoreo::admission
