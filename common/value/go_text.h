// Values as Go's fmt prints them with %v, for upstream's messages and comparisons.
#pragma once

#include <string>

#include "common/value/value.h"

namespace openchoreo::value {

// "text", "1e+06", "true", "<nil>", "[a b]", "map[a:1 b:2]"; bytes as decimal list; times and
// durations by their String methods.
void AppendGoText(std::string& out, const Value& value);
std::string GoText(const Value& value);

}  // namespace openchoreo::value
