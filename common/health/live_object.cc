#include "common/health/live_object.h"

#include <cmath>

namespace openchoreo::health {

using value::Value;

Value LiveObject::Field(const Value& node, std::string_view key) {
  if (node.is_map()) return node.Get(key);
  if (!node.is_null()) misfit_ = true;
  return Value();
}

std::optional<std::int64_t> LiveObject::Int(const Value& node) {
  if (node.is_int()) return node.as_int();
  if (node.is_double() && node.as_double() == std::trunc(node.as_double()) &&
      std::abs(node.as_double()) < 9.2e18) {
    return static_cast<std::int64_t>(node.as_double());
  }
  if (!node.is_null()) misfit_ = true;
  return std::nullopt;
}

bool LiveObject::Bool(const Value& node) {
  if (node.is_bool()) return node.as_bool();
  if (!node.is_null()) misfit_ = true;
  return false;
}

std::string_view LiveObject::Text(const Value& node) {
  if (node.is_string()) return node.as_string();
  if (!node.is_null()) misfit_ = true;
  return {};
}

std::span<const Value> LiveObject::List(const Value& node) {
  if (node.is_list()) return node.as_list();
  if (!node.is_null()) misfit_ = true;
  return {};
}

std::optional<base::Instant> LiveObject::Time(const Value& node) {
  if (node.is_null()) return std::nullopt;
  auto instant = base::ParseRfc3339(Text(node));
  if (!instant) misfit_ = true;
  return instant;
}

bool LiveObject::Fresh(const Value& condition) {
  const auto own = Int(Field(condition, "observedGeneration"));
  const auto observed = own ? own : observed_generation();
  return !observed || *observed >= generation();
}

Condition LiveObject::Find(std::span<const Value> conditions, std::string_view type) {
  for (const Value& item : conditions) {
    if (!Step()) return {};
    if (Text(Field(item, "type")) != type) continue;
    Condition found;
    found.there = true;
    found.fresh = Fresh(item);
    found.status = Text(Field(item, "status"));
    found.reason = Text(Field(item, "reason"));
    found.transition = Field(item, "lastTransitionTime");
    return found;
  }
  return {};
}

bool LiveObject::AnyFresh(std::span<const Value> conditions) {
  for (const Value& item : conditions) {
    if (!Step()) return false;
    if (Fresh(item)) return true;
  }
  return false;
}

}  // namespace openchoreo::health
