// Typed reading of an untyped object for rules: absent and null read as nothing, and whatever has
// another type than the rule needs is remembered. Internal to this room.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/base/rfc3339.h"
#include "common/value/value.h"

namespace openchoreo::health {

// One entry of a list of conditions; reads as empty where it is not there.
struct Condition {
  bool there = false;
  bool fresh = false;  // told of the object's generation as it is now
  std::string_view status, reason;
  value::Value transition;  // lastTransitionTime, not looked at

  bool Is(std::string_view wanted) const { return there && status == wanted; }

  bool IsTrue() const { return Is("True"); }

  bool IsFalse() const { return Is("False"); }

  bool FreshTrue() const { return fresh && IsTrue(); }

  bool FreshFalse() const { return fresh && IsFalse(); }
};

class LiveObject {
 public:
  LiveObject(const value::Value& object, std::string_view group) : object_(object), group_(group) {}

  // Of the kind that was asked for.
  std::string_view group() const { return group_; }

  // Something that was asked for had another type, or the walk was too long: no verdict.
  bool misfit() const { return misfit_; }

  const value::Value& object() const { return object_; }

  // The node below the object that the keys lead to; null where one is missing.
  template <typename... Keys>
  value::Value At(Keys... keys) {
    return Below(object_, keys...);
  }

  template <typename... Keys>
  value::Value Below(const value::Value& node, std::string_view key, Keys... rest) {
    const value::Value next = Field(node, key);
    if constexpr (sizeof...(rest) == 0) {
      return next;
    } else {
      return Below(next, rest...);
    }
  }

  // Counts one step of a walk over a list; false once there were too many, or something was a
  // misfit.
  bool Step() {
    if (++steps_ > kSteps) misfit_ = true;
    return !misfit_;
  }

  value::Value Field(const value::Value& node, std::string_view key);
  std::optional<std::int64_t> Int(const value::Value& node);
  bool Bool(const value::Value& node);
  std::string_view Text(const value::Value& node);
  std::span<const value::Value> List(const value::Value& node);
  std::optional<base::Instant> Time(const value::Value& node);

  std::int64_t Count(const value::Value& node) { return Int(node).value_or(0); }

  std::int64_t generation() { return Count(At("metadata", "generation")); }

  // Of the status; nothing where it has none.
  std::optional<std::int64_t> observed_generation() {
    return Int(At("status", "observedGeneration"));
  }

  // The first condition of that type in a list of conditions.
  Condition Find(std::span<const value::Value> conditions, std::string_view type);

  Condition Find(std::string_view type) { return Find(List(At("status", "conditions")), type); }

  // Any of them is of the generation as it is now.
  bool AnyFresh(std::span<const value::Value> conditions);

 private:
  static constexpr int kSteps = 100'000;

  bool Fresh(const value::Value& condition);

  value::Value object_;
  std::string_view group_;
  int steps_ = 0;
  bool misfit_ = false;
};

}  // namespace openchoreo::health
