// One line of a file with a caret under a range of it, for terminals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace openchoreo::resource {

// Two lines:
//   "   12 |   image: ${x}"
//   "      |          ^~~~"
// The range is bytes [begin, end) of `text`, cut at the end of its first line. Tabs become four
// blanks, wide characters count two columns, control and direction characters show as U+FFFD. At
// most 160 columns of the line are shown, with "…" for what is cut.
std::string RenderSourceLine(std::string_view text, std::size_t begin, std::size_t end,
                             std::uint32_t line);

// `text` with control and direction characters (but for line feeds) replaced, so that what a
// repository holds cannot steer a terminal.
std::string SafeForTerminal(std::string_view text);

}  // namespace openchoreo::resource
