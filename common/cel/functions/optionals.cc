// optional.of and its like. Follows cel-go cel/library.go OptionalTypes.
#include "common/cel/ast.h"
#include "common/cel/declaration.h"
#include "common/cel/go_text.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::Value;

Value None(Frame&, const Value*) { return Value::Optional(nullptr); }

Value Of(Frame& frame, const Value* arguments) { return frame.NewOptional(arguments[0]); }

bool IsZero(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return !value.as_bool();
    case Kind::kInt:
    case Kind::kUint:
      return value.as_int() == 0;
    case Kind::kDouble:
      return value.as_double() == 0;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kList:
    case Kind::kMap:
      return value.size() == 0;
    case Kind::kDuration:
      return value.duration_nanoseconds() == 0;
    case Kind::kTimestamp:
      return value.timestamp_seconds() == -62135596800 && value.timestamp_nanos() == 0;
    default:
      return false;
  }
}

Value OfNonZero(Frame& frame, const Value* arguments) {
  return IsZero(arguments[0]) ? Value::Optional(nullptr) : frame.NewOptional(arguments[0]);
}

Value ValueOf(Frame&, const Value* arguments) {
  const Value* held = arguments[0].optional_value();
  return held ? *held : kNoneDereference;
}

Value HasValue(Frame&, const Value* arguments) {
  return Value::Bool(arguments[0].optional_value() != nullptr);
}

Value First(Frame& frame, const Value* arguments) {
  const auto items = arguments[0].as_list();
  return items.empty() ? Value::Optional(nullptr) : frame.NewOptional(items.front());
}

Value Last(Frame& frame, const Value* arguments) {
  const auto items = arguments[0].as_list();
  return items.empty() ? Value::Optional(nullptr) : frame.NewOptional(items.back());
}

Value Unwrap(Frame& frame, const Value* arguments) {
  const auto items = arguments[0].as_list();
  Value* held = frame.Spend(items.size()) ? frame.NewValues(items.size()) : nullptr;
  if (!held) return frame.LimitError();
  std::size_t count = 0;
  for (const Value& item : items) {
    if (item.kind() != Kind::kOptional) {
      return frame.Fail("value " + GoText(item, frame.budget()) + " is not optional");
    }
    if (item.optional_value()) held[count++] = *item.optional_value();
  }
  return Value::List({held, count}, Value::kFromCel);
}

// The planner has nodes of its own for or and orValue, which evaluate their argument only if they
// need it.
Value Planned(Frame&, const Value*) { return kNoSuchOverload; }

}  // namespace

void DeclareOptionals(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  const Type* optional = all.Optional(&kA);
  const Type* list = all.List(&kA);
  const Type* optionals = all.List(optional);
  all.Add("optional.of").Global("optional_of", {&kA}, optional, Of);
  all.Add("optional.ofNonZeroValue").Global("optional_ofNonZeroValue", {&kA}, optional, OfNonZero);
  all.Add("optional.none").Global("optional_none", {}, optional, None);
  all.Add("value").Member("optional_value", {optional}, &kA, ValueOf);
  all.Add("hasValue").Member("optional_hasValue", {optional}, &kBool, HasValue);
  all.Add("or").Member("optional_or_optional", {optional, optional}, optional).ForAll(Planned);
  all.Add("orValue").Member("optional_orValue_value", {optional, &kA}, &kA).ForAll(Planned);
  all.Add(op::kOptSelect)
      .Global("select_optional_field", {&kDyn, &kString}, optional)
      .ForAll(Planned);
  all.Add("last").Member("list_last", {list}, optional, Last);
  all.Add("first").Member("list_first", {list}, optional, First);
  all.Add("optional.unwrap").Global("optional_unwrap", {optionals}, list, Unwrap);
  all.Add("unwrapOpt").Member("optional_unwrapOpt", {optionals}, list, Unwrap);
}

}  // namespace openchoreo::cel
