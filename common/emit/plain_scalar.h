// Which texts may stand in YAML without quotes.
#pragma once

#include <cstdint>
#include <string_view>

namespace openchoreo::emit {

enum class ScalarStyle : std::uint8_t {
  kPlain,
  kSingleQuoted,
  kDoubleQuoted,  // the text reads as another type without quotes, or needs escapes
  kLiteral,       // several lines, `|`
};

// The style in which `text` reads back as the same string with every reader: YAML 1.1 and 1.2, both
// go-yaml families, libyaml. Prefers plain, then quotes.
ScalarStyle StyleOf(std::string_view text);

}  // namespace openchoreo::emit
