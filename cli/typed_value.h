// Values with their CEL types as JSON: {"int": "5"}, {"list": [...]}, {"timestamp": "..."}: the
// form that `eval` reads and writes (docs: conformance FORMAT).
#pragma once

#include <optional>
#include <string>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::cli {

// Nothing if `json` is no typed value.
std::optional<value::Value> ReadTypedValue(const value::Value& json, base::Arena& arena);

// Appends `value` as JSON text; worthless once `budget` is spent.
void AppendTypedValue(std::string& out, const value::Value& value, base::Budget& budget);

}  // namespace openchoreo::cli
