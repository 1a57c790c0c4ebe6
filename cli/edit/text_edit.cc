#include "cli/edit/text_edit.h"

#include <algorithm>

namespace openchoreo::edit {

std::string Apply(std::string_view text, std::vector<TextEdit> edits) {
  std::sort(edits.begin(), edits.end(),
            [](const TextEdit& a, const TextEdit& b) { return a.begin < b.begin; });
  std::string result;
  std::size_t at = 0;
  for (const TextEdit& edit : edits) {
    result += text.substr(at, edit.begin - at);
    result += edit.replacement;
    at = edit.end;
  }
  result += text.substr(at);
  return result;
}

std::size_t LineBegin(std::string_view text, std::size_t at) {
  const std::size_t feed = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return feed == std::string_view::npos ? 0 : feed + 1;
}

std::size_t NextLine(std::string_view text, std::size_t at) {
  const std::size_t feed = text.find('\n', at);
  return feed == std::string_view::npos ? text.size() : feed + 1;
}

std::size_t Column(std::string_view text, std::size_t at) { return at - LineBegin(text, at); }

std::string Shift(std::string_view block, int columns) {
  std::string result;
  while (!block.empty()) {
    const std::size_t next = NextLine(block, 0);
    std::string_view line = block.substr(0, next);
    block.remove_prefix(next);
    const bool blank = line.find_first_not_of(" \r\n") == std::string_view::npos;
    if (columns > 0 && !blank) result.append(static_cast<std::size_t>(columns), ' ');
    if (columns < 0) {
      const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
      line.remove_prefix(std::min(indent, static_cast<std::size_t>(-columns)));
    }
    result += line;
  }
  return result;
}

}  // namespace openchoreo::edit
