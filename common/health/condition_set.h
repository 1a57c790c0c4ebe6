// The conditions of one object while they are being judged. Internal to this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/health/binding_conditions.h"

namespace openchoreo::health {

namespace condition {

inline constexpr std::string_view kReady = "Ready";
inline constexpr std::string_view kReleaseSynced = "ReleaseSynced";
inline constexpr std::string_view kSynced = "Synced";
inline constexpr std::string_view kConnectionsResolved = "ConnectionsResolved";
inline constexpr std::string_view kResourceDependenciesReady = "ResourceDependenciesReady";
inline constexpr std::string_view kResourcesReady = "ResourcesReady";
inline constexpr std::string_view kNamespaceReady = "NamespaceReady";
inline constexpr std::string_view kOutputsResolved = "OutputsResolved";
inline constexpr std::string_view kFinalizing = "Finalizing";

}  // namespace condition

// What a condition says, without its type.
struct Verdict {
  std::string_view status;
  std::string_view reason;
  std::string message;
};

inline Verdict True(std::string_view reason, std::string message) {
  return {"True", reason, std::move(message)};
}

inline Verdict False(std::string_view reason, std::string message) {
  return {"False", reason, std::move(message)};
}

// As apimachinery's meta.SetStatusCondition keeps them.
class ConditionSet {
 public:
  ConditionSet(std::vector<BindingCondition> previous, std::int64_t generation, std::string now)
      : conditions_(std::move(previous)), generation_(generation), now_(std::move(now)) {}

  void Set(std::string_view type, const Verdict& verdict) {
    for (BindingCondition& old : conditions_) {
      if (old.type != type) continue;
      if (old.status != verdict.status) {
        old.status = verdict.status;
        old.transition = now_;
      }
      old.reason = verdict.reason;
      old.message = verdict.message;
      old.observed_generation = generation_;
      return;
    }
    conditions_.push_back({std::string(type), std::string(verdict.status),
                           std::string(verdict.reason), verdict.message, generation_, now_});
  }

  const BindingCondition* Find(std::string_view type) const {
    for (const BindingCondition& found : conditions_) {
      if (found.type == type) return &found;
    }
    return nullptr;
  }

  bool IsTrue(std::string_view type) const {
    const BindingCondition* found = Find(type);
    return found && found->status == "True";
  }

  std::vector<BindingCondition> Take() { return std::move(conditions_); }

 private:
  std::vector<BindingCondition> conditions_;
  std::int64_t generation_;
  std::string now_;
};

}  // namespace openchoreo::health
