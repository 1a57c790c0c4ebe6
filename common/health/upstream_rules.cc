#include "common/health/rule_functions.h"
#include "common/health/typed_shape.h"

namespace openchoreo::health {

using value::Value;

namespace {

constexpr std::string_view kNoType = "it does not convert to its type";

// Go stores counts in 32 bits and cuts what is longer.
std::int32_t Count32(LiveObject& live, const Value& node) {
  return static_cast<std::int32_t>(live.Count(node));
}

std::int32_t Replicas(LiveObject& live) {
  const Value replicas = live.At("spec", "replicas");
  return replicas.is_null() ? 1 : Count32(live, replicas);
}

// The last of a type counts: upstream walks the whole list.
Condition LastOf(LiveObject& live, std::string_view type) {
  const auto conditions = live.List(live.At("status", "conditions"));
  for (std::size_t i = conditions.size(); i > 0; --i) {
    const Condition found = live.Find(conditions.subspan(i - 1, 1), type);
    if (found.there) return found;
  }
  return {};
}

bool NotYetObserved(LiveObject& live) {
  const std::int64_t observed = live.observed_generation().value_or(0);
  return observed == 0 || live.generation() > observed;
}

}  // namespace

Judgement UpstreamDeployment(LiveObject& live, const Terms& terms) {
  if (!Converts(live.object(), kDeploymentShape)) return Unknown(kNoType);
  if (live.Bool(live.At("spec", "paused"))) return Suspended("it is paused");
  const std::int32_t desired = Replicas(live);
  if (desired == 0) return Suspended("it is scaled to zero");
  if (NotYetObserved(live)) return Progressing("its controller has not seen it yet");
  const std::int32_t updated = Count32(live, live.At("status", "updatedReplicas"));
  const std::int32_t ready = Count32(live, live.At("status", "readyReplicas"));
  const std::int32_t available = Count32(live, live.At("status", "availableReplicas"));
  const std::int32_t unavailable = Count32(live, live.At("status", "unavailableReplicas"));
  const Condition progressing = LastOf(live, "Progressing");
  if (progressing.there && progressing.reason == "ProgressDeadlineExceeded") {
    return Degraded("it made no progress within its deadline");
  }
  if (LastOf(live, "ReplicaFailure").IsTrue()) return Degraded("its pods cannot be created");
  if (desired == updated && available == 0 && desired > 0) {
    const bool rolled_out =
        progressing.reason == "NewReplicaSetAvailable" && terms.version == Version::kV1;
    if (progressing.IsTrue() && !rolled_out) return Progressing("its pods start");
    return Degraded("none of its pods is available");
  }
  const Condition is_available = LastOf(live, "Available");
  if (is_available.there && !is_available.IsTrue() && unavailable > 0 &&
      (ready > 0 || available > 0)) {
    return Degraded(kTooFewAvailable);
  }
  if (desired == updated && desired == ready && desired == available && unavailable == 0) {
    return Healthy("all of its pods are up to date, ready and available");
  }
  return Progressing("it rolls out");
}

Judgement UpstreamStatefulSet(LiveObject& live, const Terms&) {
  if (!Converts(live.object(), kStatefulSetShape)) return Unknown(kNoType);
  if (NotYetObserved(live)) return Progressing("its controller has not seen it yet");
  if (live.Text(live.At("status", "currentRevision")) !=
      live.Text(live.At("status", "updateRevision"))) {
    return Progressing("it rolls out");
  }
  const std::int32_t desired = Replicas(live);
  for (const std::string_view count : {"readyReplicas", "availableReplicas", "updatedReplicas"}) {
    if (Count32(live, live.At("status", count)) != desired) return Progressing("its pods start");
  }
  return Healthy("all of its pods are up to date, ready and available");
}

Judgement UpstreamPod(LiveObject& live, const Terms& terms) {
  if (!Converts(live.object(), kPodShape)) return Unknown(kNoType);
  const std::string_view phase = live.Text(live.At("status", "phase"));
  if (phase == "Pending") return Progressing("it waits or starts");
  if (phase == "Succeeded") return Healthy("it is done");
  if (phase == "Failed") return Degraded("it failed");
  if (phase != "Running") return Unknown("its phase is unknown");
  for (const Value& container : live.List(live.At("status", "containerStatuses"))) {
    const bool ready = live.Bool(live.Field(container, "ready"));
    if (!ready && terms.version == Version::kV012) return Progressing("it is not ready");
    const std::string_view waits = live.Text(live.Below(container, "state", "waiting", "reason"));
    if (waits == "CrashLoopBackOff" || waits == "ImagePullBackOff" || waits == "ErrImagePull") {
      return Degraded("a container cannot run");
    }
    if (!ready) return Progressing("it is not ready");
  }
  return Healthy("it runs");
}

Judgement UpstreamCronJob(LiveObject& live, const Terms&) {
  if (!Converts(live.object(), kCronJobShape)) return Unknown(kNoType);
  if (live.Bool(live.At("spec", "suspend"))) return Suspended("it is suspended");
  if (!live.List(live.At("status", "active")).empty()) return Progressing("a run is at work");
  if (!live.At("status", "lastScheduleTime").is_null()) return Healthy("it has run");
  return Progressing("it has not run yet");
}

}  // namespace openchoreo::health
