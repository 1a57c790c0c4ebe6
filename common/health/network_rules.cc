#include <algorithm>

#include "common/health/rule_functions.h"

namespace openchoreo::health {

using value::Value;

namespace {

constexpr std::string_view kGatewayGroup = "gateway.networking.k8s.io";

// A fresh False that is no mere waiting.
bool Refused(const Condition& condition) {
  return condition.FreshFalse() && condition.reason != "Pending";
}

struct ParentReference {
  std::string_view group, kind, ns, name, section;
  std::optional<std::int64_t> port;

  friend bool operator==(const ParentReference&, const ParentReference&) = default;
};

ParentReference ReadReference(LiveObject& live, const Value& node, std::string_view own_ns) {
  const auto text = [&](std::string_view key, std::string_view otherwise) {
    const Value field = live.Field(node, key);
    return field.is_null() ? otherwise : live.Text(field);
  };
  return {text("group", kGatewayGroup), text("kind", "Gateway"),
          text("namespace", own_ns),    text("name", ""),
          text("sectionName", ""),      live.Int(live.Field(node, "port"))};
}

// What one controller says of one parent.
State StateOfParent(LiveObject& live, std::span<const Value> conditions) {
  const Condition accepted = live.Find(conditions, "Accepted");
  const Condition resolved = live.Find(conditions, "ResolvedRefs");
  if (Refused(accepted) || Refused(resolved) ||
      live.Find(conditions, "PartiallyInvalid").FreshTrue()) {
    return State::kDegraded;
  }
  const Condition programmed = live.Find(conditions, "Programmed");
  const bool good = accepted.FreshTrue() && (!resolved.there || resolved.FreshTrue()) &&
                    (!programmed.there || programmed.FreshTrue());
  return good ? State::kHealthy : State::kProgressing;
}

int Badness(State state) {
  return state == State::kDegraded ? 2 : state == State::kProgressing ? 1 : 0;
}

// The worst of what is said of the parent; answers of controllers that have long gone count only
// where there is no other.
State StateOfReference(LiveObject& live, const ParentReference& wanted,
                       std::span<const Value> parents, std::string_view own_ns) {
  bool answered = false;
  State worst = State::kHealthy;
  for (const Value& parent : parents) {
    if (!live.Step()) break;
    if (ReadReference(live, live.Field(parent, "parentRef"), own_ns) != wanted) continue;
    const auto conditions = live.List(live.Field(parent, "conditions"));
    if (!live.AnyFresh(conditions)) continue;
    answered = true;
    const State state = StateOfParent(live, conditions);
    if (Badness(state) > Badness(worst)) worst = state;
  }
  return answered ? worst : State::kProgressing;
}

bool ListenerRefused(LiveObject& live, const Value& listener) {
  const auto conditions = live.List(live.Field(listener, "conditions"));
  return Refused(live.Find(conditions, "Accepted")) ||
         Refused(live.Find(conditions, "ResolvedRefs")) ||
         Refused(live.Find(conditions, "Programmed")) ||
         live.Find(conditions, "Conflicted").FreshTrue();
}

}  // namespace

Judgement ServiceRule(LiveObject& live, const Terms&) {
  if (live.Text(live.At("spec", "type")) == "LoadBalancer" &&
      live.List(live.At("status", "loadBalancer", "ingress")).empty()) {
    return Progressing("it waits for its load balancer");
  }
  return Healthy("it is there");
}

Judgement RouteRule(LiveObject& live, const Terms&) {
  const std::string_view own_ns = live.Text(live.At("metadata", "namespace"));
  const auto parents = live.List(live.At("status", "parents"));
  State worst = State::kHealthy;
  for (const Value& reference : live.List(live.At("spec", "parentRefs"))) {
    if (live.misfit()) break;
    const ParentReference wanted = ReadReference(live, reference, own_ns);
    const State state = StateOfReference(live, wanted, parents, own_ns);
    if (Badness(state) > Badness(worst)) worst = state;
  }
  if (worst == State::kDegraded) return Degraded("a gateway refuses it or what it refers to");
  if (worst == State::kProgressing) return Progressing("a gateway has not accepted it yet");
  return Healthy("its gateways accept it");
}

Judgement GatewayRule(LiveObject& live, const Terms&) {
  const Condition programmed = live.Find("Programmed");
  if (Refused(live.Find("Accepted"))) return Degraded("it is not accepted");
  if (Refused(programmed) && programmed.reason != "AddressNotAssigned") {
    return Degraded("it cannot be programmed");
  }
  for (const Value& listener : live.List(live.At("status", "listeners"))) {
    if (ListenerRefused(live, listener)) return Degraded("a listener cannot work");
  }
  if (programmed.FreshTrue()) return Healthy("it is programmed");
  return Progressing("it is not programmed yet");
}

Judgement CiliumPolicyRule(LiveObject& live, const Terms&) {
  if (live.Find("Valid").IsFalse()) return Degraded("an agent refuses it");
  return Healthy("it is there");
}

}  // namespace openchoreo::health
