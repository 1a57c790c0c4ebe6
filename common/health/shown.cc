#include "common/health/shown.h"

#include "common/names/reasons.h"

namespace openchoreo::health {

using names::ReasonClass;
using value::Value;

namespace {

Value FindCondition(const Value& binding, std::string_view type) {
  const Value conditions = binding.Get("status", "conditions");
  if (!conditions.is_list()) return {};
  for (const Value& condition : conditions.as_list()) {
    if (condition.Get("type").string_or_empty() == type) return condition;
  }
  return {};
}

std::string_view Text(const Value& condition, std::string_view key) {
  return condition.Get(key).string_or_empty();
}

std::string Told(const Value& condition) {
  const std::string_view reason = Text(condition, "reason"), message = Text(condition, "message");
  if (reason.empty()) return std::string(message);
  if (message.empty()) return std::string(reason);
  return std::string(reason) + ": " + std::string(message);
}

// A generation that is there and behind the object's.
bool IsBehind(const Value& observed, const Value& binding) {
  const Value generation = binding.Get("metadata", "generation");
  return observed.is_int() && generation.is_int() && observed.as_int() < generation.as_int();
}

// "Release is not synced" says little: what it waits for is in another condition.
Value Deciding(const Value& binding, const Value& ready) {
  if (Text(ready, "reason") != "ReleaseSynced") return ready;
  for (const std::string_view type : {"ConnectionsResolved", "ResourceDependenciesReady"}) {
    const Value condition = FindCondition(binding, type);
    if (Text(condition, "status") == "False") return condition;
  }
  return ready;
}

}  // namespace

std::string_view FluxStatusName(FluxStatus status) {
  switch (status) {
    case FluxStatus::kFailed:
      return "Failed";
    case FluxStatus::kCurrent:
      return "Current";
    case FluxStatus::kInProgress:
      break;
  }
  return "InProgress";
}

Shown ShownOf(const Value& binding) {
  const Value ready = FindCondition(binding, "Ready");
  if (!binding.Get("metadata", "deletionTimestamp").is_null()) {
    return {"Progressing", "Pending deletion", FluxStatus::kInProgress};
  }
  if (ready.is_null()) return {"Progressing", "no status yet", FluxStatus::kInProgress};
  if (IsBehind(binding.Get("status", "observedGeneration"), binding) ||
      IsBehind(ready.Get("observedGeneration"), binding)) {
    return {"Progressing", "the latest change was not looked at yet", FluxStatus::kInProgress};
  }
  const std::string_view status = Text(ready, "status");
  if (status == "True") {
    const Value resources = FindCondition(binding, "ResourcesReady");
    if (names::ClassOfReason(Text(resources, "reason")) == ReasonClass::kSuspended) {
      return {"Suspended", Told(resources), FluxStatus::kCurrent};
    }
    return {"Healthy", Told(ready), FluxStatus::kCurrent};
  }
  const ReasonClass why = names::ClassOfReason(Text(ready, "reason"));
  if (status == "False" && why == ReasonClass::kUndeployed) {
    const bool gone = binding.Get("spec", "state").string_or_empty() == "Undeploy" &&
                      Text(ready, "message") == kUndeployedMessage;
    if (gone) return {"Suspended", Told(ready), FluxStatus::kCurrent};
    return {"Progressing", Told(ready), FluxStatus::kInProgress};
  }
  const std::string message = Told(Deciding(binding, ready));
  if (status == "False" && why != ReasonClass::kProgressing) {
    return {"Degraded", message, FluxStatus::kFailed};
  }
  return {"Progressing", message, FluxStatus::kInProgress};
}

}  // namespace openchoreo::health
