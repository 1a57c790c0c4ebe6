// One document's nodes with the places they were written at.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/yaml/event_stream.h"

namespace openchoreo::yaml {

inline constexpr std::uint32_t kNoNode = 0xffffffff;

struct MarkedNode {
  EventType type = EventType::kScalar;  // kScalar, kAlias, kListStart or kMapStart
  ScalarStyle style = ScalarStyle::kPlain;
  bool flow = false;
  bool merge_key = false;
  std::string_view text;  // decoded scalar
  std::string_view key;   // of a scalar that stands as a key
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t target = kNoNode;  // of an alias
  std::uint32_t next = kNoNode;    // sibling
  std::uint32_t first = kNoNode;   // child; a map's children are key, value, key, value …
  std::uint32_t last = kNoNode;
};

// The nodes of one document with their places. Aliases stay references, so the tree is no larger
// than the text.
class MarkedTree {
 public:
  explicit MarkedTree(std::string_view text) : text_(text) { Read(); }

  struct Found {
    std::uint32_t node = kNoNode;
    std::uint32_t key = kNoNode;  // of a map entry
    bool exact = false;
  };

  Found Find(std::string_view pointer) const;

  const MarkedNode& at(std::uint32_t node) const { return nodes_[node]; }

  std::uint32_t Resolve(std::uint32_t node) const {
    return nodes_[node].type == EventType::kAlias && nodes_[node].target != kNoNode
               ? nodes_[node].target
               : node;
  }

 private:
  void Read();
  void Append(std::uint32_t parent, std::uint32_t node);
  bool FindKey(std::uint32_t map, std::string_view key, Found& found, int& budget) const;

  std::string_view text_;
  base::Arena arena_;
  std::vector<MarkedNode> nodes_;
};

}  // namespace openchoreo::yaml
