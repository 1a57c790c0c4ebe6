#include <algorithm>

#include "common/health/rule_functions.h"

namespace openchoreo::health {

using value::Value;

namespace {

constexpr std::string_view kStale = "its controller has not seen its last change";

// Kinds of operators have a dot in their group; Kubernetes' own end in .k8s.io.
bool IsOperatorsGroup(std::string_view group) {
  return group.find('.') != std::string_view::npos && !group.ends_with(".k8s.io");
}

// status.ancestors, as the policies of Gateway API controllers have it.
std::optional<Judgement> AncestorsVerdict(LiveObject& live) {
  const auto ancestors = live.List(live.At("status", "ancestors"));
  const auto refused = [](const Condition& condition) {
    return condition.FreshFalse() && condition.reason != "Pending";
  };
  bool waiting = false;
  for (const Value& ancestor : ancestors) {
    const auto conditions = live.List(live.Field(ancestor, "conditions"));
    const Condition accepted = live.Find(conditions, "Accepted");
    const Condition resolved = live.Find(conditions, "ResolvedRefs");
    if (refused(accepted) || refused(resolved)) {
      return Degraded("a gateway refuses it or what it refers to");
    }
    waiting |= !accepted.FreshTrue() || (resolved.there && !resolved.fresh);
  }
  if (waiting) return Progressing("a gateway has not accepted it yet");
  return std::nullopt;
}

}  // namespace

Judgement Clocked(const std::optional<base::Instant>& start, std::int64_t seconds,
                  const Terms& terms, Judgement first, Judgement after, Judgement timeless) {
  if (!start || !terms.now) return timeless;
  const base::Instant end = base::PlusSeconds(*start, seconds);
  if (*terms.now > end) return after;
  first.look_again = end;
  return first;
}

Judgement ExistenceRule(LiveObject&, const Terms&) { return Healthy("it is there"); }

Judgement ClaimRule(LiveObject& live, const Terms&) {
  const std::string_view phase = live.Text(live.At("status", "phase"));
  if (phase == "Bound") return Healthy("it is bound");
  if (phase == "Lost") return Degraded("its volume is lost");
  return Progressing("it waits for a volume");
}

Judgement NamespaceRule(LiveObject& live, const Terms&) {
  if (live.Text(live.At("status", "phase")) == "Terminating") {
    return Progressing("it is being deleted");
  }
  return Healthy("it is there");
}

Judgement AutoscalerRule(LiveObject& live, const Terms& terms) {
  const Condition able = live.Find("AbleToScale"), active = live.Find("ScalingActive");
  if (able.IsFalse()) return Degraded("it cannot scale its target");
  if (active.IsFalse()) {
    if (active.reason == "InvalidSelector") return Degraded("its target's selector is invalid");
    if (active.reason == "ScalingDisabled") return Healthy("its target is scaled to zero");
    // Metrics are missing for half a minute in every rollout (argo-cd#28522).
    const Judgement waits = Progressing("it has no metrics");
    return Clocked(live.Time(active.transition), 300, terms, waits,
                   Degraded("it has had no metrics for five minutes"), waits);
  }
  if (able.IsTrue()) return Healthy("it can scale");
  return Progressing("its controller has not seen it yet");
}

Judgement ExternalSecretsRule(LiveObject& live, const Terms&) {
  const std::string_view synced = live.Text(live.At("status", "syncedResourceVersion"));
  const std::size_t digits = std::min(synced.find_first_not_of("0123456789"), synced.size());
  if (digits > 0 && digits < 19 && digits < synced.size() && synced[digits] == '-') {
    std::int64_t generation = 0;
    for (const char c : synced.substr(0, digits)) generation = generation * 10 + (c - '0');
    if (generation < live.generation()) return Progressing(kStale);
  }
  const Condition ready = live.Find("Ready");
  if (ready.IsTrue()) return Healthy("it is ready");
  if (ready.IsFalse()) return Degraded("it is not ready");
  return Progressing("it is not ready yet");
}

Judgement ToolkitRule(LiveObject& live, const Terms&) {
  if (live.Bool(live.At("spec", "suspend"))) return Suspended("it is suspended");
  if (live.Find("Stalled").FreshTrue()) return Degraded("it is stalled");
  const Condition ready = live.Find("Ready");
  if (!ready.there || !ready.fresh) return Progressing(kStale);
  if (ready.IsFalse() && ready.reason != "Progressing" && ready.reason != "ProgressingWithRetry" &&
      ready.reason != "DependencyNotReady") {
    return Degraded("it failed");
  }
  if (live.Find("Reconciling").FreshTrue()) return Progressing("it is being reconciled");
  if (ready.IsTrue()) return Healthy("it is ready");
  return Progressing("it is not ready yet");
}

Judgement ConventionRule(LiveObject& live, const Terms& terms) {
  const Value status = live.At("status");
  if (status.is_null() || (status.is_map() && status.size() == 0)) {
    const Judgement there = Healthy("it is there and has no status");
    if (!IsOperatorsGroup(live.group())) return there;
    return Clocked(live.Time(live.At("metadata", "creationTimestamp")), 15, terms,
                   Progressing("it has no status yet"), there, there);
  }
  for (const std::string_view type : {"Stalled", "Degraded", "Failed"}) {
    if (live.Find(type).FreshTrue()) return Degraded("a condition says so");
  }
  if (const auto verdict = AncestorsVerdict(live)) return *verdict;
  if (const Condition synced = live.Find("Synced"); synced.FreshFalse()) {
    if (synced.reason == "ReconcilePaused") return Suspended("it is paused");
    return Degraded("it cannot be synced");
  }
  if (live.Find("Reconciling").FreshTrue()) return Progressing("it is being reconciled");
  Condition ready = live.Find("Ready");
  if (!ready.there) ready = live.Find("Available");
  if (ready.there) {
    return ready.FreshTrue() ? Healthy("it is ready") : Progressing("it is not ready yet");
  }
  const auto observed = live.observed_generation();
  const auto conditions = live.List(live.At("status", "conditions"));
  if ((observed && *observed < live.generation()) ||
      (!conditions.empty() && !live.AnyFresh(conditions))) {
    return Progressing(kStale);
  }
  return Healthy("nothing speaks against it");
}

}  // namespace openchoreo::health
