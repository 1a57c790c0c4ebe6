#include "common/health/rule_functions.h"

namespace openchoreo::health {

using value::Value;

namespace {

constexpr std::string_view kNotObserved = "its controller has not seen it yet";

bool NotYetObserved(LiveObject& live) {
  const std::int64_t observed = live.observed_generation().value_or(0);
  return observed == 0 || live.generation() > observed;
}

bool IsFailure(std::string_view waiting) {
  return waiting.starts_with("Err") || waiting.ends_with("Error") || waiting.ends_with("BackOff") ||
         waiting == "InvalidImageName";
}

}  // namespace

Judgement DeploymentRule(LiveObject& live, const Terms& terms) {
  const Judgement upstream = UpstreamDeployment(live, Terms{Mode::kUpstream, Version::kV1, {}});
  if (upstream.why != kTooFewAvailable) return upstream;
  // Scaling out makes pods unavailable for as long as they take to start (argo-cd#6287).
  const auto since = live.Time(live.Find("Available").transition);
  return Clocked(since, 120, terms, Progressing("its pods start"), upstream, upstream);
}

Judgement StatefulSetRule(LiveObject& live, const Terms&) {
  const std::int64_t desired = live.Int(live.At("spec", "replicas")).value_or(1);
  if (desired == 0) return Suspended("it is scaled to zero");
  if (NotYetObserved(live)) return Progressing(kNotObserved);
  const auto count = [&](std::string_view key) { return live.Count(live.At("status", key)); };
  if (count("readyReplicas") < desired || count("availableReplicas") < desired) {
    return Progressing("its pods start");
  }
  if (count("replicas") > desired) return Progressing("it scales in");
  const Value strategy = live.At("spec", "updateStrategy");
  if (live.Text(live.Field(strategy, "type")) == "OnDelete") {
    return Healthy("its pods are available; updates wait until pods are deleted");
  }
  const std::int64_t partition = live.Count(live.Below(strategy, "rollingUpdate", "partition"));
  if (partition > 0 && count("updatedReplicas") >= desired - partition) {
    return Healthy("its pods are available, those of the partition up to date");
  }
  if (live.Text(live.At("status", "currentRevision")) !=
          live.Text(live.At("status", "updateRevision")) ||
      count("updatedReplicas") != desired) {
    return Progressing("it rolls out");
  }
  return Healthy("all of its pods are up to date and available");
}

Judgement DaemonSetRule(LiveObject& live, const Terms&) {
  if (NotYetObserved(live)) return Progressing(kNotObserved);
  const auto count = [&](std::string_view key) { return live.Count(live.At("status", key)); };
  const std::int64_t desired = count("desiredNumberScheduled");
  if (count("currentNumberScheduled") < desired || count("numberReady") < desired ||
      count("numberAvailable") < desired) {
    return Progressing("its pods start");
  }
  const bool on_delete = live.Text(live.At("spec", "updateStrategy", "type")) == "OnDelete";
  if (!on_delete && count("updatedNumberScheduled") < desired) return Progressing("it rolls out");
  return Healthy("its pods are available");
}

Judgement JobRule(LiveObject& live, const Terms&) {
  if (live.Find("Failed").IsTrue() || live.Find("FailureTarget").IsTrue()) {
    return Degraded("it failed");
  }
  if (live.Find("Complete").IsTrue()) return Healthy("it is complete");
  if (live.Bool(live.At("spec", "suspend")) || live.Find("Suspended").IsTrue()) {
    return Suspended("it is suspended");
  }
  return Progressing("it runs");
}

Judgement CronJobRule(LiveObject& live, const Terms&) {
  if (live.Bool(live.At("spec", "suspend"))) return Suspended("it is suspended");
  if (!live.List(live.At("status", "active")).empty()) return Progressing("a run is at work");
  const auto scheduled = live.Time(live.At("status", "lastScheduleTime"));
  if (!scheduled) return Healthy("it has not run yet");
  const auto succeeded = live.Time(live.At("status", "lastSuccessfulTime"));
  if (!succeeded || *succeeded < *scheduled) return Degraded("its last run did not succeed");
  return Healthy("its last run succeeded");
}

Judgement PodRule(LiveObject& live, const Terms&) {
  const std::string_view phase = live.Text(live.At("status", "phase"));
  if (phase == "Succeeded") return Healthy("it is done");
  if (phase == "Failed") return Degraded("it failed");
  if (phase.empty()) return Progressing("it has no phase yet");
  if (phase != "Pending" && phase != "Running") return Unknown("its phase is unknown");
  const auto containers = live.List(live.At("status", "containerStatuses"));
  for (const auto list : {live.List(live.At("status", "initContainerStatuses")), containers}) {
    for (const Value& container : list) {
      if (IsFailure(live.Text(live.Below(container, "state", "waiting", "reason")))) {
        return Degraded("a container cannot run");
      }
    }
  }
  if (phase == "Pending") return Progressing("it waits or starts");
  if (const Condition ready = live.Find("Ready"); ready.there) {
    return ready.IsTrue() ? Healthy("it is ready") : Progressing("it is not ready");
  }
  bool all = !containers.empty();
  for (const Value& container : containers) all &= live.Bool(live.Field(container, "ready"));
  return all ? Healthy("its containers are ready") : Progressing("it is not ready");
}

}  // namespace openchoreo::health
