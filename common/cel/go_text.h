// Values in messages, as Go's %v and %T print those of cel-go.
#pragma once

#include <string>
#include <string_view>

#include "common/value/value.h"

namespace openchoreo::cel {

// %v
std::string GoText(const value::Value& value);

// %T: "types.Int", "*types.baseList", …
const char* RefTypeName(const value::Value& value);

}  // namespace openchoreo::cel
