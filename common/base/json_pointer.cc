#include "common/base/json_pointer.h"

namespace openchoreo::base {

void AppendPointerSegment(std::string& pointer, std::string_view segment) {
  for (const char c : segment) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

void AppendPointerText(std::string& text, std::string_view segment) {
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] == '~' && i + 1 < segment.size()) {
      text += segment[++i] == '1' ? '/' : '~';
    } else {
      text += segment[i];
    }
  }
}

std::string PointerText(std::string_view segment) {
  std::string text;
  AppendPointerText(text, segment);
  return text;
}

}  // namespace openchoreo::base
