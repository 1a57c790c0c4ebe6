// Writing a text that lies in pieces, without putting it together first.
#pragma once

#include <span>
#include <string_view>

namespace openchoreo::process {

// Writes all pieces, one after the other, to `descriptor`, many of them per call of the system.
// False once a write has failed; errno says why.
bool WritePieces(int descriptor, std::span<const std::string_view> pieces);

}  // namespace openchoreo::process
