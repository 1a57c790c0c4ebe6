// Edits of a YAML text by byte range, and the moves of whole blocks that keep their formatting.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace openchoreo::edit {

struct TextEdit {
  std::size_t begin;
  std::size_t end;
  std::string replacement;
};

// `edits` must not overlap; their order does not matter.
std::string Apply(std::string_view text, std::vector<TextEdit> edits);

// Begin of the line that holds byte `at`, and of the line behind it (text.size() for the last).
std::size_t LineBegin(std::string_view text, std::size_t at);
std::size_t NextLine(std::string_view text, std::size_t at);

// Columns (bytes) of `at` from its line's begin.
std::size_t Column(std::string_view text, std::size_t at);

// `block` (whole lines) with every line that is not blank moved by `columns`, left if negative.
std::string Shift(std::string_view block, int columns);

}  // namespace openchoreo::edit
