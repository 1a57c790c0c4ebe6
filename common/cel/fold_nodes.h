// The loops that macros stand for. Each behaves as cel-go's fold over the macro's expansion would,
// errors and their order included; none needs an accumulator variable.
#pragma once

#include "common/cel/node.h"

namespace openchoreo::cel {

// What all loops share. Variables are locals; `variable2` is unused unless `two`.
struct Loop {
  const Node* range;
  const Node* filter;  // nullptr: every element
  const Node* body;
  std::uint32_t variable;
  std::uint32_t variable2;
  bool two;
  std::uint32_t cost;  // steps of one turn
};

// all (kDecides false: a false ends it) and exists (true).
template <bool kDecides>
class QuantifierNode final : public Node {
 public:
  explicit QuantifierNode(const Loop& loop) : loop_(loop) {}

  value::Value Eval(Frame& frame) const override;

 private:
  Loop loop_;
};

using AllNode = QuantifierNode<false>;
using ExistsNode = QuantifierNode<true>;

class ExistsOneNode final : public Node {
 public:
  explicit ExistsOneNode(const Loop& loop) : loop_(loop) {}

  value::Value Eval(Frame& frame) const override;

 private:
  Loop loop_;
};

// map, filter, transformList
class ListFoldNode final : public Node {
 public:
  explicit ListFoldNode(const Loop& loop) : loop_(loop) {}

  value::Value Eval(Frame& frame) const override;

 private:
  Loop loop_;
};

// transformMap, and transformMapEntry (`entries`: the body gives a map)
class MapFoldNode final : public Node {
 public:
  MapFoldNode(const Loop& loop, bool entries) : loop_(loop), entries_(entries) {}

  value::Value Eval(Frame& frame) const override;

 private:
  Loop loop_;
  bool entries_;
};

// A value under a name: sortBy.
class BindNode final : public Node {
 public:
  BindNode(const Node* bound, std::uint32_t variable, const Node* body)
      : bound_(bound), variable_(variable), body_(body) {}

  value::Value Eval(Frame& frame) const override;

 private:
  const Node* bound_;
  std::uint32_t variable_;
  const Node* body_;
};

// optMap, and optFlatMap (`flat`: the body gives an optional)
class OptionalMapNode final : public Node {
 public:
  OptionalMapNode(const Node* target, std::uint32_t variable, const Node* body, bool flat)
      : target_(target), variable_(variable), body_(body), flat_(flat) {}

  value::Value Eval(Frame& frame) const override;

 private:
  const Node* target_;
  std::uint32_t variable_;
  const Node* body_;
  bool flat_;
};

}  // namespace openchoreo::cel
