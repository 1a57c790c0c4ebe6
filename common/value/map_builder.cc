#include "common/value/map_builder.h"

#include <algorithm>
#include <cstring>

#include "common/base/result.h"

namespace openchoreo::value {

namespace {

Value StoreMap(base::Arena& arena, std::span<const MapEntry> entries, std::uint8_t flags) {
  auto* stored = arena.AllocateArray<MapEntry>(entries.size());
  std::copy(entries.begin(), entries.end(), stored);
  return Value::Map({stored, entries.size()}, flags);
}

bool KeyLess(const MapEntry& a, const MapEntry& b) { return a.key.as_string() < b.key.as_string(); }

// Stable. Most maps are small, and std::stable_sort takes a buffer from the heap.
void SortByKey(std::vector<MapEntry>& entries) {
  constexpr std::size_t kSmall = 32;
  if (entries.size() > kSmall) {
    std::stable_sort(entries.begin(), entries.end(), KeyLess);
    return;
  }
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const MapEntry entry = entries[i];
    std::size_t at = i;
    for (; at > 0 && KeyLess(entry, entries[at - 1]); --at) entries[at] = entries[at - 1];
    entries[at] = entry;
  }
}

}  // namespace

Value MapBuilder::Build(std::uint8_t flags) {
  const bool sorted = std::adjacent_find(entries_.begin(), entries_.end(),
                                         [](const MapEntry& a, const MapEntry& b) {
                                           return a.key.as_string() >= b.key.as_string();
                                         }) == entries_.end();
  if (!sorted) {
    SortByKey(entries_);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const bool overwritten =
          i + 1 < entries_.size() && entries_[i].key.as_string() == entries_[i + 1].key.as_string();
      if (!overwritten) entries_[kept++] = entries_[i];
    }
    entries_.resize(kept);
  }
  const Value map = StoreMap(*arena_, entries_, flags);
  entries_.clear();
  return map;
}

Value ListBuilder::Build(std::uint8_t flags) {
  auto* stored = arena_->AllocateArray<Value>(items_.size());
  std::copy(items_.begin(), items_.end(), stored);
  const Value list = Value::List({stored, items_.size()}, flags);
  items_.clear();
  return list;
}

Value MakeMap(base::Arena& arena, std::initializer_list<Field> sorted_fields) {
  auto* stored = arena.AllocateArray<MapEntry>(sorted_fields.size());
  std::size_t count = 0;
  for (const Field& field : sorted_fields) {
    if (field.value.is_omit()) continue;
    OC_CHECK(count == 0 || stored[count - 1].key.as_string() < field.key);
    stored[count++] = {Value::String(field.key), field.value};
  }
  return Value::Map({stored, count});
}

Value MakeList(base::Arena& arena, std::initializer_list<Value> items) {
  auto* stored = arena.AllocateArray<Value>(items.size());
  std::copy(items.begin(), items.end(), stored);
  return Value::List({stored, items.size()});
}

Value WithKey(base::Arena& arena, const Value& map, std::string_view key, Value value) {
  const auto entries = map.as_map();
  auto* stored = arena.AllocateArray<MapEntry>(entries.size() + 1);
  std::size_t count = 0;
  bool placed = false;
  for (const MapEntry& entry : entries) {
    const int order = placed ? -1 : entry.key.as_string().compare(key);
    if (order >= 0) {
      const bool same = order == 0;
      stored[count++] = {same ? entry.key : Value::String(key), value};
      placed = true;
      if (same) continue;
    }
    stored[count++] = entry;
  }
  if (!placed) stored[count++] = {Value::String(key), value};
  return Value::Map({stored, count}, map.flags());
}

Value WithoutKey(base::Arena& arena, const Value& map, std::string_view key) {
  if (!map.Find(key)) return map;
  const auto entries = map.as_map();
  auto* stored = arena.AllocateArray<MapEntry>(entries.size() - 1);
  std::size_t count = 0;
  for (const MapEntry& entry : entries) {
    if (entry.key.as_string() != key) stored[count++] = entry;
  }
  return Value::Map({stored, count}, map.flags());
}

Value DeepCopy(base::Arena& arena, const Value& value) {
  switch (value.kind()) {
    case Kind::kString:
      return Value::String(arena.CopyString(value.as_string()));
    case Kind::kBytes:
      return Value::Bytes(arena.CopyString(value.as_string()));
    case Kind::kType:
      return Value::Type(arena.CopyString(value.as_string()));
    case Kind::kOptional: {
      if (!value.optional_value()) return value;
      auto* held = arena.AllocateArray<Value>(1);
      *held = DeepCopy(arena, *value.optional_value());
      return Value::Optional(held);
    }
    case Kind::kList: {
      const auto items = value.as_list();
      auto* stored = arena.AllocateArray<Value>(items.size());
      for (std::size_t i = 0; i < items.size(); ++i) stored[i] = DeepCopy(arena, items[i]);
      return Value::List({stored, items.size()}, value.flags());
    }
    case Kind::kMap: {
      const auto entries = value.as_map();
      auto* stored = arena.AllocateArray<MapEntry>(entries.size());
      for (std::size_t i = 0; i < entries.size(); ++i) {
        stored[i] = {DeepCopy(arena, entries[i].key), DeepCopy(arena, entries[i].value)};
      }
      return Value::Map({stored, entries.size()}, value.flags());
    }
    default:
      return value;
  }
}

namespace {

bool HasIntegers(const Value& value) {
  switch (value.kind()) {
    case Kind::kInt:
    case Kind::kUint:
      return true;
    case Kind::kList:
      return std::any_of(value.as_list().begin(), value.as_list().end(), HasIntegers);
    case Kind::kMap:
      return std::any_of(value.as_map().begin(), value.as_map().end(),
                         [](const MapEntry& entry) { return HasIntegers(entry.value); });
    default:
      return false;
  }
}

Value Converted(base::Arena& arena, const Value& value) {
  switch (value.kind()) {
    case Kind::kInt:
      return Value::Double(static_cast<double>(value.as_int()));
    case Kind::kUint:
      return Value::Double(static_cast<double>(value.as_uint()));
    case Kind::kList: {
      if (!HasIntegers(value)) return value;
      const auto items = value.as_list();
      auto* stored = arena.AllocateArray<Value>(items.size());
      for (std::size_t i = 0; i < items.size(); ++i) stored[i] = Converted(arena, items[i]);
      return Value::List({stored, items.size()}, value.flags());
    }
    case Kind::kMap: {
      if (!HasIntegers(value)) return value;
      const auto entries = value.as_map();
      auto* stored = arena.AllocateArray<MapEntry>(entries.size());
      for (std::size_t i = 0; i < entries.size(); ++i) {
        stored[i] = {entries[i].key, Converted(arena, entries[i].value)};
      }
      return Value::Map({stored, entries.size()}, value.flags());
    }
    default:
      return value;
  }
}

}  // namespace

Value NumbersAsDoubles(base::Arena& arena, const Value& value) { return Converted(arena, value); }

}  // namespace openchoreo::value
