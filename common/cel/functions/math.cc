// math.*. Follows cel-go ext/math.go.
#include <cmath>
#include <limits>

#include "common/cel/declaration.h"
#include "common/cel/equality.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::Value;

Value Same(Frame&, const Value* arguments) { return arguments[0]; }

template <double (*kFunction)(double)>
Value OfDouble(Frame&, const Value* arguments) {
  return Value::Double(kFunction(arguments[0].as_double()));
}

double Ceil(double d) { return std::ceil(d); }

double Floor(double d) { return std::floor(d); }

double Round(double d) { return std::round(d); }

double Trunc(double d) { return std::trunc(d); }

double Abs(double d) { return std::fabs(d); }

double Sign(double d) { return std::isnan(d) ? d : d > 0 ? 1 : d < 0 ? -1 : 0; }

double Sqrt(double d) { return std::sqrt(d); }

Value IsInf(Frame&, const Value* arguments) {
  return Value::Bool(std::isinf(arguments[0].as_double()));
}

Value IsNan(Frame&, const Value* arguments) {
  return Value::Bool(std::isnan(arguments[0].as_double()));
}

Value IsFinite(Frame&, const Value* arguments) {
  return Value::Bool(std::isfinite(arguments[0].as_double()));
}

Value AbsInt(Frame&, const Value* arguments) {
  const std::int64_t i = arguments[0].as_int();
  if (i == std::numeric_limits<std::int64_t>::min()) return kIntOverflow;
  return Value::Int(i < 0 ? -i : i);
}

Value SignInt(Frame&, const Value* arguments) {
  const std::int64_t i = arguments[0].as_int();
  return Value::Int(i > 0 ? 1 : i < 0 ? -1 : 0);
}

Value SignUint(Frame&, const Value* arguments) {
  return Value::Uint(arguments[0].as_uint() == 0 ? 0 : 1);
}

Value SqrtInt(Frame&, const Value* arguments) {
  return Value::Double(std::sqrt(static_cast<double>(arguments[0].as_int())));
}

Value SqrtUint(Frame&, const Value* arguments) {
  return Value::Double(std::sqrt(static_cast<double>(arguments[0].as_uint())));
}

// The result has the kind of the first operand, int or uint.
Value Bits(const Value& like, std::uint64_t bits) {
  return like.is_int() ? Value::Int(static_cast<std::int64_t>(bits)) : Value::Uint(bits);
}

Value BitAnd(Frame&, const Value* arguments) {
  return Bits(arguments[0], arguments[0].as_uint() & arguments[1].as_uint());
}

Value BitOr(Frame&, const Value* arguments) {
  return Bits(arguments[0], arguments[0].as_uint() | arguments[1].as_uint());
}

Value BitXor(Frame&, const Value* arguments) {
  return Bits(arguments[0], arguments[0].as_uint() ^ arguments[1].as_uint());
}

Value BitNot(Frame&, const Value* arguments) { return Bits(arguments[0], ~arguments[0].as_uint()); }

Value BitShiftLeft(Frame& frame, const Value* arguments) {
  const std::int64_t by = arguments[1].as_int();
  if (by < 0) return frame.Fail("math.bitShiftLeft() negative offset: " + std::to_string(by));
  return Bits(arguments[0], by > 63 ? 0 : arguments[0].as_uint() << by);
}

// Without sign extension, for ints too.
Value BitShiftRight(Frame& frame, const Value* arguments) {
  const std::int64_t by = arguments[1].as_int();
  if (by < 0) return frame.Fail("math.bitShiftRight() negative offset: " + std::to_string(by));
  return Bits(arguments[0], by > 63 ? 0 : arguments[0].as_uint() >> by);
}

// The greater (kSign 1) or lesser (-1) of two numbers; the first if they are equal.
template <int kSign>
Value Pick(Frame& frame, const Value& first, const Value& second) {
  const Value order = Compare(first, second);
  if (order.is_error()) {
    return frame.Fail(std::string(MessageOf(order)) + (kSign > 0 ? ": math.@max" : ": math.@min"));
  }
  return order.as_int() * kSign < 0 ? second : first;
}

template <int kSign>
Value PickOfTwo(Frame& frame, const Value* arguments) {
  return Pick<kSign>(frame, arguments[0], arguments[1]);
}

template <int kSign>
Value PickOfList(Frame& frame, const Value* arguments) {
  const std::string name = kSign > 0 ? "math.@max" : "math.@min";
  const auto items = arguments[0].as_list();
  if (items.empty()) return frame.Fail(name + "(list) argument must not be empty");
  if (!frame.Spend(items.size())) return frame.LimitError();
  Value picked = items[0];
  for (const Value& item : items.subspan(1)) {
    picked = Pick<kSign>(frame, picked, item);
    if (picked.is_error()) break;
  }
  return picked.is_number() ? picked : frame.Fail("no such overload: " + name);
}

