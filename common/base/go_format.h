// Numbers as Go prints them: fmt's %g (templates, %v) and encoding/json.
#pragma once

#include <cstdint>
#include <string>

namespace openchoreo::base {

// fmt.Sprintf("%g", d) and "%v": the shortest digits that round-trip, exponent form (sign, at least
// two exponent digits) iff the decimal exponent is < -4 or >= 6: 999999, 1e+06, 0.0001, 1e-05. NaN,
// +Inf, -Inf.
std::string FormatG(double value);
void AppendG(std::string& out, double value);

// encoding/json: shortest digits; 'f' unless |x| < 1e-6 or >= 1e21, then exponent without a leading
// zero (1e-7, 1e+21). The value must be finite.
void AppendJsonNumber(std::string& out, double value);

void AppendInt(std::string& out, std::int64_t value);
void AppendUint(std::string& out, std::uint64_t value);

}  // namespace openchoreo::base
