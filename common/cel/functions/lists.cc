// Functions of lists. Follows cel-go ext/lists.go.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/cel/declaration.h"
#include "common/cel/equality.h"
#include "common/cel/go_text.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::Value;

constexpr auto kMaxRange = static_cast<std::int64_t>(base::kLimits.max_range);

Value NewList(std::span<const Value> items) { return Value::List(items, Value::kFromCel); }

Value Slice(Frame& frame, const Value* arguments) {
  const std::int64_t start = arguments[1].as_int();
  const std::int64_t end = arguments[2].as_int();
  const std::string call =
      "cannot slice(" + std::to_string(start) + ", " + std::to_string(end) + "), ";
  if (start < 0 || end < 0) return frame.Fail(call + "negative indexes not supported");
  if (start > end) {
    return frame.Fail(call + "start index must be less than or equal to end index");
  }
  const auto items = arguments[0].as_list();
  if (items.size() < static_cast<std::size_t>(end)) {
    return frame.Fail(call + "list is length " + std::to_string(items.size()));
  }
  return NewList(
      items.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)));
}

// Worthless once the limits are exceeded.
std::size_t FlatSize(Frame& frame, std::span<const Value> items, std::int64_t depth) {
  const Level level(frame);
  if (!level || !frame.Spend(1 + items.size())) return 0;
  std::size_t size = 0;
  for (const Value& item : items) {
    size += item.is_list() && depth > 0 ? FlatSize(frame, item.as_list(), depth - 1) : 1;
    if (frame.exceeded()) break;
  }
  return size;
}

Value* CopyFlat(std::span<const Value> items, std::int64_t depth, Value* out) {
  for (const Value& item : items) {
    if (item.is_list() && depth > 0) {
      out = CopyFlat(item.as_list(), depth - 1, out);
    } else {
      *out++ = item;
    }
  }
  return out;
}

Value FlattenTo(Frame& frame, const Value& list, std::int64_t depth) {
  if (depth < 0) return frame.Fail("level must be non-negative");
  const std::size_t size = FlatSize(frame, list.as_list(), depth);
  Value* items = frame.Spend(1 + size) ? frame.NewValues(size) : nullptr;
  if (!items) return frame.LimitError();
  CopyFlat(list.as_list(), depth, items);
  return NewList({items, size});
}

// A type as Go prints it: lists and maps with their parameters.
std::string TypeName(const Value& value) { return TypeNameText(RuntimeTypeName(value)); }

// The guards are off: the checker takes list(T) for list(list(T)) where T is dyn.
Value Flatten(Frame& frame, const Value* arguments) {
  if (!arguments[0].is_list()) {
    return frame.Fail("no such overload: " + TypeName(arguments[0]) + ".flatten()");
  }
  return FlattenTo(frame, arguments[0], 1);
}

Value FlattenDepth(Frame& frame, const Value* arguments) {
  if (!arguments[0].is_list() || !arguments[1].is_int()) {
    return frame.Fail("no such overload: " + TypeName(arguments[0]) + ".flatten(" +
                      TypeName(arguments[1]) + ")");
  }
  return FlattenTo(frame, arguments[0], arguments[1].as_int());
}

// Sorting compares each of these about so often; what that costs where they are long texts.
bool SpendOnSorting(Frame& frame, std::span<const Value> keys) {
  if (!frame.Spend(1 + 16 * keys.size())) return false;
  std::size_t bytes = 0;
  for (const Value& key : keys) bytes += key.is_string() ? key.size() : 0;
  std::size_t rounds = 2;
  for (std::size_t size = keys.size(); size > 1; size /= 2) rounds += 2;
  return frame.SpendText(bytes * rounds);
}

bool IsComparable(const Value& value) {
  constexpr KindSet kComparable = KindBit(Kind::kBool) | KindBit(Kind::kInt) |
                                  KindBit(Kind::kUint) | KindBit(Kind::kDouble) |
                                  KindBit(Kind::kString) | KindBit(Kind::kBytes) |
                                  KindBit(Kind::kTimestamp) | KindBit(Kind::kDuration);
  return (kComparable & KindBit(value.kind())) != 0;
}

bool Before(const Value& a, const Value& b) {
  const Value order = Compare(a, b);
  return order.is_int() && order.as_int() < 0;
}

// Before, with NaN after all numbers: a strict weak order, as longer sorts need.
bool BeforeNanLast(const Value& a, const Value& b) {
  const bool a_nan = a.is_double() && std::isnan(a.as_double());
  const bool b_nan = b.is_double() && std::isnan(b.as_double());
  return a_nan || b_nan ? !a_nan && b_nan : Before(a, b);
}

// Orders `positions` (0, 1, …) by the keys they stand for; equal keys keep their order.
void SortPositions(std::span<const Value> keys, std::span<std::uint32_t> positions) {
  // Go sorts so short a slice by insertion, which decides where NaN ends up.
  constexpr std::size_t kInsertion = 12;
  if (keys.size() > kInsertion) {
    std::sort(positions.begin(), positions.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (BeforeNanLast(keys[a], keys[b])) return true;
      return !BeforeNanLast(keys[b], keys[a]) && a < b;
    });
    return;
  }
  for (std::size_t i = 1; i < positions.size(); ++i) {
    for (std::size_t j = i; j > 0 && Before(keys[positions[j]], keys[positions[j - 1]]); --j) {
      std::swap(positions[j], positions[j - 1]);
    }
  }
}

