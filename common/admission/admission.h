// What the API server does with one resource on create: defaulting, pruning, dropping of nulls and
// status, then validation. One walk over the value; nothing is copied where nothing changes, and no
// text is made unless something is wrong. Follows k8s.io/apiextensions-apiserver
// (schema/defaulting, schema/pruning, apiserver/validation, schema/listtype, schema/cel,
// registry/customresource/strategy.go).
#pragma once

#include <string>
#include <vector>

#include "common/admission/field_error.h"
#include "common/admission/shape.h"
#include "common/base/arena.h"
#include "common/names/kind.h"
#include "common/value/value.h"

namespace openchoreo::admission {

struct PrunedField {
  std::string path;        // "spec.containr"
  std::string pointer;     // "/spec/containr"
  std::string_view meant;  // the field with a similar name that is not there yet; "" if none is
};

struct Admission {
  value::Value root;                // as stored: a map with apiVersion, kind, metadata, spec
  std::vector<PrunedField> pruned;  // in document order of keys
  // Why it is refused: the text after `<Kind> "<name>" is invalid: `; "" if it is not.
  std::string invalid;
  std::string invalid_pointer;  // the first field it names
  // Required fields that are missing but that rendering has no use for, of an object that is not
  // refused.
  FieldErrors unread;
  // A Workload's spec.owner is missing; nothing else is wrong.
  bool lacks_owner = false;
};

// `root` must be a map. What is new is in `arena`; the rest is shared with `root`.
Admission Admit(const value::Value& root, names::Kind kind, const KindRules& rules,
                base::Arena& arena);

}  // namespace openchoreo::admission
