// Values as YAML in the form kubectl and kustomize print: block style, two blanks, list items at
// their key's column, keys in byte order, strings quoted wherever some reader would see another
// type.
#pragma once

#include <cstddef>
#include <string>

#include "common/base/budget.h"
#include "common/value/value.h"

namespace openchoreo::emit {

// Appends `value` as one document without a "---" line, ending in a line feed; or, at another
// column, as lines of a document around it. False, with `out`
// undefined from there on, for what JSON cannot hold (see value::AppendJson), and once `budget` is
// spent, also by nesting beyond max_value_depth.
bool AppendYaml(std::string& out, const value::Value& value, base::Budget& budget,
                std::size_t column = 0);

}  // namespace openchoreo::emit
