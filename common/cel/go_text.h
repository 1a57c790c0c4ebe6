// Values in messages, as Go's %v and %T print those of cel-go.
#pragma once

#include <string>
#include <string_view>

#include "common/value/value.h"

namespace openchoreo::cel {

// %v. Once `budget` is spent the text ends where it is.
std::string GoText(const value::Value& value, base::Budget& budget);

// The %v of a type of that name: lists and maps with their parameters.
std::string TypeNameText(std::string_view name);

// %T: "types.Int", "*types.baseList", …
const char* RefTypeName(const value::Value& value);

}  // namespace openchoreo::cel
