#include "flux-source/source_status.h"

#include "common/platform/kube/conditions.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "flux-source/spec.h"

namespace openchoreo::flux {

namespace {

using value::Value;

Value Text(base::Arena& arena, std::string_view text) {
  return Value::String(arena.CopyString(text));
}

Value TextOrNothing(base::Arena& arena, std::string_view text) {
  return text.empty() ? Value::Omit() : Text(arena, text);
}

std::int64_t GenerationOf(const Value& object) {
  const Value generation = object.Get("metadata", "generation");
  return generation.is_int() ? generation.as_int() : 0;
}

kube::Conditions ConditionsOf(const Value& object, const SourceStatus& status,
                              std::string_view now) {
  kube::Conditions conditions = kube::Conditions::Read(object.Get("status", "conditions"));
  const std::int64_t generation = GenerationOf(object);
  const Outcome& outcome = status.outcome;
  if (status.working) {
    conditions.Remove("Stalled");
    conditions.Set(
        {"Reconciling", "True", "Progressing", "reconciliation in progress", generation, ""}, now);
    if (conditions.Find("Ready") == nullptr) {
      conditions.Set(
          {"Ready", "Unknown", "Progressing", "reconciliation in progress", generation, ""}, now);
    }
    return conditions;
  }
  conditions.Set(
      {"Ready", outcome.ready ? "True" : "False", outcome.reason, outcome.message, generation, ""},
      now);
  if (outcome.stalled) {
    conditions.Set({"Stalled", "True", outcome.reason, outcome.message, generation, ""}, now);
  } else {
    conditions.Remove("Stalled");
  }
  if (outcome.ready || outcome.stalled) {
    conditions.Remove("Reconciling");
  } else {
    conditions.Set({"Reconciling", "True", "ProgressingWithRetry", outcome.message, generation, ""},
                   now);
  }
  return conditions;
}

Value StatusValue(const Value& object, const SourceStatus& status, std::string_view now,
                  base::Arena& arena) {
  value::ListBuilder observed(arena), inventory(arena);
  for (const ObservedSource& source : status.observed) {
    observed.Add(value::MakeMap(arena, {{"alias", Text(arena, source.alias)},
                                        {"digest", Text(arena, source.digest)},
                                        {"kind", Text(arena, source.kind)},
                                        {"name", Text(arena, source.name)},
                                        {"namespace", Text(arena, source.ns)},
                                        {"revision", Text(arena, source.revision)}}));
  }
  for (const InventoryEntry& entry : status.inventory) {
    inventory.Add(
        value::MakeMap(arena, {{"bindings", Value::Int(static_cast<std::int64_t>(entry.bindings))},
                               {"digest", Text(arena, entry.digest)},
                               {"held", entry.held ? Value::Bool(true) : Value::Omit()},
                               {"name", Text(arena, entry.name)},
                               {"revision", Text(arena, entry.revision)}}));
  }
  const Value sources = observed.size() > 0 ? observed.Build() : Value::Omit();
  return value::MakeMap(
      arena, {{"artifacts", Value::Int(static_cast<std::int64_t>(status.inventory.size()))},
              {"conditions", ConditionsOf(object, status, now).ToValue(arena)},
              {"inventory", inventory.Build()},
              {"lastHandledForceAt", TextOrNothing(arena, status.handled_force)},
              {"lastHandledReconcileAt", TextOrNothing(arena, status.handled_reconcile)},
              {"observedGeneration", Value::Int(GenerationOf(object))},
              {"observedSources", sources}});
}

std::string Field(const Value& map, std::string_view key) {
  return std::string(map.Get(key).string_or_empty());
}

}  // namespace

std::vector<ObservedSource> ReadObservedSources(const Value& status) {
  std::vector<ObservedSource> observed;
  const Value list = status.Get("observedSources");
  if (!list.is_list()) return observed;
  for (const Value& item : list.as_list()) {
    observed.push_back({Field(item, "alias"), Field(item, "kind"), Field(item, "namespace"),
                        Field(item, "name"), Field(item, "revision"), Field(item, "digest")});
  }
  return observed;
}

std::vector<InventoryEntry> ReadInventory(const Value& status) {
  std::vector<InventoryEntry> inventory;
  const Value list = status.Get("inventory");
  if (!list.is_list()) return inventory;
  for (const Value& item : list.as_list()) {
    const Value bindings = item.Get("bindings"), held = item.Get("held");
    InventoryEntry entry{Field(item, "name"), Field(item, "revision"), Field(item, "digest")};
    if (bindings.is_int() && bindings.as_int() > 0) {
      entry.bindings = static_cast<std::size_t>(bindings.as_int());
    }
    entry.held = held.is_bool() && held.as_bool();
    inventory.push_back(std::move(entry));
  }
  return inventory;
}

Value StatusBody(const Value& object, const SourceStatus& status, std::string_view now,
                 base::Arena& arena) {
  const Value metadata = value::MakeMap(
      arena, {{"name", Text(arena, object.Get("metadata", "name").string_or_empty())},
              {"namespace", Text(arena, object.Get("metadata", "namespace").string_or_empty())}});
  return value::MakeMap(arena, {{"apiVersion", Value::String(kApiVersion)},
                                {"kind", Value::String(kKind)},
                                {"metadata", metadata},
                                {"status", StatusValue(object, status, now, arena)}});
}

bool StatusIsAsWanted(const Value& object, const SourceStatus& status) {
  base::Arena arena;
  // A transition shows in the condition's status too, so the time given here is never compared.
  return value::JsonEquals(object.Get("status"), StatusValue(object, status, "-", arena));
}

}  // namespace openchoreo::flux
