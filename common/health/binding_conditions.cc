#include "common/health/binding_conditions.h"

#include <array>

#include "common/health/aggregation.h"
#include "common/health/condition_set.h"

namespace openchoreo::health {

namespace {

constexpr std::array<std::string_view, 3> kKinds = {"ReleaseBinding", "ProjectReleaseBinding",
                                                    "ResourceReleaseBinding"};

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// The release's own failure to be applied, told of its generation.
const Applied* ApplyFailure(const BindingInput& input) {
  const bool counts = input.applied && input.release && input.applied->status == "False" &&
                      input.applied->observed_generation == input.release->generation;
  return counts ? &*input.applied : nullptr;
}

bool JustWritten(const ReleaseState& release) { return release.result != "unchanged"; }

Verdict CopyOf(const BindingCondition& blocking) {
  return {"False", blocking.reason, blocking.message};
}

// --- ReleaseBinding ---

Verdict ConnectionsVerdict(const Counts& counts) {
  if (counts.resolved + counts.pending == 0) {
    return True("NoConnections", "No connections to resolve");
  }
  if (counts.pending == 0) {
    return True("AllConnectionsResolved",
                "All " + std::to_string(counts.resolved) + " connections resolved");
  }
  return False("ConnectionsPending", std::to_string(counts.pending) + " connections pending, " +
                                         std::to_string(counts.resolved) + " resolved");
}

Verdict DependenciesVerdict(const Counts& counts) {
  if (counts.resolved + counts.pending == 0) {
    return True("NoResourceDependencies", "No resource dependencies to resolve");
  }
  if (counts.pending == 0) {
    return True("AllResourceDependenciesReady",
                "All " + std::to_string(counts.resolved) + " resource dependencies resolved");
  }
  return False("ResourceDependenciesPending", std::to_string(counts.pending) +
                                                  " resource dependencies pending, " +
                                                  std::to_string(counts.resolved) + " resolved");
}

Verdict ReleaseVerdict(const BindingInput& input, Version version) {
  const ReleaseState& release = *input.release;
  const bool written = JustWritten(release);
  std::string message = "Dataplane Release " + Quoted(release.name);
  if (written) {
    message += " " + release.result + " with " + std::to_string(release.count) + " resources";
  } else {
    message += " is up to date";
  }
  ObservabilityState other;
  other.skipped = "no observability resources to deploy";
  if (input.observability) other = *input.observability;
  if (!other.skipped.empty()) {
    const std::string_view why = version == Version::kV012
                                     ? "no ObservabilityPlaneRef or no resources"
                                     : std::string_view(other.skipped);
    message.append(" (observability release skipped: ").append(why).append(")");
  } else if (written) {
    message += "; observability Release " + Quoted(other.name) + " " + other.result + " with " +
               std::to_string(other.count) + " resources";
  } else {
    message += "; observability Release " + Quoted(other.name) + " is " + other.result;
  }
  return True(written ? "ReleaseCreated" : "ReleaseSynced", std::move(message));
}

void SetResourcesReady(const BindingInput& input, Mode mode, Version version, ConditionSet& set) {
  const Applied* failure = ApplyFailure(input);
  if (failure && (version == Version::kV1 || mode == Mode::kStrict)) {
    set.Set(condition::kResourcesReady, False("ResourceApplyFailed", failure->message));
  } else if (JustWritten(*input.release)) {
    // Upstream leaves the condition of the former release until the next pass.
    if (mode == Mode::kUpstream) return;
    set.Set(condition::kResourcesReady,
            False("ResourcesProgressing", "Resources are being evaluated"));
  } else if (input.resources.empty()) {
    set.Set(condition::kResourcesReady,
            False("ResourcesProgressing",
                  "Release " + Quoted(input.release->name) + " has no resources yet"));
  } else {
    set.Set(condition::kResourcesReady,
            Aggregate(input.component_type, input.resources, mode, version));
  }
}

void SetSubConditions(const BindingInput& input, Mode mode, Version version, ConditionSet& set) {
  if (input.problem) {
    set.Set(condition::kReleaseSynced, False(input.problem->reason, input.problem->message));
    return;
  }
  if (input.undeploy) {
    const std::string text =
        input.remaining > 0 ? "Resources being undeployed" : "Resources undeployed";
    set.Set(condition::kReleaseSynced, False("ResourcesUndeployed", text));
    set.Set(condition::kResourcesReady, False("ResourcesUndeployed", text));
    return;
  }
  if (version == Version::kV1) {
    set.Set(condition::kConnectionsResolved, ConnectionsVerdict(input.connections));
    if (input.connections.pending > 0) return;
    set.Set(condition::kResourceDependenciesReady, DependenciesVerdict(input.dependencies));
    if (input.dependencies.pending > 0) return;
  }
  if (!input.release) return;
  set.Set(condition::kReleaseSynced, ReleaseVerdict(input, version));
  SetResourcesReady(input, mode, version, set);
}

// The first of the conditions that is there and not True.
const BindingCondition* FirstBlocking(const ConditionSet& set,
                                      std::initializer_list<std::string_view> types) {
  for (const std::string_view type : types) {
    const BindingCondition* found = set.Find(type);
    if (found && found->status != "True") return found;
  }
  return nullptr;
}

Verdict ReadyOfRelease(const ConditionSet& set, Mode mode) {
  const auto dependencies = {condition::kConnectionsResolved,
                             condition::kResourceDependenciesReady};
  const BindingCondition* synced = set.Find(condition::kReleaseSynced);
  if (!synced) {
    const BindingCondition* cause =
        mode == Mode::kStrict ? FirstBlocking(set, dependencies) : nullptr;
    return cause ? CopyOf(*cause) : False("ReleaseSynced", "Release is not synced");
  }
  if (synced->status != "True") return CopyOf(*synced);
  if (const BindingCondition* blocking = FirstBlocking(set, dependencies)) return CopyOf(*blocking);
  const BindingCondition* resources = set.Find(condition::kResourcesReady);
  if (!resources) return False("ResourcesProgressing", "Resources are being evaluated");
  if (resources->status != "True") return CopyOf(*resources);
  return True("Ready", "ReleaseBinding is ready");
}

void JudgeReleaseBinding(const BindingInput& input, Mode mode, Version version, ConditionSet& set) {
  SetSubConditions(input, mode, version, set);
  set.Set(condition::kReady, ReadyOfRelease(set, mode));
}

// --- ProjectReleaseBinding and ResourceReleaseBinding ---

void SetNotSynced(const BindingInput& input, std::string_view other, ConditionSet& set) {
  set.Set(condition::kSynced, False(input.problem->reason, input.problem->message));
  for (const std::string_view type : {condition::kResourcesReady, other}) {
    set.Set(type, {"Unknown", "SyncedNotReady",
                   std::string(type) + " cannot be evaluated until Synced=True"});
  }
}

Verdict SyncedVerdict(const ReleaseState& release) {
  const std::string named = "RenderedRelease " + Quoted(release.name);
  if (!JustWritten(release)) return True("ReleaseSynced", named + " is up to date");
  return True("ReleaseCreated", named + " " + release.result + " with " +
                                    std::to_string(release.count) + " resource(s)");
}

// What an object that does not pass makes of ResourcesReady.
Verdict Blocks(std::string_view id, const Observed& resource) {
  const std::string named = "Resource " + Quoted(id) + " (" + resource.kind + ") is ";
  if (resource.state == State::kDegraded) return False("ResourcesDegraded", named + "degraded");
  return False("ResourcesProgressing", named + std::string(StateName(resource.state)));
}

Verdict AllReady(std::size_t count) {
  return True("ResourcesReady", "All " + std::to_string(count) + " resource(s) ready");
}

bool IsOwnNamespace(const BindingInput& input, const Observed& resource) {
  return resource.group.empty() && resource.kind == "Namespace" &&
         resource.name == input.target_namespace;
}

Verdict NamespaceVerdict(const BindingInput& input, Mode mode) {
  const std::string named = "Namespace " + Quoted(input.target_namespace);
  for (const Observed& resource : input.resources) {
    if (!IsOwnNamespace(input, resource)) continue;
    if (Passes(resource, mode)) return True("NamespaceReady", named + " is ready");
    if (resource.state == State::kDegraded) {
      return False("NamespaceDegraded", named + " is degraded");
    }
    return False("NamespaceProgressing", named + " is " + std::string(StateName(resource.state)));
  }
  return False("NamespaceProgressing", named + " has no observed status yet");
}

Verdict ProjectResourcesVerdict(const BindingInput& input, Mode mode) {
  std::size_t count = 0;
  for (const Observed& resource : input.resources) {
    if (IsOwnNamespace(input, resource)) continue;
    ++count;
    if (!Passes(resource, mode)) return Blocks(resource.id, resource);
  }
  return AllReady(count);
}

Verdict EntriesVerdict(const BindingInput& input, Mode mode) {
  for (const Entry& entry : input.entries) {
    if (entry.error) {
      return False("ResourcesProgressing",
                   "readyWhen evaluation failed for " + Quoted(entry.id) + ": " + *entry.error);
    }
    if (entry.ready) {
      if (*entry.ready) continue;
      return False("ResourcesProgressing",
                   "Resource " + Quoted(entry.id) + " readyWhen returned false");
    }
    const Observed* found = nullptr;  // the last of an id, as in a map
    for (const Observed& resource : input.resources) {
      if (resource.id == entry.id) found = &resource;
    }
    if (!found) {
      return False("ResourcesProgressing",
                   "Resource " + Quoted(entry.id) + " has no observed status yet");
    }
    if (!Passes(*found, mode)) return Blocks(entry.id, *found);
  }
  return AllReady(input.entries.size());
}

Verdict OutputsVerdict(const Outputs& outputs) {
  if (outputs.errors.empty()) {
    return True("OutputsResolved", "Resolved " + std::to_string(outputs.resolved) + " output(s)");
  }
  std::string message =
      "Failed to resolve " + std::to_string(outputs.errors.size()) + " output(s): ";
  for (std::size_t i = 0; i < outputs.errors.size(); ++i) {
    if (i > 0) message += '\n';
    message += outputs.errors[i];
  }
  return False("OutputResolutionFailed", std::move(message));
}

void SetReadyFrom(std::initializer_list<std::string_view> types, std::string_view absent_reason,
                  std::string_view kind, ConditionSet& set) {
  bool all = true;
  for (const std::string_view type : types) all &= set.IsTrue(type);
  if (all) {
    set.Set(condition::kReady, True("Ready", std::string(kind) + " is ready"));
  } else if (const BindingCondition* blocking = FirstBlocking(set, types)) {
    set.Set(condition::kReady, CopyOf(*blocking));
  } else {
    set.Set(condition::kReady, False(absent_reason, "Awaiting sub-condition evaluation"));
  }
}

void JudgeProject(const BindingInput& input, Mode mode, ConditionSet& set) {
  if (input.problem) {
    SetNotSynced(input, condition::kNamespaceReady, set);
  } else if (input.release) {
    set.Set(condition::kSynced, SyncedVerdict(*input.release));
    if (const Applied* failure = ApplyFailure(input)) {
      set.Set(condition::kNamespaceReady, False("ResourceApplyFailed", failure->message));
      set.Set(condition::kResourcesReady, False("ResourceApplyFailed", failure->message));
    } else {
      set.Set(condition::kNamespaceReady, NamespaceVerdict(input, mode));
      set.Set(condition::kResourcesReady, ProjectResourcesVerdict(input, mode));
    }
  }
  SetReadyFrom({condition::kSynced, condition::kNamespaceReady, condition::kResourcesReady},
               "SyncedNotReady", KindName(input.kind), set);
}

void JudgeResource(const BindingInput& input, Mode mode, ConditionSet& set) {
  if (input.problem) {
    SetNotSynced(input, condition::kOutputsResolved, set);
  } else if (input.release) {
    set.Set(condition::kSynced, SyncedVerdict(*input.release));
    set.Set(condition::kOutputsResolved, OutputsVerdict(input.outputs));
    const Applied* failure = ApplyFailure(input);
    set.Set(condition::kResourcesReady,
            failure ? False("ResourceApplyFailed", failure->message) : EntriesVerdict(input, mode));
  }
  SetReadyFrom({condition::kSynced, condition::kResourcesReady, condition::kOutputsResolved},
               "ResourcesProgressing", KindName(input.kind), set);
}

}  // namespace

std::string_view KindName(BindingKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<BindingKind> KindNamed(std::string_view name) {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i] == name) return static_cast<BindingKind>(i);
  }
  return std::nullopt;
}

std::vector<BindingCondition> JudgeBinding(const BindingInput& input, Mode mode, Version version) {
  ConditionSet set(input.previous, input.generation, input.now);
  if (input.deleting) {
    const bool held = input.retain && input.kind == BindingKind::kResourceReleaseBinding;
    set.Set(condition::kFinalizing,
            held ? True("RetainHold", "retainPolicy=Retain; finalizer held until cleared manually")
                 : True("Finalizing", std::string(KindName(input.kind)) + " is finalizing"));
    return set.Take();
  }
  switch (input.kind) {
    case BindingKind::kReleaseBinding:
      JudgeReleaseBinding(input, mode, version, set);
      break;
    case BindingKind::kProjectReleaseBinding:
      JudgeProject(input, mode, set);
      break;
    case BindingKind::kResourceReleaseBinding:
      JudgeResource(input, mode, set);
      break;
  }
  return set.Take();
}

}  // namespace openchoreo::health
