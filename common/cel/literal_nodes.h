// List and map literals.
#pragma once

#include <span>
#include <vector>

#include "common/cel/node.h"

namespace openchoreo::cel {

class ListNode final : public Node {
 public:
  // `optionals` says of each element whether it is [?e]; nullptr if none is.
  ListNode(std::span<const Node* const> elements, const bool* optionals)
      : elements_(elements), optionals_(optionals) {}

  value::Value Eval(Frame& frame) const override;

 private:
  std::span<const Node* const> elements_;
  const bool* optionals_;
};

class MapNode final : public Node {
 public:
  MapNode(std::span<const Node* const> keys_and_values, const bool* optionals)
      : keys_and_values_(keys_and_values), optionals_(optionals) {}

  value::Value Eval(Frame& frame) const override;

 private:
  std::span<const Node* const> keys_and_values_;
  const bool* optionals_;
};

// A map literal whose keys are different constant strings: their order is known beforehand.
class RecordNode final : public Node {
 public:
  // Field i of the source has `keys[i]`, `values[i]` and comes at position `ranks[i]` of the map.
  RecordNode(std::span<const value::Value> keys, std::span<const Node* const> values,
             std::span<const std::uint32_t> ranks)
      : keys_(keys), values_(values), ranks_(ranks) {}

  value::Value Eval(Frame& frame) const override;

 private:
  std::span<const value::Value> keys_;
  std::span<const Node* const> values_;
  std::span<const std::uint32_t> ranks_;
};

// Where each of these strings comes when they are sorted; empty if two are the same.
std::vector<std::uint32_t> RanksOfDistinct(std::span<const value::Value> keys);

}  // namespace openchoreo::cel
