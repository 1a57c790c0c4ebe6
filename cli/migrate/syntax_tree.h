// A YAML document as written: nodes with the bytes they stand in, for edits that leave all else as
// it is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace openchoreo::migrate {

struct Node {
  enum class Kind : std::uint8_t { kScalar, kList, kMap, kAlias };

  Kind kind = Kind::kScalar;
  bool flow = false;  // a collection in flow style
  bool block_scalar = false;
  bool resolvable = false;  // a plain scalar: may be a number, a boolean, null
  std::size_t begin = 0;    // bytes of the text, anchors and tags left out
  std::size_t end = 0;      // behind the last byte of content, no trailing line feed
  std::string text;         // of a scalar, decoded
  std::vector<std::pair<Node, Node>> entries;  // of a map, in order
  std::vector<Node> items;                     // of a list

  bool is_map() const { return kind == Kind::kMap; }

  bool is_list() const { return kind == Kind::kList; }

  bool is_scalar() const { return kind == Kind::kScalar; }

  // The key and value of a map's entry; nullptr if this is no map or has no such key.
  const std::pair<Node, Node>* Entry(std::string_view key) const;
  const Node* Find(std::string_view key) const;
};

// `text` is one document (yaml::SplitDocuments). Errors: kYamlSyntax; kYamlLimit beyond 100 levels.
base::Result<Node> ParseSyntax(std::string_view text);

}  // namespace openchoreo::migrate
