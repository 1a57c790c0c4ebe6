// Making lists and maps in an arena.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::value {

// Collects entries in any order; Build sorts them by key, the last of equal keys wins. Keys and
// values are not copied deeply: what they point to must live as long as the map. Reusable after
// Build.
class MapBuilder {
 public:
  explicit MapBuilder(base::Arena& arena) : arena_(&arena) {}

  void Add(std::string_view key, Value value) { entries_.push_back({Value::String(key), value}); }

  // Adds unless the text is empty (Go's omitempty).
  void AddNonEmpty(std::string_view key, std::string_view text) {
    if (!text.empty()) Add(key, Value::String(text));
  }

  bool empty() const { return entries_.empty(); }

  Value Build(std::uint8_t flags = 0);

 private:
  base::Arena* arena_;
  std::vector<MapEntry> entries_;
};

class ListBuilder {
 public:
  explicit ListBuilder(base::Arena& arena) : arena_(&arena) {}

  void Add(Value value) { items_.push_back(value); }

  std::size_t size() const { return items_.size(); }

  Value Build(std::uint8_t flags = 0);

 private:
  base::Arena* arena_;
  std::vector<Value> items_;
};

// A map whose entries are already sorted by key and unique; omitted values (kOmit) are left out.
struct Field {
  std::string_view key;
  Value value;
};

Value MakeMap(base::Arena& arena, std::initializer_list<Field> sorted_fields);

Value MakeList(base::Arena& arena, std::initializer_list<Value> items);

// The text, or kOmit if it is empty (Go's omitempty), for MakeMap.
inline Value NonEmpty(std::string_view text) {
  return text.empty() ? Value::Omit() : Value::String(text);
}

// Once the budget of `arena` is spent, what the functions below make is worthless and small.

// The same value, not only an equal one.
bool IsSame(const Value& a, const Value& b);

// A list or map with `change` applied to every item or member; other values, and those in which
// nothing changes, are shared. `change` calls MapElements itself to go deeper.
template <typename Change>
Value MapElements(base::Arena& arena, const Value& value, const Change& change);

// A copy of `map` (string keys) with one entry set, or taken out. Shares all else.
Value WithKey(base::Arena& arena, const Value& map, std::string_view key, Value value);
Value WithoutKey(base::Arena& arena, const Value& map, std::string_view key);

// Everything `value` points to, copied into `arena`.
Value DeepCopy(base::Arena& arena, const Value& value);

// A copy in which every int and uint is a double: what a decoded JSON document looks like to Go's
// map[string]any, and so to every template (the context goes through JSON). Shares subtrees without
// integers.
Value NumbersAsDoubles(base::Arena& arena, const Value& value);

template <typename Change>
Value MapElements(base::Arena& arena, const Value& value, const Change& change) {
  if (!value.is_list() && !value.is_map()) return value;
  base::Budget& budget = arena.budget();
  const base::Level level(budget);
  const std::size_t size = value.size();
  if (!level || !budget.Spend(1 + size)) return value;
  if (value.is_list()) {
    const auto items = value.as_list();
    Value* changed = nullptr;
    for (std::size_t i = 0; i < size; ++i) {
      const Value item = change(items[i]);
      if (budget.spent()) return value;
      if (!changed) {
        if (IsSame(item, items[i])) continue;
        if (!budget.HasRoom(size * sizeof(Value))) return value;
        changed = arena.AllocateArray<Value>(size);
        std::copy(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i), changed);
      }
      changed[i] = item;
    }
    return changed ? Value::List({changed, size}, value.flags()) : value;
  }
  const auto entries = value.as_map();
  MapEntry* changed = nullptr;
  for (std::size_t i = 0; i < size; ++i) {
    const Value member = change(entries[i].value);
    if (budget.spent()) return value;
    if (!changed) {
      if (IsSame(member, entries[i].value)) continue;
      if (!budget.HasRoom(size * sizeof(MapEntry))) return value;
      changed = arena.AllocateArray<MapEntry>(size);
      std::copy(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(i), changed);
    }
    changed[i] = {entries[i].key, member};
  }
  return changed ? Value::Map({changed, size}, value.flags()) : value;
}

}  // namespace openchoreo::value
