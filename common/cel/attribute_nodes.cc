#include "common/cel/attribute_nodes.h"

#include <cmath>
#include <optional>

#include "common/cel/equality.h"
#include "common/cel/go_text.h"
#include "common/cel/type.h"

namespace openchoreo::cel {

using value::Kind;
using value::Value;

Value SlotNode::Eval(Frame& frame) const {
  const Value& variable = frame.slot(slot_);
  if (!variable.is_error()) [[likely]]
    return variable;
  return frame.Fail("no such attribute(s): " + std::string(name_));
}

bool MayQualify(const Value& key) { return key.is_number() || key.is_string() || key.is_bool(); }

Value MissingKey(Frame& frame, const Value& key) {
  return frame.Fail("no such key: " + GoText(key, frame.budget()));
}

namespace {

// The list index `key` means; nothing, with `error` set, if it means none.
std::optional<std::int64_t> ListIndex(Frame& frame, const Value& key, Value& error) {
  switch (key.kind()) {
    case Kind::kInt:
      return key.as_int();
    case Kind::kDouble: {
      const double d = key.as_double();
      if (d == std::trunc(d) && d > -9223372036854775808.0 && d < 9223372036854775808.0) {
        return static_cast<std::int64_t>(d);
      }
      error = frame.Fail("unsupported index value " + GoText(key, frame.budget()) + " in list");
      return std::nullopt;
    }
    case Kind::kUint:
      if (key.as_int() >= 0) return key.as_int();
      error = frame.Fail("unsupported index value " + GoText(key, frame.budget()) + " in list");
      return std::nullopt;
    default:
      error =
          frame.Fail("unsupported index type '" + std::string(RuntimeTypeName(key)) + "' in list");
      return std::nullopt;
  }
}

enum class Outcome : std::uint8_t { kFound, kAbsent, kFailed };

// One step: `found` is the value, or the error. Without `presence` absence is an error.
Outcome Qualify(Frame& frame, const Value& object, const Value& key, bool presence, Value& found) {
  if (object.is_map()) {
    if (const Value* entry = FindEntry(object, key)) {
      found = *entry;
      return Outcome::kFound;
    }
  } else if (object.is_list()) {
    const std::optional<std::int64_t> index = ListIndex(frame, key, found);
    if (!index) return Outcome::kFailed;
    if (*index >= 0 && static_cast<std::uint64_t>(*index) < object.size()) {
      found = object.as_list()[static_cast<std::size_t>(*index)];
      return Outcome::kFound;
    }
    if (presence) return Outcome::kAbsent;
    found = frame.Fail("index out of bounds: " + GoText(key, frame.budget()));
    return Outcome::kFailed;
  }
  if (presence) return Outcome::kAbsent;
  found = MissingKey(frame, key);
  return Outcome::kFailed;
}

void StartFrom(const Value& value, ChainState& state) {
  state.object = value;
  if (value.is_error()) {
    state.ended = true;
  } else if (value.kind() == Kind::kOptional) {
    if (!value.optional_value()) {
      state.ended = true;
      return;
    }
    state.object = *value.optional_value();
    state.optional = true;
  }
}

void Follow(Frame& frame, const Qualifier& qualifier, ChainState& state) {
  Value key = qualifier.key;
  if (qualifier.computed) {
    key = qualifier.computed->Eval(frame);
    if (!MayQualify(key)) {
      state.object = key.is_error()
                         ? key
                         : frame.Fail("invalid qualifier type: " + std::string(RefTypeName(key)));
      state.ended = true;
      return;
    }
  }
  state.optional = state.optional || qualifier.optional;
  const bool presence = state.optional || qualifier.test_only;
  Value found;
  const Outcome outcome = Qualify(frame, state.object, key, presence, found);
  if (qualifier.test_only && outcome != Outcome::kFailed) {
    state.object = Value::Bool(outcome == Outcome::kFound);
    state.ended = true;
    return;
  }
  state.ended = outcome != Outcome::kFound;
  state.object = outcome == Outcome::kAbsent ? Value::Optional(nullptr) : found;
}

}  // namespace

void AttributeNode::Begin(Frame& frame, ChainState& state) const {
  StartFrom(base_->Eval(frame), state);
}

void ConditionalAttributeNode::Begin(Frame& frame, ChainState& state) const {
  const Node* branch = conditional_->Choose(frame, state.object);
  if (!branch) {
    state.ended = true;
  } else if (const AttributeNode* attribute = branch->AsAttribute()) {
    attribute->Resolve(frame, state);
  } else {
    StartFrom(branch->Eval(frame), state);
  }
}

void AttributeNode::Resolve(Frame& frame, ChainState& state) const {
  Begin(frame, state);
  FollowAll(frame, state);
}

void AttributeNode::FollowAll(Frame& frame, ChainState& state) const {
  for (const Qualifier& qualifier : qualifiers_) {
    if (state.ended) break;
    Follow(frame, qualifier, state);
  }
}

Value AttributeNode::Eval(Frame& frame) const {
  ChainState state;
  Resolve(frame, state);
  return Result(frame, state);
}

Value AttributeNode::Result(Frame& frame, const ChainState& state) const {
  if (state.ended) {
    // has() of a chain that ended in none before its last step.
    const bool test = !qualifiers_.empty() && qualifiers_.back().test_only;
    return test && state.object.kind() == Kind::kOptional ? Value::Bool(false) : state.object;
  }
  return state.optional ? frame.NewOptional(state.object) : state.object;
}

Value ComputedFieldPathNode::Eval(Frame& frame) const {
  const Value base = base_->Eval(frame);
  const Value* object = &base;
  for (const Qualifier& qualifier : qualifiers_) {
    object = object->Find(qualifier.key.as_string());
    if (object) [[likely]]
      continue;
    // The general way; the base is not evaluated again.
    ChainState state;
    StartFrom(base, state);
    FollowAll(frame, state);
    return Result(frame, state);
  }
  return *object;
}

const Node* ConditionalNode::Choose(Frame& frame, Value& error) const {
  const Value condition = condition_->Eval(frame);
  if (condition.is_bool()) [[likely]]
    return condition.as_bool() ? if_true_ : if_false_;
  error = condition.is_error() ? condition : kNoSuchOverload;
  return nullptr;
}

Value ConditionalNode::Eval(Frame& frame) const {
  Value error;
  const Node* branch = Choose(frame, error);
  return branch ? branch->Eval(frame) : error;
}

}  // namespace openchoreo::cel
