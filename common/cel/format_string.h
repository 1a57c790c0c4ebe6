// The format strings of string.format: "%s", "%d", "%.3f", "%e", "%x", "%X", "%o", "%b", "%%".
// Follows cel-go ext/formatting_v2.go.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "common/cel/program.h"

namespace openchoreo::cel {

struct FormatClause {
  char verb = 0;  // one of sdfexXob
  int precision = 6;
};

// Walks a format string. `clause(FormatClause, index)` handles one clause and returns an error
// text, or ""; `literal(text)` gets what stands between. Returns the error that ends the walk, or
// "".
template <typename Literal, typename Clause>
std::string WalkFormat(std::string_view format, std::size_t argument_count, Literal literal,
                       Clause clause);

// Reads one clause after its '%' from the front of `rest`, and takes it off.
std::string ReadClause(std::string_view& rest, FormatClause& clause);

template <typename Literal, typename Clause>
std::string WalkFormat(std::string_view format, std::size_t argument_count, Literal literal,
                       Clause clause) {
  std::size_t index = 0;
  while (!format.empty()) {
    const std::size_t percent = std::min(format.find('%'), format.size());
    if (percent > 0) literal(format.substr(0, percent));
    format.remove_prefix(percent);
    if (format.empty()) break;
    if (format.size() > 1 && format[1] == '%') {
      literal(std::string_view("%"));
      format.remove_prefix(2);
      continue;
    }
    if (index >= argument_count) return "index " + std::to_string(index) + " out of range";
    if (format.size() == 1) return "unexpected end of string";
    format.remove_prefix(1);
    FormatClause parsed;
    std::string error = ReadClause(format, parsed);
    if (!error.empty()) return "could not parse formatting clause: " + error;
    error = clause(parsed, index++);
    if (!error.empty()) return "error during formatting: " + error;
  }
  return "";
}

// What is wrong with a value of type `type` in a clause `verb`.
std::string ClauseError(char verb, StringFormat rules, std::string_view type);

}  // namespace openchoreo::cel
