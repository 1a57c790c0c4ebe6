// One line of a file with a caret under a range of it, for terminals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/secret.h"

namespace openchoreo::resource {

// Two lines:
//   "   12 |   image: ${x}"
//   "      |          ^~~~"
// The range is bytes [begin, end) of `text`, cut at the end of its first line. Tabs become four
// blanks, wide characters count two columns, control and direction characters show as U+FFFD. At
// most 160 columns of the line are shown, with "…" for what is cut.
// `hidden` are ranges of `text`, sorted: their characters show as "*".
std::string RenderSourceLine(std::string_view text, std::size_t begin, std::size_t end,
                             std::uint32_t line, const base::TextRanges& hidden = {});

}  // namespace openchoreo::resource
