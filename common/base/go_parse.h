// Texts to numbers and booleans as Go's strconv reads them.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/result.h"

namespace openchoreo::base {

// strconv.ParseInt(text, 10, 64), also strconv.Atoi: an optional sign and digits, nothing else.
// Errors: kTemplate with Go's words, e.g. `strconv.ParseInt: parsing "x": invalid syntax`.
Result<std::int64_t> ParseGoInt(std::string_view text);

// ParseGoInt for callers that only ask whether it is one; no message is made.
bool IsGoInt(std::string_view text, std::int64_t& value);

// strconv.ParseFloat(text, 64): decimal or hexadecimal with p exponent, underscores refused, inf,
// nan.
Result<double> ParseGoFloat(std::string_view text);

// ParseGoFloat for callers that only ask whether it is one.
bool IsGoFloat(std::string_view text, double& value);

// strconv.ParseBool: 1 t T true TRUE True, 0 f F false FALSE False.
Result<bool> ParseGoBool(std::string_view text);

}  // namespace openchoreo::base
