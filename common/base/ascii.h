// ASCII letters of identifiers: kinds, file endings.
#pragma once

#include <string>
#include <string_view>

namespace openchoreo::base {

// `text` with A–Z as a–z; all other bytes as they are.
inline std::string AsciiLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

}  // namespace openchoreo::base
