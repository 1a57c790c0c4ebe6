// && || == != and calls.
#pragma once

#include <span>

#include "common/cel/declaration.h"
#include "common/cel/node.h"

namespace openchoreo::cel {

// && (kAnd) or || (kOr) over two terms or more: errors give way to a term that decides.
template <bool kDecides>
class LogicNode final : public Node {
 public:
  explicit LogicNode(std::span<const Node* const> terms) : terms_(terms) {}

  value::Value Eval(Frame& frame) const override {
    value::Value error;
    bool failed = false;
    for (const Node* term : terms_) {
      const value::Value value = term->Eval(frame);
      if (value.is_bool()) [[likely]] {
        if (value.as_bool() == kDecides) return value;
      } else if (!failed) {
        error = value.is_error() ? value : kNoSuchOverload;
        failed = true;
      }
    }
    return failed ? error : value::Value::Bool(!kDecides);
  }

 private:
  std::span<const Node* const> terms_;
};

using AndNode = LogicNode<false>;
using OrNode = LogicNode<true>;

// == and, negated, !=
class EqualNode final : public Node {
 public:
  EqualNode(const Node* left, const Node* right, bool negated)
      : left_(left), right_(right), negated_(negated) {}

  value::Value Eval(Frame& frame) const override;

 private:
  const Node* left_;
  const Node* right_;
  bool negated_;
};

// optional.or(optional) and, with `value`, optional.orValue(value): the argument only runs if it is
// needed.
class OptionalOrNode final : public Node {
 public:
  OptionalOrNode(const Node* left, const Node* right, bool value)
      : left_(left), right_(right), value_(value) {}

  value::Value Eval(Frame& frame) const override;

 private:
  const Node* left_;
  const Node* right_;
  bool value_;
};

// Calls have at most so many arguments, the receiver included.
inline constexpr std::size_t kMaxArguments = 4;

class CallNode final : public Node {
 public:
  CallNode(const Function* function, const Overload* overload,
           std::span<const Node* const> arguments)
      : function_(function),
        overload_(overload),
        unconditional_(function->unconditional()),
        arguments_(arguments) {}

  value::Value Eval(Frame& frame) const override;

 private:
  const Function* function_;
  const Overload* overload_;
  Implementation unconditional_;
  std::span<const Node* const> arguments_;
};

}  // namespace openchoreo::cel
