// What Go's encoding/json says of text that is no JSON, or of a value that does not fit where it is
// decoded to, for upstream's messages.
#pragma once

#include <string>
#include <string_view>

#include "common/value/value.h"

namespace openchoreo::value {

// "unexpected end of JSON input", "invalid character 'x' after object key", …; "" for valid syntax.
std::string GoJsonSyntaxError(std::string_view text);

// The JSON kind of a value as Go's errors call it: object, array, number, string, bool; <nil> for
// null.
std::string_view GoJsonKind(const Value& value);

// "json: cannot unmarshal string into Go value of type map[string]interface {}", for a value that
// is decoded to a map; "" if it is one, or null.
std::string GoMapError(const Value& value);

}  // namespace openchoreo::value
