// metadata of a resource: which fields it has, and what the API server asks of names, labels and
// annotations. Follows k8s.io/apimachinery api/validation/objectmeta.go and util/validation.
#pragma once

#include "common/admission/field_error.h"
#include "common/admission/shape.h"
#include "common/value/value.h"

namespace openchoreo::admission {

// The fields of ObjectMeta; others are pruned.
const Shape& MetadataShape();

// Appends what is wrong with `metadata`, an object of MetadataShape (or null).
void CheckMetadata(const value::Value& metadata, bool cluster_scoped, FieldErrors& errors);

}  // namespace openchoreo::admission
