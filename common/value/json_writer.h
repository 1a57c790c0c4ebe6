// Compact JSON as Go's encoding/json writes it: keys sorted, shortest numbers.
#pragma once

#include <string>

#include "common/base/budget.h"
#include "common/value/value.h"

namespace openchoreo::value {

enum class HtmlEscape : bool {
  kOff,
  kOn
};  // On: '<', '>', '&', U+2028, U+2029 as \u escapes (json.Marshal)

// Appends `value`. False, with `out` undefined from there on, for what JSON cannot hold (NaN,
// infinities), and once `budget` is spent. Bytes are base64; timestamps RFC 3339; durations integer
// nanoseconds; omit is {}; an empty optional null.
bool AppendJson(std::string& out, const Value& value, base::Budget& budget,
                HtmlEscape escape = HtmlEscape::kOff);

// AppendJson into a new string; "" if it cannot be written.
std::string ToJson(const Value& value, base::Budget& budget, HtmlEscape escape = HtmlEscape::kOff);

void AppendJsonString(std::string& out, std::string_view text,
                      HtmlEscape escape = HtmlEscape::kOff);

// Of any text: ends where it is once `budget` is spent.
void AppendJsonString(std::string& out, std::string_view text, base::Budget& budget,
                      HtmlEscape escape = HtmlEscape::kOff);

// RFC 3339 with the zone the timestamp carries, trailing zeros of the fraction trimmed (Go
// RFC3339Nano).
void AppendRfc3339(std::string& out, const Value& timestamp);

}  // namespace openchoreo::value
