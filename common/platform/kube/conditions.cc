#include "common/platform/kube/conditions.h"

#include <algorithm>

#include "common/base/utf8.h"
#include "common/value/map_builder.h"

namespace openchoreo::kube {

using value::Value;

namespace {

constexpr std::size_t kMaxMessage = 32'768;  // maxLength of metav1.Condition
constexpr std::size_t kMaxReason = 1024;

}  // namespace

std::string CutText(std::string_view text, std::size_t limit) {
  std::string cut;
  std::size_t runes = 0, keep = 0;
  while (!text.empty()) {
    const base::DecodedRune decoded = base::DecodeRune(text);
    if (runes + 1 == limit) keep = cut.size();  // where the "…" would stand
    if (runes == limit) {
      cut.resize(keep);
      return cut + "…";
    }
    base::AppendRune(cut, decoded.rune);
    ++runes;
    text.remove_prefix(decoded.size);
  }
  return cut;
}

Conditions Conditions::Read(const Value& list) {
  Conditions conditions;
  if (!list.is_list()) return conditions;
  for (const Value& entry : list.as_list()) {
    Condition condition;
    condition.type = entry.Get("type").string_or_empty();
    if (condition.type.empty() || conditions.Find(condition.type) != nullptr) continue;
    condition.status = entry.Get("status").string_or_empty();
    condition.reason = entry.Get("reason").string_or_empty();
    condition.message = entry.Get("message").string_or_empty();
    const Value generation = entry.Get("observedGeneration");
    if (generation.is_int()) condition.observed_generation = generation.as_int();
    condition.last_transition_time = entry.Get("lastTransitionTime").string_or_empty();
    conditions.all_.push_back(std::move(condition));
  }
  return conditions;
}

const Condition* Conditions::Find(std::string_view type) const {
  for (const Condition& condition : all_) {
    if (condition.type == type) return &condition;
  }
  return nullptr;
}

void Conditions::Set(Condition condition, std::string_view now) {
  if (condition.reason.empty()) condition.reason = "Unknown";
  condition.reason.resize(std::min(condition.reason.size(), kMaxReason));
  condition.message = CutText(condition.message, kMaxMessage);
  for (Condition& old : all_) {
    if (old.type != condition.type) continue;
    const bool stays = old.status == condition.status && !old.last_transition_time.empty();
    condition.last_transition_time = stays ? old.last_transition_time : std::string(now);
    old = std::move(condition);
    return;
  }
  condition.last_transition_time = now;
  all_.push_back(std::move(condition));
}

void Conditions::Remove(std::string_view type) {
  std::erase_if(all_, [&](const Condition& condition) { return condition.type == type; });
}

Value Conditions::ToValue(base::Arena& arena) const {
  value::ListBuilder list(arena);
  auto text = [&](const std::string& s) { return Value::String(arena.CopyString(s)); };
  for (const Condition& c : all_) {
    list.Add(value::MakeMap(
        arena, {{"lastTransitionTime", text(c.last_transition_time)},
                {"message", text(c.message)},
                {"observedGeneration",
                 c.observed_generation != 0 ? Value::Int(c.observed_generation) : Value::Omit()},
                {"reason", text(c.reason)},
                {"status", text(c.status)},
                {"type", text(c.type)}}));
  }
  return list.Build();
}

}  // namespace openchoreo::kube
