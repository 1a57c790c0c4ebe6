// Walks that nothing bounds, for what a reader of texts has bounded or a program has put together:
// never for what an expression may have made. Whose values those are, and why that holds, is told
// for each file that includes this by test/architecture/check_walks.py, which refuses all others.
#pragma once

#include <string>

#include "common/value/json_writer.h"
#include "common/value/value.h"
#include "common/value/value_hash.h"

namespace openchoreo::value {

// As those of the same name that take a budget.
bool AppendJson(std::string& out, const Value& value, HtmlEscape escape = HtmlEscape::kOff);
std::string ToJson(const Value& value, HtmlEscape escape = HtmlEscape::kOff);
std::string GoText(const Value& value);
ContentHash HashValue(const Value& value);
bool JsonEquals(const Value& a, const Value& b);

}  // namespace openchoreo::value
