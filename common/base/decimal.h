// Doubles as decimal text, as Go's strconv.FormatFloat writes them.
#pragma once

#include <string>

namespace openchoreo::base {

// 'f' with the shortest digits that round-trip: "1000000", "0.00001". Finite values only.
std::string ShortestFixed(double value);

// 'f' with `precision` digits after the point.
std::string Fixed(double value, int precision);

// 'e' with `precision` digits after the point and at least two of exponent: "1.50e+03".
std::string Scientific(double value, int precision);

}  // namespace openchoreo::base
