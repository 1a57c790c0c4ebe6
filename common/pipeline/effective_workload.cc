#include "common/pipeline/effective_workload.h"

#include <map>
#include <span>
#include <string_view>

#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

std::span<const Value> ItemsOf(const Value& list) {
  return list.is_list() ? list.as_list() : std::span<const Value>();
}

std::string_view KeyOf(const Value& entry) { return entry.Get("key").string_or_empty(); }

// Of overrides with one key the last replaces the base entry; all of them are appended if there is
// none.
Value MergedByKey(const Value& base, const Value& overrides, base::Arena& arena) {
  std::map<std::string_view, Value> pending;
  for (const Value& entry : ItemsOf(overrides)) pending[KeyOf(entry)] = entry;
  value::ListBuilder merged(arena);
  for (const Value& entry : ItemsOf(base)) {
    const auto found = pending.find(KeyOf(entry));
    if (found == pending.end()) {
      merged.Add(entry);
      continue;
    }
    merged.Add(found->second);
    pending.erase(found);
  }
  for (const Value& entry : ItemsOf(overrides)) {
    if (pending.contains(KeyOf(entry))) merged.Add(entry);
  }
  return merged.Build();
}

}  // namespace

Value EffectiveContainer(const Value& container, const Value& overrides, base::Arena& arena) {
  Value merged = container;
  for (std::string_view key : {"env", "files"}) {
    if (ItemsOf(overrides.Get(key)).empty()) continue;
    if (!merged.is_map()) merged = value::MakeMap(arena, {});
    merged = value::WithKey(arena, merged, key,
                            MergedByKey(container.Get(key), overrides.Get(key), arena));
  }
  return merged;
}

Value EffectiveContainers(const Value& containers, const Value& overrides, base::Arena& arena) {
  if (!overrides.is_map()) return containers;
  Value merged = containers;
  for (const auto& [name, override_container] : overrides.as_map()) {
    const Value* container = containers.Find(name.as_string());
    if (!container) continue;
    merged = value::WithKey(arena, merged, name.as_string(),
                            EffectiveContainer(*container, override_container, arena));
  }
  return merged;
}

}  // namespace openchoreo::pipeline
