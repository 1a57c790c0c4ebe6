// Values as Go's fmt prints them with %v, for upstream's messages and comparisons.
#pragma once

#include <string>

#include "common/base/budget.h"
#include "common/value/value.h"

namespace openchoreo::value {

// "text", "1e+06", "true", "<nil>", "[a b]", "map[a:1 b:2]"; bytes as decimal list; times and
// durations by their String methods.
// Once `budget` is spent the text ends where it is.
void AppendGoText(std::string& out, const Value& value, base::Budget& budget);
std::string GoText(const Value& value, base::Budget& budget);

}  // namespace openchoreo::value
