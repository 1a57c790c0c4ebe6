#include "common/schema/defaulting.h"

#include <algorithm>

#include "common/value/map_builder.h"

namespace openchoreo::schema {

using value::MapEntry;
using value::Value;

namespace {

using value::IsSame;

// An element of a list or an additional property: its null, if not nullable, gives way to the
// default.
Value FillElement(const Value& element, const SchemaNode& schema, base::Arena& arena) {
  const bool replaced = element.is_null() && !schema.nullable;
  return FillDefaults(replaced ? schema.default_value : element, schema, arena);
}

// The value of a property that is there.
Value FillProperty(const Value& value, const Property& property, base::Arena& arena) {
  const SchemaNode& schema = *property.schema;
  const bool replaced = value.is_null() && !schema.nullable && !schema.default_value.is_null();
  return FillDefaults(replaced ? schema.default_value : value, schema, arena);
}

Value FillEntry(const MapEntry& entry, const SchemaNode& schema, base::Arena& arena) {
  const Property* property = schema.FindProperty(entry.key.as_string());
  if (property && !property->vendor) return FillProperty(entry.value, *property, arena);
  if (schema.additional_schema) return FillElement(entry.value, *schema.additional_schema, arena);
  return entry.value;
}

// Walks the entries and the defaults together, both sorted by key; copies from the first change on.
Value FillMap(const Value& map, const SchemaNode& schema, base::Arena& arena) {
  const auto entries = map.as_map();
  MapEntry* filled = nullptr;
  std::size_t count = 0;
  const auto put = [&](std::size_t entries_before, const MapEntry& entry) {
    if (!filled) {
      const std::size_t most = entries.size() + schema.defaults.size();
      if (!arena.budget().Spend(1 + most) || !arena.budget().HasRoom(most * sizeof(MapEntry)))
        return;
      filled = arena.AllocateArray<MapEntry>(most);
      std::copy(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(entries_before),
                filled);
      count = entries_before;
    }
    filled[count++] = entry;
  };
  auto missing = schema.defaults.begin();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (arena.budget().spent()) return map;
    const std::string_view key = entries[i].key.as_string();
    for (; missing != schema.defaults.end() && missing->name < key; ++missing) {
      put(i, {Value::String(missing->name), missing->value});
    }
    if (missing != schema.defaults.end() && missing->name == key) ++missing;
    const Value value = FillEntry(entries[i], schema, arena);
    if (filled || !IsSame(value, entries[i].value)) put(i, {entries[i].key, value});
  }
  for (; missing != schema.defaults.end(); ++missing) {
    put(entries.size(), {Value::String(missing->name), missing->value});
  }
  return filled ? Value::Map({filled, count}) : map;
}

Value FillList(const Value& list, const SchemaNode& schema, base::Arena& arena) {
  const auto items = list.as_list();
  Value* filled = nullptr;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = FillElement(items[i], schema, arena);
    if (arena.budget().spent()) return list;
    if (!filled && !IsSame(item, items[i])) {
      if (!arena.budget().HasRoom(items.size() * sizeof(Value))) return list;
      filled = arena.AllocateArray<Value>(items.size());
      std::copy(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i), filled);
    }
    if (filled) filled[i] = item;
  }
  return filled ? Value::List({filled, items.size()}) : list;
}

Value Pruned(const Value& value, const SchemaNode* schema, base::Arena& arena);

Value PrunedList(const Value& list, const SchemaNode* items, base::Arena& arena) {
  if (!arena.budget().Spend(1 + list.size()) ||
      !arena.budget().HasRoom(list.size() * sizeof(Value))) {
    return list;
  }
  auto* kept = arena.AllocateArray<Value>(list.size());
  bool changed = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    kept[i] = Pruned(list.as_list()[i], items, arena);
    changed |= !IsSame(kept[i], list.as_list()[i]);
  }
  return changed ? Value::List({kept, list.size()}) : list;
}

// Where no schema speaks of a value (`schema` is nullptr), its maps lose all they hold.
Value Pruned(const Value& value, const SchemaNode* schema, base::Arena& arena) {
  const base::Level level(arena.budget());
  if (!level) return value;
  if (value.is_list()) return PrunedList(value, schema ? schema->items : nullptr, arena);
  if (!value.is_map()) return value;
  if (!schema) return value.size() > 0 ? Value::Map({}) : value;
  if (!arena.budget().Spend(1 + value.size()) ||
      !arena.budget().HasRoom(value.size() * sizeof(MapEntry))) {
    return value;
  }
  auto* kept = arena.AllocateArray<MapEntry>(value.size());
  std::size_t count = 0;
  bool changed = false;
  for (const MapEntry& entry : value.as_map()) {
    const Property* property = schema->FindProperty(entry.key.as_string());
    if (!property && schema->additional != SchemaNode::Additional::kSchema) {
      changed = true;
      continue;
    }
    const Value below =
        Pruned(entry.value, property ? property->schema : schema->additional_schema, arena);
    changed |= !IsSame(below, entry.value);
    kept[count++] = {entry.key, below};
  }
  return changed ? Value::Map({kept, count}) : value;
}

}  // namespace

Value FillDefaults(const Value& value, const SchemaNode& schema, base::Arena& arena) {
  if (!schema.defaults_below) return value;
  const base::Level level(arena.budget());
  if (!level || !arena.budget().Spend(1 + value.size())) return value;
  if (value.is_map()) return FillMap(value, schema, arena);
  if (value.is_list() && schema.items) return FillList(value, *schema.items, arena);
  return value;
}

Value Prune(const Value& value, const SchemaNode& schema, base::Arena& arena) {
  return Pruned(value, &schema, arena);
}

}  // namespace openchoreo::schema
