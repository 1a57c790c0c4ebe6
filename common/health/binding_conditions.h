// The conditions of one binding after a look at what became of its release. Pure: what is known
// comes in, conditions go out.
//
// Mode upstream writes what OpenChoreo's reconcilers write, traps included: openchoreo
// internal/controller/{releasebinding,projectreleasebinding,resourcereleasebinding}; version v0.12
// as that release did (no conditions of connections and dependencies, its own words). Mode strict
// is docs/health.md's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/health/state.h"

namespace openchoreo::health {

// metav1.Condition.
struct BindingCondition {
  std::string type, status, reason, message;  // status: True, False or Unknown
  std::int64_t observed_generation = 0;
  std::string transition;  // lastTransitionTime, RFC 3339; moves with the status only

  friend bool operator==(const BindingCondition&, const BindingCondition&) = default;
};

enum class BindingKind : std::uint8_t {
  kReleaseBinding,
  kProjectReleaseBinding,
  kResourceReleaseBinding
};

std::string_view KindName(BindingKind kind);
std::optional<BindingKind> KindNamed(std::string_view name);

// One object of the release, in its order.
struct Observed {
  std::string id, group, kind, name;
  State state = State::kUnknown;
};

// No release could be made: goes into ReleaseSynced or Synced as it is.
struct Problem {
  std::string reason, message;
};

struct ReleaseState {
  std::string name;
  std::int64_t generation = 0;
  std::string result = "unchanged";  // created, updated or unchanged
  std::int64_t count = 0;            // objects in it
};

struct ObservabilityState {
  std::string name, result;
  std::int64_t count = 0;
  std::string skipped;  // why there is none; the others are empty then
};

// How applying the release went, told of one generation of it.
struct Applied {
  std::string status, message;
  std::int64_t observed_generation = 0;
};

struct Counts {
  std::int64_t resolved = 0, pending = 0;
};

// An entry of the ResourceType that was rendered.
struct Entry {
  std::string id;
  std::optional<bool> ready;  // readyWhen's outcome; nothing: it has none, or it failed
  std::optional<std::string> error;
};

struct Outputs {
  std::int64_t resolved = 0;
  std::vector<std::string> errors;
};

// All that is known of a binding. Absent is none.
struct BindingInput {
  BindingKind kind = BindingKind::kReleaseBinding;
  std::int64_t generation = 0;
  bool deleting = false, retain = false;  // retain: deletion is held by retainPolicy
  std::string now;                        // transition of what is new or changes its status
  std::vector<BindingCondition> previous;
  std::string component_type;  // Component spec.componentType.name
  std::optional<Problem> problem;
  bool undeploy = false;
  std::int64_t remaining = 0;  // of an undeployed binding: what still exists
  std::optional<ReleaseState> release;
  std::optional<ObservabilityState> observability;
  std::optional<Applied> applied;
  std::vector<Observed> resources;
  Counts connections, dependencies;
  std::string target_namespace;
  std::vector<Entry> entries;
  Outputs outputs;
};

// The conditions after this look: those of `input.previous` that it does not touch, as they were,
// then new ones. States in `input.resources` must be of the same mode.
std::vector<BindingCondition> JudgeBinding(const BindingInput& input, Mode mode,
                                           Version version = Version::kV1);

}  // namespace openchoreo::health
