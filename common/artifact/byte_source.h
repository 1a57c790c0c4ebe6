// Bytes that arrive in pieces.
#pragma once

#include <functional>
#include <string_view>

#include "common/base/result.h"

namespace openchoreo::artifact {

// Gives the next piece, or an empty view at the end. The piece must stay valid until the next call.
// An error ends the reading and is returned unchanged.
using ByteSource = std::function<base::Result<std::string_view>()>;

}  // namespace openchoreo::artifact
