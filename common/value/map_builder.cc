#include "common/value/map_builder.h"

#include <algorithm>
#include <cstring>

#include "common/base/result.h"

namespace openchoreo::value {

namespace {

// Whether the arena's budget allows a list or map of `count` elements. The same arenas hold
// everything a binding makes, so what is made of a value once the budget is spent is small.
bool MayCopy(base::Arena& arena, std::size_t count, std::size_t element_bytes) {
  base::Budget& budget = arena.budget();
  return budget.Spend(1 + count) && budget.HasRoom(count * element_bytes);
}

// As far as the budget allows.
std::string_view CopyText(base::Arena& arena, std::string_view text) {
  base::Budget& budget = arena.budget();
  if (!budget.SpendText(text.size()) || !budget.HasRoom(text.size())) return {};
  return arena.CopyString(text);
}

Value StoreMap(base::Arena& arena, std::span<const MapEntry> entries, std::uint8_t flags) {
  if (!MayCopy(arena, entries.size(), sizeof(MapEntry))) return Value::Map({}, flags);
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
  if (!MayCopy(*arena_, items_.size(), sizeof(Value))) items_.clear();
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
  if (!MayCopy(arena, entries.size() + 1, sizeof(MapEntry))) return map;
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
  if (!MayCopy(arena, entries.size(), sizeof(MapEntry))) return map;
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
      return Value::String(CopyText(arena, value.as_string()));
    case Kind::kBytes:
      return Value::Bytes(CopyText(arena, value.as_string()));
    case Kind::kType:
      return Value::Type(CopyText(arena, value.as_string()));
    case Kind::kOptional: {
      const base::Level level(arena.budget());
      if (!level || !value.optional_value()) return Value::Optional(nullptr);
      auto* held = arena.AllocateArray<Value>(1);
      *held = DeepCopy(arena, *value.optional_value());
      return Value::Optional(held);
    }
    case Kind::kList: {
      const auto items = value.as_list();
      const base::Level level(arena.budget());
      if (!level || !MayCopy(arena, items.size(), sizeof(Value))) return Value::List({});
      auto* stored = arena.AllocateArray<Value>(items.size());
      for (std::size_t i = 0; i < items.size(); ++i) stored[i] = DeepCopy(arena, items[i]);
      return Value::List({stored, items.size()}, value.flags());
    }
    case Kind::kMap: {
      const auto entries = value.as_map();
      const base::Level level(arena.budget());
      if (!level || !MayCopy(arena, entries.size(), sizeof(MapEntry))) return Value::Map({});
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

bool IsSame(const Value& a, const Value& b) {
  // Bytes that nothing is kept in may differ: then the same value is copied once more.
  // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
  return std::memcmp(&a, &b, sizeof(Value)) == 0;
}

namespace {

Value AsDouble(base::Arena& arena, const Value& value) {
  switch (value.kind()) {
    case Kind::kInt:
      return Value::Double(static_cast<double>(value.as_int()));
    case Kind::kUint:
      return Value::Double(static_cast<double>(value.as_uint()));
    default:
      return NumbersAsDoubles(arena, value);
  }
}

}  // namespace

Value NumbersAsDoubles(base::Arena& arena, const Value& value) {
  if (value.is_int() || value.kind() == Kind::kUint) return AsDouble(arena, value);
  return MapElements(arena, value, [&](const Value& below) { return AsDouble(arena, below); });
}

}  // namespace openchoreo::value
