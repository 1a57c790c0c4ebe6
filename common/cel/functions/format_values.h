// What the two string.format functions share.
#pragma once

#include <string>

#include "common/cel/format_string.h"
#include "common/cel/frame.h"
#include "common/value/value.h"

namespace openchoreo::cel {

// An int or uint in base 2, 8, 10 or 16.
std::string IntegerText(const value::Value& value, int base);

// Appends what %s writes alike in both of them: null, bools, integers, strings, types, durations
// and times. False, with nothing appended, for other values.
bool AppendPlainText(std::string& out, const value::Value& value);

// An int, uint, string or bytes in hexadecimal digits.
std::string HexText(const value::Value& value, bool upper);

// Writes one clause; an error text, or "".
using ClauseWriter = std::string (*)(Frame& frame, std::string& out, const FormatClause& clause,
                                     const value::Value& value);

// string.format of arguments[0] with the list arguments[1].
value::Value FormatWith(Frame& frame, const value::Value* arguments, ClauseWriter append_clause);

}  // namespace openchoreo::cel
