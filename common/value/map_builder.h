// Making lists and maps in an arena.
#pragma once

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

// A copy of `map` (string keys) with one entry set, or taken out. Shares all else.
Value WithKey(base::Arena& arena, const Value& map, std::string_view key, Value value);
Value WithoutKey(base::Arena& arena, const Value& map, std::string_view key);

// Everything `value` points to, copied into `arena`.
Value DeepCopy(base::Arena& arena, const Value& value);

// A copy in which every int and uint is a double: what a decoded JSON document looks like to Go's
// map[string]any, and so to every template (the context goes through JSON). Shares subtrees without
// integers.
Value NumbersAsDoubles(base::Arena& arena, const Value& value);

}  // namespace openchoreo::value
