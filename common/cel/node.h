// What runs: a tree of nodes, each computing one value. Immutable after planning, shared by
// threads, owned by the program's arena.
#pragma once

#include "common/cel/frame.h"

namespace openchoreo::cel {

class AttributeNode;
class ConstantNode;
class LocalNode;
class SlotNode;

class Node {
 public:
  // The value, or an error value. What it points to lives in the frame's arena, the variables, or
  // the program.
  virtual value::Value Eval(Frame& frame) const = 0;

  // Selections on a conditional continue those of the branch taken, so it must be known for one.
  virtual const AttributeNode* AsAttribute() const { return nullptr; }

  virtual const ConstantNode* AsConstant() const { return nullptr; }

  virtual const LocalNode* AsLocal() const { return nullptr; }

  virtual const SlotNode* AsSlot() const { return nullptr; }

 protected:
  ~Node() = default;  // arenas run no destructors
};

class ConstantNode final : public Node {
 public:
  explicit ConstantNode(const value::Value& constant) : constant_(constant) {}

  value::Value Eval(Frame&) const override { return constant_; }

  const ConstantNode* AsConstant() const override { return this; }

  const value::Value& constant() const { return constant_; }

 private:
  value::Value constant_;
};

}  // namespace openchoreo::cel
