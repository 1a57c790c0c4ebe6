// Telling the dialect of one resource by its fields, before its rules are applied.
#pragma once

#include <string>
#include <string_view>

#include "common/names/kind.h"
#include "common/value/value.h"

namespace openchoreo::resource {

struct Recognition {
  names::Dialect dialect = names::Dialect::kV1;
  // JSON pointer of the field that told; "" if none does.
  std::string evidence;
  // The two fields that contradict each other, as pointers; both "" if none do.
  std::string old_field, new_field;

  bool conflict() const { return !new_field.empty(); }
};

// `root` is a map as read.
Recognition Recognise(names::Kind kind, const value::Value& root);

}  // namespace openchoreo::resource