Value SortByKeys(Frame& frame, const Value& list, const Value& key_list) {
  const auto items = list.as_list();
  const auto keys = key_list.as_list();
  if (items.size() != keys.size()) {
    return frame.Fail(
        "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but "
        "got " +
        std::to_string(items.size()) + " and " + std::to_string(keys.size()) +
        " elements respectively");
  }
  if (items.empty()) return list;
  if (!IsComparable(keys[0])) return frame.Fail("list elements must be comparable");
  for (const Value& key : keys) {
    if (key.kind() != keys[0].kind()) return frame.Fail("list elements must have the same type");
  }
  Value* sorted = SpendOnSorting(frame, keys) ? frame.NewValues(items.size()) : nullptr;
  auto* position_array = sorted ? frame.New<std::uint32_t>(items.size()) : nullptr;
  if (!position_array) return frame.LimitError();
  const std::span positions(position_array, items.size());
  std::iota(positions.begin(), positions.end(), 0u);
  SortPositions(keys, positions);
  std::transform(positions.begin(), positions.end(), sorted,
                 [&](std::uint32_t position) { return items[position]; });
  return NewList({sorted, items.size()});
}

Value Sort(Frame& frame, const Value* arguments) {
  return SortByKeys(frame, arguments[0], arguments[0]);
}

Value SortByAssociatedKeys(Frame& frame, const Value* arguments) {
  if (!arguments[1].is_list()) return kNoSuchOverload;
  return SortByKeys(frame, arguments[0], arguments[1]);
}

Value Range(Frame& frame, const Value* arguments) {
  const std::int64_t size = arguments[0].as_int();
  if (size < 0) {
    return frame.Fail("lists.range: size must be non-negative, got " + std::to_string(size));
  }
  if (size > kMaxRange) {
    return frame.Fail("lists.range: size " + std::to_string(size) + " exceeds maximum allowed (" +
                      std::to_string(kMaxRange) + ")");
  }
  const auto count = static_cast<std::size_t>(size);
  Value* items = frame.Spend(count) ? frame.NewValues(count) : nullptr;
  if (!items) return frame.LimitError();
  for (std::size_t i = 0; i < count; ++i) items[i] = Value::Int(static_cast<std::int64_t>(i));
  return NewList({items, count});
}

Value Reverse(Frame& frame, const Value* arguments) {
  const auto items = arguments[0].as_list();
  Value* reversed = frame.Spend(items.size()) ? frame.NewValues(items.size()) : nullptr;
  if (!reversed) return frame.LimitError();
  std::reverse_copy(items.begin(), items.end(), reversed);
  return NewList({reversed, items.size()});
}

// Says of each item whether it is a string that came before: the strings' positions ordered by text
// show it without comparing all with all. False beyond the memory limit.
bool MarkRepeatedStrings(Frame& frame, std::span<const Value> items, bool* repeated) {
  auto* strings = frame.New<std::uint32_t>(items.size());
  if (!strings) return false;
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (items[i].is_string()) strings[count++] = i;
  }
  std::sort(strings, strings + count, [&](std::uint32_t a, std::uint32_t b) {
    const int order = items[a].as_string().compare(items[b].as_string());
    return order < 0 || (order == 0 && a < b);
  });
  std::fill(repeated, repeated + items.size(), false);
  for (std::size_t i = 1; i < count; ++i) {
    repeated[strings[i]] = items[strings[i]].as_string() == items[strings[i - 1]].as_string();
  }
  return true;
}

Value Distinct(Frame& frame, const Value* arguments) {
  const auto items = arguments[0].as_list();
  if (items.empty()) return arguments[0];
  Value* kept = SpendOnSorting(frame, items) ? frame.NewValues(items.size()) : nullptr;
  bool* repeated = kept ? frame.New<bool>(items.size()) : nullptr;
  if (!repeated || !MarkRepeatedStrings(frame, items, repeated)) return frame.LimitError();
  std::size_t count = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value& item = items[i];
    bool seen = repeated[i];
    if (!item.is_string()) {
      if (!frame.Spend(count)) return frame.LimitError();
      seen = std::any_of(kept, kept + count, [&](const Value& other) {
        return !other.is_string() && Equal(frame, item, other);
      });
    }
    if (!seen) kept[count++] = item;
  }
  return NewList({kept, count});
}

}  // namespace

void DeclareLists(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  const Type* list = all.List(&kA);
  const Type* dyns = all.List(&kDyn);
  static constexpr const Type* kComparable[] = {&kInt,      &kUint,      &kDouble, &kBool,
                                                &kDuration, &kTimestamp, &kString, &kBytes};
  all.Add("slice").Member("list_slice", {list, &kInt, &kInt}, list, Slice);
  all.Add("flatten")
      .Member("list_flatten", {all.List(list)}, list, Flatten)
      .Member("list_flatten_int", {dyns, &kInt}, dyns, FlattenDepth)
      .WithoutGuards();
  Function& sort = all.Add("sort").ForAll(Sort, KindBit(Kind::kList));
  Function& sort_by =
      all.Add("@sortByAssociatedKeys").ForAll(SortByAssociatedKeys, KindBit(Kind::kList));
  for (const Type* type : kComparable) {
    const Type* of = all.List(type);
    sort.Member("list_sort", {of}, of);
    sort_by.Member("list_sortByAssociatedKeys", {list, of}, list);
  }
  all.Add("lists.range").Global("lists_range", {&kInt}, all.List(&kInt), Range);
  all.Add("reverse").Member("list_reverse", {list}, list, Reverse);
  all.Add("distinct").Member("list_distinct", {list}, list, Distinct);
}

}  // namespace openchoreo::cel
