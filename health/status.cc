#include "health/status.h"

#include <algorithm>

#include "common/platform/kube/conditions.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::mapper {

using value::Value;

namespace {

bool IsOurs(std::string_view type) {
  for (const std::string_view ours :
       {"Synced", "NamespaceReady", "ResourcesReady", "OutputsResolved", "Ready", "Finalizing"}) {
    if (type == ours) return true;
  }
  return false;
}

Value ConditionsValue(const std::vector<health::BindingCondition>& conditions, bool ours_alone,
                      base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const health::BindingCondition& condition : conditions) {
    if (ours_alone && !IsOurs(condition.type)) continue;
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

// What a connection is to, as upstream's status names it. Of the last two, one is given.
Value TargetValue(const record::Record& record, const record::Connection& connection,
                  Value environment, Value url, base::Arena& arena) {
  return value::MakeMap(arena, {{"component", Value::String(connection.component)},
                                {"endpoint", Value::String(connection.endpoint)},
                                {"environment", environment},
                                {"namespace", Value::String(record.binding.ns)},
                                {"project", Value::String(connection.project)},
                                {"url", url},
                                {"visibility", Value::String(connection.visibility)}});
}

void AddConnections(const record::Record& record, value::MapBuilder& status, base::Arena& arena) {
  status.Add("pendingConnections", PendingConnections(record, arena));
  // A record that an older version wrote counts them only.
  if (record.connections.size() !=
      record.resolved_connections + record.pending_connections.size()) {
    return;
  }
  value::ListBuilder targets(arena), resolved(arena);
  for (const record::Connection& connection : record.connections) {
    targets.Add(
        TargetValue(record, connection, Value::String(record.environment), Value::Omit(), arena));
    if (connection.url.is_map())
      resolved.Add(TargetValue(record, connection, Value::Omit(), connection.url, arena));
  }
  status.Add("connectionTargets", targets.Build());
  status.Add("resolvedConnections", resolved.Build());
}

void AddResourceDependencies(const record::Record& record, value::MapBuilder& status,
                             base::Arena& arena) {
  status.Add("pendingResourceDependencies", PendingResources(record, arena));
  const std::vector<std::string_view>& names = record.resource_dependencies;
  if (names.size() != record.resolved_resources + record.pending_resources.size()) return;
  value::ListBuilder targets(arena);
  for (const std::string_view name : names) {
    targets.Add(value::MakeMap(arena, {{"environment", Value::String(record.environment)},
                                       {"namespace", Value::String(record.binding.ns)},
                                       {"project", record.owner.Get("projectName")},
                                       {"resourceName", Value::String(name)}}));
  }
  status.Add("resourceDependencyTargets", targets.Build());
}

Value Texts(const std::vector<std::string_view>& texts, base::Arena& arena) {
  value::ListBuilder list(arena);
  for (const std::string_view text : texts) list.Add(Value::String(text));
  return list.Build();
}

// Whether every one of `wanted` is among `has` as it is.
bool HasConditions(const Value& has, const Value& wanted) {
  if (!has.is_list()) return wanted.size() == 0;
  for (const Value& condition : wanted.as_list()) {
    const auto same = [&](const Value& other) { return value::JsonEquals(other, condition); };
    if (std::ranges::none_of(has.as_list(), same)) return false;
  }
  return true;
}

}  // namespace

Value FindCondition(const Value& object, std::string_view type) {
  const Value list = object.Get("status", "conditions");
  if (!list.is_list()) return {};
  for (const Value& condition : list.as_list()) {
    if (condition.Get("type").string_or_empty() == type) return condition;
  }
  return {};
}

bool ConditionsAreMap(std::string_view kind) { return kind != "ReleaseBinding"; }

Value WantedStatus(const Value& binding, const Assessment& assessment, const record::Record* record,
                   health::Version version, std::string_view now, base::Arena& arena) {
  value::MapBuilder status(arena);
  const std::string_view kind = binding.Get("kind").string_or_empty();
  status.Add("conditions", ConditionsValue(assessment.conditions, ConditionsAreMap(kind), arena));
  if (version == health::Version::kV012) return status.Build();
  if (kind == "ReleaseBinding") {
    const Value generation = binding.Get("metadata", "generation");
    status.Add("observedGeneration", generation);
    if (!value::JsonEquals(generation, binding.Get("status", "observedGeneration"))) {
      status.Add("lastSpecUpdateTime", Value::String(arena.CopyString(now)));
    }
    // As upstream: what is undeployed has no endpoints; what else was said of it stays.
    if (binding.Get("spec", "state").string_or_empty() == "Undeploy") {
      status.Add("endpoints", Value::List({}));
    } else if (record && record->version >= 2) {
      status.Add("endpoints", record->endpoints.is_list() ? record->endpoints : Value::List({}));
      AddConnections(*record, status, arena);
      AddResourceDependencies(*record, status, arena);
      status.Add("secretReferenceNames", Texts(record->secret_references, arena));
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
    if (field.key.as_string() == "conditions" &&
        ConditionsAreMap(binding.Get("kind").string_or_empty())) {
      if (!HasConditions(has, field.value)) return false;
      continue;
    }
    const bool both_empty = has.is_null() && field.value.is_list() && field.value.size() == 0;
    if (!both_empty && !value::JsonEquals(has, field.value)) return false;
  }
  return true;
}

Value WithoutMoment(const Value& wanted, base::Arena& arena) {
  return value::WithoutKey(arena, wanted, "lastSpecUpdateTime");
}

bool MayLackRecord(const kube::Live& binding) {
  return binding.deleting() ||
         binding.object().Get("spec", "state").string_or_empty() == "Undeploy";
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
