// What Go's encoding/json says of text that is no JSON, for upstream's messages.
#pragma once

#include <string>
#include <string_view>

namespace openchoreo::value {

// "unexpected end of JSON input", "invalid character 'x' after object key", …; "" for valid syntax.
std::string GoJsonSyntaxError(std::string_view text);

}  // namespace openchoreo::value
