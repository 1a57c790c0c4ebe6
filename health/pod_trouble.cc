#include "health/pod_trouble.h"

#include <memory>
#include <span>

namespace openchoreo::mapper {

using value::Value;

namespace {

constexpr std::size_t kMaxMessage = 200;  // bytes of a container's or the scheduler's message

std::span<const Value> ListOf(const Value& list) {
  return list.is_list() ? list.as_list() : std::span<const Value>();
}

std::string Told(std::string_view reason, const Value& message) {
  std::string text(reason);
  if (reason == "CrashLoopBackOff") return text;  // whose message counts seconds
  std::string_view more = message.string_or_empty();
  more = more.substr(0, more.find('\n')).substr(0, kMaxMessage);
  if (!more.empty()) text.append(": ").append(more);
  return text;
}

bool IsStarting(std::string_view reason) {
  return reason.empty() || reason == "ContainerCreating" || reason == "PodInitializing";
}

std::string TroubleOfContainer(const Value& container) {
  const Value waiting = container.Get("state", "waiting");
  const std::string_view reason = waiting.Get("reason").string_or_empty();
  if (!IsStarting(reason)) return Told(reason, waiting.Get("message"));
  const Value ended = container.Get("state", "terminated");
  const Value code = ended.Get("exitCode");
  if (code.is_int() && code.as_int() != 0) {
    return Told(ended.Get("reason").string_or_empty(), ended.Get("message")) + " (exit code " +
           std::to_string(code.as_int()) + ")";
  }
  return "";
}

}  // namespace

std::string TroubleOfPod(const Value& pod) {
  const std::string name = "pod " + std::string(pod.Get("metadata", "name").string_or_empty());
  const Value status = pod.Get("status");
  for (const std::string_view list : {"initContainerStatuses", "containerStatuses"}) {
    for (const Value& container : ListOf(status.Get(list))) {
      const std::string trouble = TroubleOfContainer(container);
      if (trouble.empty()) continue;
      return name + ": container " + std::string(container.Get("name").string_or_empty()) + ": " +
             trouble;
    }
  }
  for (const Value& condition : ListOf(status.Get("conditions"))) {
    if (condition.Get("type").string_or_empty() == "PodScheduled" &&
        condition.Get("status").string_or_empty() == "False") {
      return name + ": " +
             Told(condition.Get("reason").string_or_empty(), condition.Get("message"));
    }
  }
  return "";
}

std::string SelectorOf(const Value& workload) {
  std::string text;
  const Value labels = workload.Get("spec", "selector", "matchLabels");
  if (!labels.is_map()) return text;
  for (const value::MapEntry& label : labels.as_map()) {
    if (!text.empty()) text += ',';
    text.append(label.key.as_string()).append("=").append(label.value.string_or_empty());
  }
  return text;
}

base::Result<std::string> FindPodTrouble(kube::Client& client, const Value& workload,
                                         const base::Cancel& cancel) {
  for (const Value& condition : ListOf(workload.Get("status", "conditions"))) {
    if (condition.Get("type").string_or_empty() == "ReplicaFailure" &&
        condition.Get("status").string_or_empty() == "True") {
      return Told(condition.Get("reason").string_or_empty(), condition.Get("message"));
    }
  }
  static const kube::Resource kPods{"", "v1", "pods", "Pod", true};
  static const auto kKeep = std::make_shared<const value::FieldMask>(
      value::FieldMask::Only({"/metadata/name", "/status/conditions", "/status/containerStatuses",
                              "/status/initContainerStatuses"}));
  kube::Selector selector;
  selector.ns = workload.Get("metadata", "namespace").string_or_empty();
  selector.labels = SelectorOf(workload);
  selector.keep = kKeep;
  if (selector.ns.empty() || selector.labels.empty()) return std::string();
  std::string trouble;
  const auto page = client.List(
      kPods, selector, "",
      [&](const Value& pod) {
        if (trouble.empty()) trouble = TroubleOfPod(pod);
      },
      cancel);
  if (!page) return base::Fail(page.error());
  return trouble;
}

}  // namespace openchoreo::mapper
