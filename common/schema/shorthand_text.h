// The text level of the old shorthand: "type | key=value key='…'". Follows openchoreo
// internal/schema/extractor at v0.12.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// The tokens of a constraint expression: separated by white space outside of quotes, {} and [].
std::vector<std::string_view> Tokens(std::string_view constraints);

// The parts of an enum: commas inside of double quotes do not separate; empty parts are left out.
std::vector<std::string_view> CommaList(std::string_view text);

// Without surrounding quotes: "…" by Go's rules (as it is where they are broken), '…' with '' for
// '.
std::string Unquoted(std::string_view text);

// A default or enum text as a value of `type` ("string", "integer", …). Errors: kSchema with Go's
// words.
base::Result<value::Value> ParseTyped(std::string_view text, std::string_view type,
                                      base::Arena& arena);

// An example: JSON, a boolean, a number, else the text itself. Errors: kSchema, for broken JSON.
base::Result<value::Value> ParseUntyped(std::string_view text, base::Arena& arena);

}  // namespace openchoreo::schema
