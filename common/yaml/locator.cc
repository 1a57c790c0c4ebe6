#include "common/yaml/locator.h"

#include <algorithm>

#include "common/base/utf8.h"
#include "common/yaml/scalar_text.h"

namespace openchoreo::yaml {

const SyntaxTree& Locator::TreeOf(std::uint32_t document) {
  if (!tree_ || tree_document_ != document) {
    const DocumentRange range = (*ranges_)[document];
    tree_ = std::make_unique<SyntaxTree>(text_.substr(range.begin, range.end - range.begin));
    tree_document_ = document;
  }
  return *tree_;
}

Location Locator::At(std::size_t begin, std::size_t end, bool exact) {
  Location location;
  location.begin = static_cast<std::uint32_t>(std::min(begin, text_.size()));
  location.end = static_cast<std::uint32_t>(std::min(std::max(begin, end), text_.size()));
  location.exact = exact;
  if (location.begin < counted_) {
    counted_ = 0;
    line_ = 1;
  }
  const std::string_view passed = text_.substr(counted_, location.begin - counted_);
  line_ += static_cast<std::uint32_t>(std::count(passed.begin(), passed.end(), '\n'));
  counted_ = location.begin;
  location.line = line_;
  const std::string_view before = text_.substr(0, location.begin);
  std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  if (line_begin == 0 && before.starts_with("\xef\xbb\xbf")) line_begin = 3;
  location.column = static_cast<std::uint32_t>(base::CountRunes(before.substr(line_begin))) + 1;
  return location;
}

Location Locator::Find(const base::Place& place) {
  if (place.byte_offset >= 0) {
    const auto begin = static_cast<std::size_t>(place.byte_offset);
    return At(begin, begin + 1, true);
  }
  if (!ranges_) ranges_ = SplitDocuments(text_);
  if (place.document >= ranges_->size()) return At(0, 0, false);
  const DocumentRange range = (*ranges_)[place.document];
  const auto [node, key, exact] = TreeOf(place.document).Find(place.field);
  if (!node) return At(range.begin, range.begin, false);

  if (exact && place.text_end > place.text_begin) {
    const SyntaxTree::Node scalar = node.Resolved();
    if (scalar.is_scalar()) {
      const std::size_t base = range.begin + scalar.begin();
      const auto written =
          FindSourceRange(text_.substr(base, scalar.end() - scalar.begin()), scalar.style(),
                          scalar.text(), place.text_begin, place.text_end);
      if (written) return At(base + written->begin, base + written->end, true);
    }
  }
  // A block list or map, and a value left out, has no text of its own to show: its key stands for
  // it.
  const bool collection = node.is_list() || node.is_map();
  const bool shows_key = key && ((collection && !node.flow()) || node.begin() == node.end());
  const SyntaxTree::Node& shown = shows_key ? key : node;
  const bool whole = exact && place.text_end <= place.text_begin;
  return At(range.begin + shown.begin(), range.begin + shown.end(), whole);
}

Location Locate(std::string_view text, const base::Place& place) {
  return Locator(text).Find(place);
}

}  // namespace openchoreo::yaml
