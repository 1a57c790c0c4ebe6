#include "common/cel/fold_nodes.h"

#include "common/cel/declaration.h"
#include "common/cel/entry_collector.h"
#include "common/cel/go_text.h"

namespace openchoreo::cel {

using value::Kind;
using value::MapEntry;
using value::Value;

namespace {

// Runs `turn` for each element with the variables set, until it gives false. False, with `error`
// set, if the range cannot be iterated or a limit ends the loop.
template <typename Turn>
bool ForEach(Frame& frame, const Loop& loop, const Value& range, Value& error, Turn turn) {
  if (!range.is_list() && !range.is_map()) {
    if (range.is_error()) {
      error = range;
    } else if (loop.two) {
      error =
          frame.Fail(std::string("unsupported comprehension range type: ") + RefTypeName(range));
    } else {
      error = frame.Fail(std::string("got '") + RefTypeName(range) + "', expected iterable type");
    }
    return false;
  }
  const std::size_t size = range.size();
  for (std::size_t i = 0; i < size; ++i) {
    if (!frame.Spend(loop.cost)) [[unlikely]] {
      error = frame.LimitError();
      return false;
    }
    if (range.is_list()) {
      if (loop.two) {
        frame.local(loop.variable) = Value::Int(static_cast<std::int64_t>(i));
        frame.local(loop.variable2) = range.as_list()[i];
      } else {
        frame.local(loop.variable) = range.as_list()[i];
      }
    } else {
      const MapEntry& entry = range.as_map()[i];
      frame.local(loop.variable) = entry.key;
      if (loop.two) frame.local(loop.variable2) = entry.value;
    }
    if (!turn()) return true;
  }
  return true;
}

enum class Admission : std::uint8_t { kYes, kNo, kError };

Admission Admit(Frame& frame, const Node* filter, Value& error) {
  if (!filter) return Admission::kYes;
  const Value admitted = filter->Eval(frame);
  if (admitted.is_bool()) [[likely]]
    return admitted.as_bool() ? Admission::kYes : Admission::kNo;
  error = admitted.is_error() ? admitted : kNoSuchOverload;
  return Admission::kError;
}

}  // namespace

template <bool kDecides>
Value QuantifierNode<kDecides>::Eval(Frame& frame) const {
  const Value range = loop_.range->Eval(frame);
  Value error;
  Value first_error;
  bool failed = false;
  bool decided = false;
  const bool ran = ForEach(frame, loop_, range, error, [&] {
    const Value holds = loop_.body->Eval(frame);
    if (holds.is_bool()) {
      decided = holds.as_bool() == kDecides;
    } else if (!failed) {
      first_error = holds.is_error() ? holds : kNoSuchOverload;
      failed = true;
    }
    return !decided;
  });
  if (!ran) return error;
  if (decided) return Value::Bool(kDecides);
  return failed ? first_error : Value::Bool(!kDecides);
}

template class QuantifierNode<false>;
template class QuantifierNode<true>;

Value ExistsOneNode::Eval(Frame& frame) const {
  const Value range = loop_.range->Eval(frame);
  Value error;
  bool failed = false;
  std::size_t count = 0;
  const bool ran = ForEach(frame, loop_, range, error, [&] {
    // A later error takes the place of an earlier one: the predicate is the condition of each turn.
    switch (Admit(frame, loop_.body, error)) {
      case Admission::kYes:
        ++count;
        break;
      case Admission::kNo:
        break;
      case Admission::kError:
        failed = true;
        break;
    }
    return true;
  });
  if (!ran || failed) return error;
  return Value::Bool(count == 1);
}

Value ListFoldNode::Eval(Frame& frame) const {
  const Value range = loop_.range->Eval(frame);
  Value* items = range.is_list() || range.is_map() ? frame.NewValues(range.size()) : nullptr;
  if (!items && (range.is_list() || range.is_map())) return frame.LimitError();
  Value error;
  bool failed = false;
  std::size_t count = 0;
  const bool ran = ForEach(frame, loop_, range, error, [&] {
    const Admission admission = Admit(frame, loop_.filter, error);
    if (admission == Admission::kError) failed = true;
    if (admission == Admission::kYes && !failed) {
      const Value item = loop_.body->Eval(frame);
      if (item.is_error()) {
        error = item;
        failed = true;
      } else {
        items[count++] = item;
      }
    }
    // After an error only filters still run, since theirs would replace it.
    return !failed || loop_.filter != nullptr;
  });
  if (!ran || failed) return error;
  return Value::List({items, count}, Value::kFromCel);
}

Value MapFoldNode::Eval(Frame& frame) const {
  const Value range = loop_.range->Eval(frame);
  EntryCollector collector(frame, range.is_list() || range.is_map() ? range.size() : 0);
  Value error;
  bool failed = false;
  const bool ran = ForEach(frame, loop_, range, error, [&] {
    const Admission admission = Admit(frame, loop_.filter, error);
    if (admission == Admission::kError) failed = true;
    if (admission == Admission::kYes && !failed) {
      const Value item = loop_.body->Eval(frame);
      Value inserted;
      if (item.is_error()) {
        inserted = item;
      } else if (!entries_) {
        inserted = collector.Insert(frame.local(loop_.variable), item);
      } else if (!item.is_map()) {
        const Value arguments[] = {Value::Map({}), item};
        inserted = NoSuchOverload(frame, "cel.@mapInsert", arguments, 2);
      } else {
        for (const MapEntry& entry : item.as_map()) {
          inserted = collector.Insert(entry.key, entry.value);
          if (inserted.is_error()) break;
        }
      }
      if (inserted.is_error()) {
        error = inserted;
        failed = true;
      }
    }
    return !failed || loop_.filter != nullptr;
  });
  if (!ran || failed) return error;
  return collector.Build();
}

Value BindNode::Eval(Frame& frame) const {
  const Value bound = bound_->Eval(frame);
  if (bound.is_error()) return bound;
  frame.local(variable_) = bound;
  return body_->Eval(frame);
}

Value OptionalMapNode::Eval(Frame& frame) const {
  const Value target = target_->Eval(frame);
  if (target.is_error()) return target;
  if (target.kind() != Kind::kOptional) return NoSuchOverload(frame, "hasValue", &target, 1);
  if (!target.optional_value()) return target;
  frame.local(variable_) = *target.optional_value();
  const Value mapped = body_->Eval(frame);
  return mapped.is_error() || flat_ ? mapped : frame.NewOptional(mapped);
}

}  // namespace openchoreo::cel
