// Every error of a value against its shape, in the API server's words and order. Only walked once
// something is known to be wrong. Within an object, fields are visited by name (the API server's
// order is random there).
#pragma once

#include "common/admission/field_error.h"
#include "common/admission/field_path.h"
#include "common/admission/shape.h"
#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::admission {

// Types, required fields, enums, patterns, limits.
void CheckSchema(const value::Value& value, const Shape& shape, const FieldPath& path,
                 FieldErrors& errors);

// x-kubernetes-list-type set and map.
void CheckLists(const value::Value& value, const Shape& shape, const FieldPath& path,
                FieldErrors& errors);

// x-kubernetes-validations.
void CheckRules(const value::Value& value, const Shape& shape, const FieldPath& path,
                base::Arena& scratch, FieldErrors& errors);

// Whether a list of list type set or map holds an item twice, or one that has no place in it.
bool HasDuplicates(const value::Value& list, const Shape& shape);

}  // namespace openchoreo::admission
