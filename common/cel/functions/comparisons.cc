// < <= > >=
#include <cmath>

#include "common/cel/ast.h"
#include "common/cel/declaration.h"
#include "common/cel/equality.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::Value;

bool IsNan(const Value& v) { return v.is_double() && std::isnan(v.as_double()); }

template <typename Holds>
Value Ordered(const Value* arguments, Holds holds) {
  if (IsNan(arguments[0]) || IsNan(arguments[1])) return Value::Bool(false);
  const Value order = Compare(arguments[0], arguments[1]);
  return order.is_error() ? order : Value::Bool(holds(order.as_int()));
}

Value Less(Frame&, const Value* arguments) {
  return Ordered(arguments, [](std::int64_t order) { return order < 0; });
}

Value LessEquals(Frame&, const Value* arguments) {
  return Ordered(arguments, [](std::int64_t order) { return order <= 0; });
}

Value Greater(Frame&, const Value* arguments) {
  return Ordered(arguments, [](std::int64_t order) { return order > 0; });
}

Value GreaterEquals(Frame&, const Value* arguments) {
  return Ordered(arguments, [](std::int64_t order) { return order >= 0; });
}

void DeclareOrder(Declarations& all, std::string_view name, Implementation implementation) {
  using namespace types;  // NOLINT: type names only
  constexpr KindSet kOrdered = KindBit(Kind::kBool) | KindBit(Kind::kInt) | KindBit(Kind::kUint) |
                               KindBit(Kind::kDouble) | KindBit(Kind::kString) |
                               KindBit(Kind::kBytes) | KindBit(Kind::kTimestamp) |
                               KindBit(Kind::kDuration);
  // Mixed numbers compare at run time, but the checker of OpenChoreo's environment refuses them.
  all.Add(name)
      .Global("bool", {&kBool, &kBool}, &kBool)
      .Global("int64", {&kInt, &kInt}, &kBool)
      .Unchecked("int64_double", {&kInt, &kDouble}, &kBool)
      .Unchecked("int64_uint64", {&kInt, &kUint}, &kBool)
      .Global("uint64", {&kUint, &kUint}, &kBool)
      .Unchecked("uint64_double", {&kUint, &kDouble}, &kBool)
      .Unchecked("uint64_int64", {&kUint, &kInt}, &kBool)
      .Global("double", {&kDouble, &kDouble}, &kBool)
      .Unchecked("double_int64", {&kDouble, &kInt}, &kBool)
      .Unchecked("double_uint64", {&kDouble, &kUint}, &kBool)
      .Global("string", {&kString, &kString}, &kBool)
      .Global("bytes", {&kBytes, &kBytes}, &kBool)
      .Global("timestamp", {&kTimestamp, &kTimestamp}, &kBool)
      .Global("duration", {&kDuration, &kDuration}, &kBool)
      .ForAll(implementation, kOrdered);
}

}  // namespace

void DeclareComparisons(Declarations& all) {
  DeclareOrder(all, op::kLess, Less);
  DeclareOrder(all, op::kLessEquals, LessEquals);
  DeclareOrder(all, op::kGreater, Greater);
  DeclareOrder(all, op::kGreaterEquals, GreaterEquals);
}

}  // namespace openchoreo::cel
