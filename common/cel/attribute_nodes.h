// Variables and chains of selections and indexes on them: a.b[0].?c. Follows cel-go
// interpreter/attributes.go.
#pragma once

#include <span>

#include "common/cel/node.h"

namespace openchoreo::cel {

// A variable of the environment.
class SlotNode final : public Node {
 public:
  SlotNode(std::uint32_t slot, std::string_view name) : slot_(slot), name_(name) {}

  value::Value Eval(Frame& frame) const override;

  const SlotNode* AsSlot() const override { return this; }

  const value::Value* Peek(Frame& frame) const { return &frame.slot(slot_); }

 private:
  std::uint32_t slot_;
  std::string_view name_;
};

// A variable of a comprehension.
class LocalNode final : public Node {
 public:
  explicit LocalNode(std::uint32_t index) : index_(index) {}

  value::Value Eval(Frame& frame) const override { return frame.local(index_); }

  const LocalNode* AsLocal() const override { return this; }

  const value::Value* Peek(Frame& frame) const { return &frame.local(index_); }

 private:
  std::uint32_t index_;
};

// One step of a chain.
struct Qualifier {
  value::Value key;  // used unless `computed` is set
  const Node* computed = nullptr;
  bool optional = false;   // .?key and [?key]
  bool test_only = false;  // has(); the last step only
};

// Where a chain has got to.
struct ChainState {
  value::Value object;
  bool optional =
      false;  // some step so far was optional: absence gives none, the end result is wrapped
  bool ended = false;  // `object` is the result: an error or none
};

class AttributeNode : public Node {
 public:
  AttributeNode(const Node* base, std::span<const Qualifier> qualifiers)
      : base_(base), qualifiers_(qualifiers) {}

  value::Value Eval(Frame& frame) const override;

  const AttributeNode* AsAttribute() const final { return this; }

  // Follows the whole chain.
  void Resolve(Frame& frame, ChainState& state) const;

 protected:
  ~AttributeNode() = default;

  void FollowAll(Frame& frame, ChainState& state) const;
  value::Value Result(Frame& frame, const ChainState& state) const;

  // Sets what the chain starts from.
  virtual void Begin(Frame& frame, ChainState& state) const;

  const Node* base_;
  std::span<const Qualifier> qualifiers_;
};

class GeneralAttributeNode final : public AttributeNode {
 public:
  using AttributeNode::AttributeNode;
};

// The most frequent chain: fields of a variable, none optional; `kTest` says has() of the last.
// `Base` is SlotNode or LocalNode.
template <typename Base, bool kTest>
class FieldPathNode final : public AttributeNode {
 public:
  FieldPathNode(const Base* base, std::span<const Qualifier> qualifiers)
      : AttributeNode(base, qualifiers), variable_(base) {}

  value::Value Eval(Frame& frame) const override {
    const value::Value* object = variable_->Peek(frame);
    const std::size_t steps = qualifiers_.size() - (kTest ? 1 : 0);
    for (std::size_t i = 0; i < steps; ++i) {
      object = object->Find(qualifiers_[i].key.as_string());
      // Errors, optionals and what is absent take the general way.
      if (!object) [[unlikely]]
        return AttributeNode::Eval(frame);
    }
    if constexpr (kTest) {
      if (!object->is_map()) [[unlikely]]
        return AttributeNode::Eval(frame);
      return value::Value::Bool(object->Find(qualifiers_[steps].key.as_string()) != nullptr);
    }
    return *object;
  }

 private:
  const Base* variable_;
};

// Fields of what another node computes, none optional.
class ComputedFieldPathNode final : public AttributeNode {
 public:
  using AttributeNode::AttributeNode;

  value::Value Eval(Frame& frame) const override;
};

// condition ? if_true : if_false
class ConditionalNode final : public Node {
 public:
  ConditionalNode(const Node* condition, const Node* if_true, const Node* if_false)
      : condition_(condition), if_true_(if_true), if_false_(if_false) {}

  value::Value Eval(Frame& frame) const override;

  // The branch taken; nullptr with `error` set if the condition is no bool.
  const Node* Choose(Frame& frame, value::Value& error) const;

 private:
  const Node* condition_;
  const Node* if_true_;
  const Node* if_false_;
};

// A conditional with selections on its result.
class ConditionalAttributeNode final : public AttributeNode {
 public:
  ConditionalAttributeNode(const ConditionalNode* conditional,
                           std::span<const Qualifier> qualifiers)
      : AttributeNode(conditional, qualifiers), conditional_(conditional) {}

 protected:
  void Begin(Frame& frame, ChainState& state) const override;

 private:
  const ConditionalNode* conditional_;
};

// Whether a list or map may be indexed by `key` at all.
bool MayQualify(const value::Value& key);

// "no such key: K" and its like, K as Go's %v prints it.
value::Value MissingKey(Frame& frame, const value::Value& key);

}  // namespace openchoreo::cel
