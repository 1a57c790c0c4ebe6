// + - * / % unary -, !, and the operators that only the checker sees as functions.
#include <limits>

#include "common/cel/ast.h"
#include "common/cel/declaration.h"
#include "common/cel/functions/time_values.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::Value;

Value Concatenate(Frame& frame, const Value& a, const Value& b, bool bytes) {
  const std::string_view x = a.as_string();
  const std::string_view y = b.as_string();
  char* text = frame.NewText(x.size() + y.size());
  if (!text || x.size() + y.size() > std::numeric_limits<std::uint32_t>::max()) {
    return frame.LimitError();
  }
  if (!x.empty()) std::memcpy(text, x.data(), x.size());
  if (!y.empty()) std::memcpy(text + x.size(), y.data(), y.size());
  const std::string_view joined(text, x.size() + y.size());
  return bytes ? Value::Bytes(joined) : Value::String(joined);
}

// An empty side gives the other list itself, with its marks (cel-go newConcatList).
Value ConcatenateLists(Frame& frame, const Value& a, const Value& b) {
  if (a.size() == 0) return b;
  if (b.size() == 0) return a;
  const std::size_t count = a.size() + b.size();
  Value* items = frame.Spend(count) ? frame.NewValues(count) : nullptr;
  if (!items) return frame.LimitError();
  std::copy(a.as_list().begin(), a.as_list().end(), items);
  std::copy(b.as_list().begin(), b.as_list().end(), items + a.size());
  return Value::List({items, count}, Value::kFromCel | Value::kConcatenated);
}

Value AddInts(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? kIntOverflow : Value::Int(sum);
}

Value AddUints(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? kUintOverflow : Value::Uint(sum);
}

Value Add(Frame& frame, const Value* arguments) {
  const Value& a = arguments[0];
  const Value& b = arguments[1];
  if (a.kind() == b.kind()) {
    switch (a.kind()) {
      case Kind::kInt:
        return AddInts(a.as_int(), b.as_int());
      case Kind::kUint:
        return AddUints(a.as_uint(), b.as_uint());
      case Kind::kDouble:
        return Value::Double(a.as_double() + b.as_double());
      case Kind::kString:
        return Concatenate(frame, a, b, false);
      case Kind::kBytes:
        return Concatenate(frame, a, b, true);
      case Kind::kList:
        return ConcatenateLists(frame, a, b);
      case Kind::kDuration: {
        const Value sum = AddInts(a.duration_nanoseconds(), b.duration_nanoseconds());
        return sum.is_error() ? kIntOverflow : Value::Duration(sum.as_int());
      }
      default:
        return kNoSuchOverload;
    }
  }
  if (a.kind() == Kind::kTimestamp && b.kind() == Kind::kDuration) return AddDuration(a, b);
  if (a.kind() == Kind::kDuration && b.kind() == Kind::kTimestamp) return AddDuration(b, a);
  return kNoSuchOverload;
}

Value Subtract(Frame&, const Value* arguments) {
  const Value& a = arguments[0];
  const Value& b = arguments[1];
  if (a.kind() == Kind::kTimestamp && b.kind() == Kind::kDuration) return SubtractDuration(a, b);
  if (a.kind() != b.kind()) return kNoSuchOverload;
  switch (a.kind()) {
    case Kind::kInt: {
      std::int64_t difference = 0;
      return __builtin_sub_overflow(a.as_int(), b.as_int(), &difference) ? kIntOverflow
                                                                         : Value::Int(difference);
    }
    case Kind::kUint:
      return a.as_uint() < b.as_uint() ? kUintOverflow : Value::Uint(a.as_uint() - b.as_uint());
    case Kind::kDouble:
      return Value::Double(a.as_double() - b.as_double());
    case Kind::kDuration: {
      std::int64_t difference = 0;
      return __builtin_sub_overflow(a.duration_nanoseconds(), b.duration_nanoseconds(), &difference)
                 ? kIntOverflow
                 : Value::Duration(difference);
    }
    case Kind::kTimestamp:
      return TimestampDifference(a, b);
    default:
      return kNoSuchOverload;
  }
}

Value Multiply(Frame&, const Value* arguments) {
  const Value& a = arguments[0];
  const Value& b = arguments[1];
  if (a.kind() != b.kind()) return kNoSuchOverload;
  if (a.is_double()) return Value::Double(a.as_double() * b.as_double());
  if (a.is_int()) {
    std::int64_t product = 0;
    return __builtin_mul_overflow(a.as_int(), b.as_int(), &product) ? kIntOverflow
                                                                    : Value::Int(product);
  }
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a.as_uint(), b.as_uint(), &product) ? kUintOverflow
                                                                    : Value::Uint(product);
}

bool Overflows(std::int64_t a, std::int64_t b) {
  return a == std::numeric_limits<std::int64_t>::min() && b == -1;
}

Value Divide(Frame&, const Value* arguments) {
  const Value& a = arguments[0];
  const Value& b = arguments[1];
  if (a.kind() != b.kind()) return kNoSuchOverload;
  if (a.is_double()) {
    return Value::Double(a.as_double() / b.as_double());
  }
  if (b.as_int() == 0) return kDivisionByZero;
  if (!a.is_int()) return Value::Uint(a.as_uint() / b.as_uint());
  if (Overflows(a.as_int(), b.as_int())) return kIntOverflow;
  return Value::Int(a.as_int() / b.as_int());
}

