// The text k8s.io/utils/dump.ForHash prints for decoded JSON (spew's "%#v" with sorted keys), from
// which OpenChoreo derives its hashes: "(map[string]interface {})map[a:(float64)1 b:(string)x]".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/base/budget.h"
#include "common/value/value.h"

namespace openchoreo::value {

// The text of `value` held in an interface: its Go type in parentheses, then the value.
// All three are worthless once `budget` is spent.
void AppendGoDump(std::string& out, const Value& value, base::Budget& budget);

// FNV-1a (32 bits) of the text of `maps` as a []map[string]interface {}, without the entries named
// `left_out`. The text is never built.
std::uint32_t HashGoDump(std::span<const Value> maps, std::string_view left_out,
                         base::Budget& budget);

// That text itself, for tests and explanations.
std::string GoDump(std::span<const Value> maps, std::string_view left_out, base::Budget& budget);

}  // namespace openchoreo::value