template <int kSign>
void DeclarePick(Declarations& all, std::string_view name) {
  using namespace types;  // NOLINT: type names only
  all.Add(name)
      .Global("double", {&kDouble}, &kDouble, Same)
      .Global("int", {&kInt}, &kInt, Same)
      .Global("uint", {&kUint}, &kUint, Same)
      .Global("double_double", {&kDouble, &kDouble}, &kDouble, PickOfTwo<kSign>)
      .Global("int_int", {&kInt, &kInt}, &kInt, PickOfTwo<kSign>)
      .Global("uint_uint", {&kUint, &kUint}, &kUint, PickOfTwo<kSign>)
      .Global("int_uint", {&kInt, &kUint}, &kDyn, PickOfTwo<kSign>)
      .Global("int_double", {&kInt, &kDouble}, &kDyn, PickOfTwo<kSign>)
      .Global("double_int", {&kDouble, &kInt}, &kDyn, PickOfTwo<kSign>)
      .Global("double_uint", {&kDouble, &kUint}, &kDyn, PickOfTwo<kSign>)
      .Global("uint_int", {&kUint, &kInt}, &kDyn, PickOfTwo<kSign>)
      .Global("uint_double", {&kUint, &kDouble}, &kDyn, PickOfTwo<kSign>)
      .Global("list_double", {all.List(&kDouble)}, &kDouble, PickOfList<kSign>)
      .Global("list_int", {all.List(&kInt)}, &kInt, PickOfList<kSign>)
      .Global("list_uint", {all.List(&kUint)}, &kUint, PickOfList<kSign>);
}

}  // namespace

void DeclareMath(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  DeclarePick<-1>(all, "math.@min");
  DeclarePick<1>(all, "math.@max");
  all.Add("math.ceil").Global("math_ceil_double", {&kDouble}, &kDouble, OfDouble<Ceil>);
  all.Add("math.floor").Global("math_floor_double", {&kDouble}, &kDouble, OfDouble<Floor>);
  all.Add("math.round").Global("math_round_double", {&kDouble}, &kDouble, OfDouble<Round>);
  all.Add("math.trunc").Global("math_trunc_double", {&kDouble}, &kDouble, OfDouble<Trunc>);
  all.Add("math.isInf").Global("math_isInf_double", {&kDouble}, &kBool, IsInf);
  all.Add("math.isNaN").Global("math_isNaN_double", {&kDouble}, &kBool, IsNan);
  all.Add("math.isFinite").Global("math_isFinite_double", {&kDouble}, &kBool, IsFinite);
  all.Add("math.abs")
      .Global("math_abs_double", {&kDouble}, &kDouble, OfDouble<Abs>)
      .Global("math_abs_int", {&kInt}, &kInt, AbsInt)
      .Global("math_abs_uint", {&kUint}, &kUint, Same);
  all.Add("math.sign")
      .Global("math_sign_double", {&kDouble}, &kDouble, OfDouble<Sign>)
      .Global("math_sign_int", {&kInt}, &kInt, SignInt)
      .Global("math_sign_uint", {&kUint}, &kUint, SignUint);
  all.Add("math.bitAnd")
      .Global("math_bitAnd_int_int", {&kInt, &kInt}, &kInt, BitAnd)
      .Global("math_bitAnd_uint_uint", {&kUint, &kUint}, &kUint, BitAnd);
  all.Add("math.bitOr")
      .Global("math_bitOr_int_int", {&kInt, &kInt}, &kInt, BitOr)
      .Global("math_bitOr_uint_uint", {&kUint, &kUint}, &kUint, BitOr);
  all.Add("math.bitXor")
      .Global("math_bitXor_int_int", {&kInt, &kInt}, &kInt, BitXor)
      .Global("math_bitXor_uint_uint", {&kUint, &kUint}, &kUint, BitXor);
  all.Add("math.bitNot")
      .Global("math_bitNot_int_int", {&kInt}, &kInt, BitNot)
      .Global("math_bitNot_uint_uint", {&kUint}, &kUint, BitNot);
  all.Add("math.bitShiftLeft")
      .Global("math_bitShiftLeft_int_int", {&kInt, &kInt}, &kInt, BitShiftLeft)
      .Global("math_bitShiftLeft_uint_int", {&kUint, &kInt}, &kUint, BitShiftLeft);
  all.Add("math.bitShiftRight")
      .Global("math_bitShiftRight_int_int", {&kInt, &kInt}, &kInt, BitShiftRight)
      .Global("math_bitShiftRight_uint_int", {&kUint, &kInt}, &kUint, BitShiftRight);
  all.Add("math.sqrt")
      .Global("math_sqrt_double", {&kDouble}, &kDouble, OfDouble<Sqrt>)
      .Global("math_sqrt_int", {&kInt}, &kDouble, SqrtInt)
      .Global("math_sqrt_uint", {&kUint}, &kDouble, SqrtUint);
}

}  // namespace openchoreo::cel
