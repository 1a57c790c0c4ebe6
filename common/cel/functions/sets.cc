// Lists as sets. Follows cel-go ext/sets.go.
#include <algorithm>

#include "common/cel/declaration.h"
#include "common/cel/equality.h"

namespace openchoreo::cel {

namespace {

using value::Value;

bool Has(Frame& frame, const Value& list, const Value& item) {
  return std::any_of(list.as_list().begin(), list.as_list().end(),
                     [&](const Value& other) { return Equal(frame, item, other); });
}

bool HasAll(Frame& frame, const Value& list, const Value& items) {
  return std::all_of(items.as_list().begin(), items.as_list().end(),
                     [&](const Value& item) { return Has(frame, list, item); });
}

// Every pair may be compared.
bool SpendOnPairs(Frame& frame, const Value* arguments) {
  return frame.Spend(1 + arguments[0].size() * arguments[1].size());
}

Value Contains(Frame& frame, const Value* arguments) {
  if (!SpendOnPairs(frame, arguments)) return frame.LimitError();
  return Value::Bool(HasAll(frame, arguments[0], arguments[1]));
}

Value Equivalent(Frame& frame, const Value* arguments) {
  if (!SpendOnPairs(frame, arguments)) return frame.LimitError();
  return Value::Bool(HasAll(frame, arguments[0], arguments[1]) &&
                     HasAll(frame, arguments[1], arguments[0]));
}

Value Intersects(Frame& frame, const Value* arguments) {
  if (!SpendOnPairs(frame, arguments)) return frame.LimitError();
  const auto items = arguments[0].as_list();
  return Value::Bool(std::any_of(items.begin(), items.end(), [&](const Value& item) {
    return Has(frame, arguments[1], item);
  }));
}

}  // namespace

void DeclareSets(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  const Type* list = all.List(&kA);
  all.Add("sets.contains").Global("list_sets_contains_list", {list, list}, &kBool, Contains);
  all.Add("sets.equivalent").Global("list_sets_equivalent_list", {list, list}, &kBool, Equivalent);
  all.Add("sets.intersects").Global("list_sets_intersects_list", {list, list}, &kBool, Intersects);
}

}  // namespace openchoreo::cel
