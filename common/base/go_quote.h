// Text as Go's strconv.Quote prints it (fmt's %q), for upstream's messages.
#pragma once

#include <string>
#include <string_view>

namespace openchoreo::base {

// Double quotes around `text`; control and other unprintable characters, quotes and backslashes
// escaped.
std::string GoQuote(std::string_view text);

}  // namespace openchoreo::base
