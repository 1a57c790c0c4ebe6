// Places of one text, for whoever asks for many: what was found out about the text is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/yaml/reader.h"
#include "common/yaml/syntax_tree.h"

namespace openchoreo::yaml {

// As Locate (reader.h), each document read once for places that follow one another in the text.
// `text` must outlive it. Not thread-safe.
class Locator {
 public:
  explicit Locator(std::string_view text) : text_(text) {}

  Location Find(const base::Place& place);

 private:
  Location At(std::size_t begin, std::size_t end, bool exact);
  const SyntaxTree& TreeOf(std::uint32_t document);

  std::string_view text_;
  std::optional<std::vector<DocumentRange>> ranges_;
  std::unique_ptr<SyntaxTree> tree_;
  std::uint32_t tree_document_ = 0;
  std::size_t counted_ = 0;  // bytes whose lines are counted
  std::uint32_t line_ = 1;   // of that byte
};

}  // namespace openchoreo::yaml
