// A walk that nothing bounds; see common/value/unbudgeted.h.
#pragma once

#include <cstddef>
#include <string>

#include "common/emit/yaml_writer.h"

namespace openchoreo::emit {

// As the one that takes a budget.
inline bool AppendYaml(std::string& out, const value::Value& value, std::size_t column = 0) {
  base::Budget unbounded;
  return AppendYaml(out, value, unbounded, column);
}

}  // namespace openchoreo::emit
