#include "health/status.h"

#include "common/platform/kube/conditions.h"
#include "common/value/map_builder.h"

namespace openchoreo::mapper {

using value::Value;

namespace {

Value ConditionsValue(const std::vector<health::BindingCondition>& conditions, base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const health::BindingCondition& condition : conditions) {
    const auto text = [&](std::string_view given) {
      return Value::String(arena.CopyString(given));
    };
    list.Add(value::MakeMap(
        arena, {{"lastTransitionTime", text(condition.transition)},
                {"message", text(kube::CutText(condition.message, 32'768))},
                {"observedGeneration", Value::Int(condition.observed_generation)},
                {"reason", text(condition.reason.empty() ? "Unknown" : condition.reason)},
                {"status", text(condition.status)},
                {"type", text(condition.type)}}));
  }
  return list.Build();
}

Value PendingConnections(const record::Record& record, base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const record::PendingDependency& pending : record.pending_connections) {
    list.Add(value::MakeMap(arena, {{"component", Value::String(pending.name)},
                                    {"endpoint", Value::String(pending.endpoint)},
                                    {"namespace", Value::String(pending.ns)},
                                    {"project", Value::String(pending.project)},
                                    {"reason", Value::String(pending.reason)}}));
  }
  return list.Build();
}

Value PendingResources(const record::Record& record, base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const record::PendingDependency& pending : record.pending_resources) {
    list.Add(value::MakeMap(arena, {{"namespace", Value::String(pending.ns)},
                                    {"project", Value::String(pending.project)},
                                    {"reason", Value::String(pending.reason)},
                                    {"resourceName", Value::String(pending.name)}}));
  }
  return list.Build();
}

}  // namespace

Value WantedStatus(const Value& binding, const Assessment& assessment, const record::Record* record,
                   health::Version version, std::string_view now, base::Arena& arena) {
  value::MapBuilder status(arena);
  status.Add("conditions", ConditionsValue(assessment.conditions, arena));
  if (version == health::Version::kV012) return status.Build();
  const std::string_view kind = binding.Get("kind").string_or_empty();
  if (kind == "ReleaseBinding") {
    const Value generation = binding.Get("metadata", "generation");
    status.Add("observedGeneration", generation);
    if (!value::JsonEquals(generation, binding.Get("status", "observedGeneration"))) {
      status.Add("lastSpecUpdateTime", Value::String(arena.CopyString(now)));
    }
    if (record && record->version >= 2) {
      status.Add("endpoints", record->endpoints.is_list() ? record->endpoints : Value::List({}));
      status.Add("pendingConnections", PendingConnections(*record, arena));
      status.Add("pendingResourceDependencies", PendingResources(*record, arena));
    }
  }
  if (kind == "ResourceReleaseBinding" && assessment.outputs.is_list()) {
    status.Add("outputs", assessment.outputs);
  }
  return status.Build();
}

bool HasStatus(const Value& binding, const Value& wanted) {
  const Value status = binding.Get("status");
  for (const value::MapEntry& field : wanted.as_map()) {
    const Value has = status.Get(field.key.as_string());
    const bool both_empty = has.is_null() && field.value.is_list() && field.value.size() == 0;
    if (!both_empty && !value::JsonEquals(has, field.value)) return false;
  }
  return true;
}

std::optional<Writer> OtherWriter(const Value& binding) {
  std::optional<Writer> latest;
  const Value managers = binding.Get("metadata", "managedFields");
  if (!managers.is_list()) return latest;
  for (const Value& entry : managers.as_list()) {
    const std::string_view manager = entry.Get("manager").string_or_empty();
    if (manager == kManager || entry.Get("subresource").string_or_empty() != "status") continue;
    if (!entry.Get("fieldsV1", "f:status").Find("f:conditions")) continue;
    const auto time = base::ParseRfc3339(entry.Get("time").string_or_empty());
    if (time && (!latest || *time > latest->last)) latest = Writer{manager, *time};
  }
  return latest;
}

}  // namespace openchoreo::mapper
