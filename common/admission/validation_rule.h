// The x-kubernetes-validations of OpenChoreo's CRDs, evaluated by our own CEL engine.
#pragma once

#include <string>
#include <string_view>

#include "common/admission/shape.h"
#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::admission {

// What the API server says when the rule is false.
std::string_view MessageOf(ValidationRule rule);

// The CEL text of the rule, as the CRD has it.
std::string_view ExpressionOf(ValidationRule rule);

// "" if the rule holds for `self`, else what the API server says. Where `self` is of the wrong
// shape it may say anything: rules are not reported for objects with errors of shape. Thread-safe;
// a rule is compiled when first asked for. `scratch` is forgotten.
std::string BrokenRule(ValidationRule rule, const value::Value& self, base::Arena& scratch);

}  // namespace openchoreo::admission
