// What a schema document must not have to be a Kubernetes structural schema.
// Follows NewStructural of k8s.io/apiextensions-apiserver pkg/apiserver/schema/convert.go.
#pragma once

#include "common/base/budget.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// `document` must have passed CheckDocument. Errors: kSchema with upstream's text ("OpenAPIV3Schema
// 'patternProperties' is not supported"); place.field is the pointer to the offending schema.
// kLimit once `budget` is spent.
base::Result<bool> CheckStructural(const value::Value& document, base::Budget& budget);

}  // namespace openchoreo::schema
