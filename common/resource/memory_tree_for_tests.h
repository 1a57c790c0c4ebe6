// A tree of files written down in a test.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "common/source/plain_tree.h"

namespace openchoreo::resource {

class MemoryTree final : public source::PlainTree {
 public:
  using Texts = std::map<std::string, std::string, std::less<>>;

  explicit MemoryTree(const Texts& texts, std::string name = "")
      : PlainTree(Contents(texts), std::move(name)) {}

 private:
  static Files Contents(const Texts& texts) {
    Files files;
    for (const auto& [path, text] : texts) files[path] = std::make_shared<const std::string>(text);
    return files;
  }
};

}  // namespace openchoreo::resource
