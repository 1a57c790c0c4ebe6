// How far two words are apart, for "did you mean".
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace openchoreo::base {

// How many letters have to be changed, added or taken out to make `b` of `a`; at most `limit` + 1.
// Words over 64 bytes count as far apart.
std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace openchoreo::base
