// What a repository holds, made fit for a terminal, a log or a condition.
//
// Names, paths and texts of a repository are its author's. Shown raw, an escape sequence steers the
// operator's terminal, and a line break begins a line of its own: a workflow command of a CI system
// or a finding that nobody made. Whoever prints goes through here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace openchoreo::base {

// C0, C1, and what changes the direction of text or hides itself.
bool SteersTerminal(char32_t rune);

enum class LineBreaks : std::uint8_t {
  kEscape,      // "\n" becomes backslash and n: names, paths, values, hints
  kKeepQuoted,  // kept where the next line begins with " | " or "ERROR: ": messages, whose excerpts
                // of expressions look so; escaped elsewhere
  kKeep,        // kept: several findings that were made safe one by one
};

// `text` in one piece of valid UTF-8: tabs become a blank, line breaks as `breaks` says, carriage
// returns are escaped, and what else steers a terminal, or is no UTF-8, shows as U+FFFD.
std::string Printable(std::string_view text, LineBreaks breaks = LineBreaks::kEscape);

// `text` as people may see it, whoever wrote it: Printable, without secrets.
std::string Shown(std::string_view text, LineBreaks breaks = LineBreaks::kEscape);

// Another program's words for a message: every line of `text` quoted after "\n | ".
std::string QuotedLines(std::string_view text);

}  // namespace openchoreo::base
