#include "common/cel/operator_nodes.h"

#include <algorithm>
#include <array>

#include "common/cel/equality.h"

namespace openchoreo::cel {

using value::Value;

Value EqualNode::Eval(Frame& frame) const {
  const Value left = left_->Eval(frame);
  if (left.is_error()) return left;
  const Value right = right_->Eval(frame);
  if (right.is_error()) return right;
  if (left.is_string() && right.is_string()) {
    if (!frame.SpendText(std::min(left.size(), right.size()))) return frame.LimitError();
    return Value::Bool((left.as_string() == right.as_string()) != negated_);
  }
  const bool equal = Equal(frame, left, right);
  if (frame.exceeded()) [[unlikely]]
    return frame.LimitError();
  return Value::Bool(equal != negated_);
}

Value OptionalOrNode::Eval(Frame& frame) const {
  const Value left = left_->Eval(frame);
  if (left.is_error()) return left;
  if (left.kind() != value::Kind::kOptional) return kNoSuchOverload;
  if (!left.optional_value()) return right_->Eval(frame);
  return value_ ? *left.optional_value() : left;
}

Value CallNode::Eval(Frame& frame) const {
  std::array<Value, kMaxArguments> arguments;
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    arguments[i] = arguments_[i]->Eval(frame);
    if (arguments[i].is_error()) return arguments[i];
    // No function looks at a text for nothing.
    if (arguments[i].is_string() && !frame.SpendText(arguments[i].size())) [[unlikely]]
      return frame.LimitError();
  }
  if (unconditional_) return unconditional_(frame, arguments.data());
  return function_->Call(frame, overload_, arguments.data(), arguments_.size());
}

}  // namespace openchoreo::cel