Value Modulo(Frame&, const Value* arguments) {
  const Value& a = arguments[0];
  const Value& b = arguments[1];
  if (a.kind() != b.kind()) return kNoSuchOverload;
  if (b.as_int() == 0) return kModulusByZero;
  if (!a.is_int()) return Value::Uint(a.as_uint() % b.as_uint());
  if (Overflows(a.as_int(), b.as_int())) return kIntOverflow;
  return Value::Int(a.as_int() % b.as_int());
}

Value Negate(Frame&, const Value* arguments) {
  const Value& a = arguments[0];
  switch (a.kind()) {
    case Kind::kInt:
      if (a.as_int() == std::numeric_limits<std::int64_t>::min()) return kIntOverflow;
      return Value::Int(-a.as_int());
    case Kind::kDouble:
      return Value::Double(-a.as_double());
    case Kind::kDuration:
      if (a.duration_nanoseconds() == std::numeric_limits<std::int64_t>::min()) {
        return kIntOverflow;
      }
      return Value::Duration(-a.duration_nanoseconds());
    default:
      return kNoSuchOverload;
  }
}

Value Not(Frame&, const Value* arguments) {
  return arguments[0].is_bool() ? Value::Bool(!arguments[0].as_bool()) : kNoSuchOverload;
}

Value NotStrictlyFalse(Frame&, const Value* arguments) {
  return arguments[0].is_bool() ? arguments[0] : Value::Bool(true);
}

// The planner has nodes of its own for these; the declaration is for the checker.
Value Planned(Frame&, const Value*) { return kNoSuchOverload; }

}  // namespace

void DeclareOperators(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  const Type* list = all.List(&kA);
  all.Add(op::kConditional).Global("conditional", {&kBool, &kA, &kA}, &kA).ForAll(Planned);
  all.Add(op::kAnd).Global("logical_and", {&kBool, &kBool}, &kBool).ForAll(Planned);
  all.Add(op::kOr).Global("logical_or", {&kBool, &kBool}, &kBool).ForAll(Planned);
  all.Add(op::kNot).Global("logical_not", {&kBool}, &kBool).ForAll(Not);
  all.Add(op::kNotStrictlyFalse)
      .Global("not_strictly_false", {&kBool}, &kBool)
      .ForAll(NotStrictlyFalse);
  all.Add(op::kEquals).Global("equals", {&kA, &kA}, &kBool).ForAll(Planned);
  all.Add(op::kNotEquals).Global("not_equals", {&kA, &kA}, &kBool).ForAll(Planned);

  constexpr KindSet kNumbers = KindBit(Kind::kInt) | KindBit(Kind::kUint) | KindBit(Kind::kDouble);
  constexpr KindSet kTimes = KindBit(Kind::kTimestamp) | KindBit(Kind::kDuration);
  constexpr KindSet kTexts = KindBit(Kind::kString) | KindBit(Kind::kBytes);
  all.Add(op::kAdd)
      .Global("add_bytes", {&kBytes, &kBytes}, &kBytes)
      .Global("add_double", {&kDouble, &kDouble}, &kDouble)
      .Global("add_duration_duration", {&kDuration, &kDuration}, &kDuration)
      .Global("add_duration_timestamp", {&kDuration, &kTimestamp}, &kTimestamp)
      .Global("add_timestamp_duration", {&kTimestamp, &kDuration}, &kTimestamp)
      .Global("add_int64", {&kInt, &kInt}, &kInt)
      .Global("add_list", {list, list}, list)
      .Global("add_string", {&kString, &kString}, &kString)
      .Global("add_uint64", {&kUint, &kUint}, &kUint)
      .ForAll(Add, kNumbers | kTimes | kTexts | KindBit(Kind::kList));
  all.Add(op::kDivide)
      .Global("divide_double", {&kDouble, &kDouble}, &kDouble)
      .Global("divide_int64", {&kInt, &kInt}, &kInt)
      .Global("divide_uint64", {&kUint, &kUint}, &kUint)
      .ForAll(Divide, kNumbers);
  all.Add(op::kModulo)
      .Global("modulo_int64", {&kInt, &kInt}, &kInt)
      .Global("modulo_uint64", {&kUint, &kUint}, &kUint)
      .ForAll(Modulo, KindBit(Kind::kInt) | KindBit(Kind::kUint));
  all.Add(op::kMultiply)
      .Global("multiply_double", {&kDouble, &kDouble}, &kDouble)
      .Global("multiply_int64", {&kInt, &kInt}, &kInt)
      .Global("multiply_uint64", {&kUint, &kUint}, &kUint)
      .ForAll(Multiply, kNumbers);
  all.Add(op::kNegate)
      .Global("negate_double", {&kDouble}, &kDouble)
      .Global("negate_int64", {&kInt}, &kInt)
      .ForAll(Negate, KindBit(Kind::kBool) | KindBit(Kind::kInt) | KindBit(Kind::kDouble) |
                          KindBit(Kind::kDuration));
  all.Add(op::kSubtract)
      .Global("subtract_double", {&kDouble, &kDouble}, &kDouble)
      .Global("subtract_duration_duration", {&kDuration, &kDuration}, &kDuration)
      .Global("subtract_int64", {&kInt, &kInt}, &kInt)
      .Global("subtract_timestamp_duration", {&kTimestamp, &kDuration}, &kTimestamp)
      .Global("subtract_timestamp_timestamp", {&kTimestamp, &kTimestamp}, &kDuration)
      .Global("subtract_uint64", {&kUint, &kUint}, &kUint)
      .ForAll(Subtract, kNumbers | kTimes);
}

}  // namespace openchoreo::cel
