#include "common/health/aggregation.h"

#include <algorithm>
#include <array>

namespace openchoreo::health {

namespace {

enum class Category : std::uint8_t { kWorkload, kSupporting, kOperational, kNoStatus };

struct Row {
  std::string_view group, kind;  // kind "": all of the group
  Category category;
};

// categorizeResource. The group "policy" of NetworkPolicy is upstream's.
constexpr Row kCategories[] = {
    {"apps", "Deployment", Category::kWorkload},
    {"apps", "StatefulSet", Category::kWorkload},
    {"apps", "DaemonSet", Category::kWorkload},
    {"batch", "Job", Category::kWorkload},
    {"batch", "CronJob", Category::kWorkload},
    {"", "Service", Category::kSupporting},
    {"", "PersistentVolumeClaim", Category::kSupporting},
    {"", "ServiceAccount", Category::kNoStatus},
    {"", "ConfigMap", Category::kNoStatus},
    {"", "Secret", Category::kNoStatus},
    {"policy", "NetworkPolicy", Category::kNoStatus},
    {"rbac.authorization.k8s.io", "", Category::kNoStatus},
};

// v0.12 took two more for kinds without a status.
constexpr Row kCategoriesV012[] = {
    {"cilium.io", "CiliumNetworkPolicy", Category::kNoStatus},
    {"gateway.envoyproxy.io", "SecurityPolicy", Category::kNoStatus},
};

bool Is(const Row& row, const Observed& resource) {
  return row.group == resource.group && (row.kind.empty() || row.kind == resource.kind);
}

Category CategoryOf(const Observed& resource, Version version) {
  for (const Row& row : kCategories) {
    if (Is(row, resource)) return row.category;
  }
  if (version == Version::kV012) {
    for (const Row& row : kCategoriesV012) {
      if (Is(row, resource)) return row.category;
    }
  }
  return Category::kOperational;
}

// A workload type: the word before the first slash of a component type's name.
struct Workload {
  std::string_view word, group, kind;
  bool last;  // of several objects of the kind the last is the primary, else the first
};

constexpr Workload kWorkloads[] = {{"deployment", "apps", "Deployment", true},
                                   {"statefulset", "apps", "StatefulSet", true},
                                   {"cronjob", "batch", "CronJob", false},
                                   {"job", "batch", "Job", false}};

const Workload* WorkloadOf(std::string_view component_type) {
  const std::string_view word = component_type.substr(0, component_type.find('/'));
  for (const Workload& workload : kWorkloads) {
    if (workload.word == word) return &workload;
  }
  return nullptr;  // proxy, and what nobody knows
}

const Observed* PrimaryOf(const Workload& workload, std::span<const Observed> resources) {
  const Observed* primary = nullptr;
  for (const Observed& resource : resources) {
    if (resource.group != workload.group || resource.kind != workload.kind) continue;
    primary = &resource;
    if (!workload.last) break;
  }
  return primary;
}

Verdict JudgeRollout(const Observed& primary) {
  const std::string named = "Primary workload " + primary.kind + "/" + primary.name;
  switch (primary.state) {
    case State::kDegraded:
      return False("ResourcesDegraded", named + " is degraded");
    case State::kProgressing:
      return False("ResourcesProgressing", named + " is progressing");
    case State::kUnknown:
      return False("ResourcesUnknown", named + " status unknown");
    case State::kSuspended:
      return True("ReadyWithSuspendedResources",
                  "Primary workload " + primary.kind + " is suspended (scaled to 0)");
    case State::kHealthy:
      return True("Ready",
                  "Primary workload " + primary.kind + " and all supporting resources are ready");
    case State::kNotComputed:
      break;
  }
  return False("ResourcesUnknown", "Unable to determine status");
}

Verdict JudgeCronJob(const Observed& primary) {
  const std::string named = "CronJob " + primary.name;
  switch (primary.state) {
    case State::kDegraded:
      return False("ResourcesDegraded", named + " is degraded");
    case State::kUnknown:
      return False("ResourcesUnknown", named + " status unknown");
    case State::kSuspended:
      return True("CronJobSuspended", named + " is suspended");
    case State::kProgressing:
      return True("CronJobScheduled", named + " is scheduled, job execution running");
    case State::kHealthy:
      return True("CronJobScheduled", named + " is scheduled and ready");
    case State::kNotComputed:
      break;
  }
  return False("ResourcesUnknown", "Unable to determine CronJob status");
}

Verdict JudgeJob(const Observed& primary) {
  const std::string named = "Job " + primary.name;
  switch (primary.state) {
    case State::kDegraded:
      return False("JobFailed", named + " failed");
    case State::kUnknown:
      return False("ResourcesUnknown", named + " status unknown");
    case State::kProgressing:
      return False("JobRunning", named + " is running");
    case State::kSuspended:
      return False("JobRunning", named + " is suspended");
    case State::kHealthy:
      return True("JobCompleted", named + " completed successfully");
    case State::kNotComputed:
      break;
  }
  return False("ResourcesUnknown", "Unable to determine Job status");
}

Verdict JudgePrimary(const Workload& workload, const Observed& primary) {
  if (workload.word == "cronjob") return JudgeCronJob(primary);
  if (workload.word == "job") return JudgeJob(primary);
  return JudgeRollout(primary);
}

Verdict NoPrimary(const Workload& workload) {
  std::string what = "Primary workload not found";
  if (workload.word == "cronjob") what = "Primary CronJob not found";
  if (workload.word == "job") what = "Primary Job not found";
  return False("ResourcesProgressing", std::move(what));
}

// All objects count alike.
Verdict CountAll(std::span<const Observed> resources, Mode mode) {
  const auto count = [&](State state) {
    return std::count_if(resources.begin(), resources.end(), [&](const Observed& resource) {
      return resource.state == state && !Passes(resource, mode);
    });
  };
  const std::string total = std::to_string(resources.size());
  const auto of_all = [&](auto n) { return std::to_string(n) + "/" + total + " resources "; };
  if (const auto n = count(State::kDegraded))
    return False("ResourcesDegraded", of_all(n) + "degraded");
  if (const auto n = count(State::kProgressing)) {
    return False("ResourcesProgressing", of_all(n) + "progressing");
  }
  if (const auto n = count(State::kUnknown)) {
    return False("ResourcesUnknown", of_all(n) + "status unknown");
  }
  if (count(State::kNotComputed) > 0) {
    return False("ResourcesUnknown", "Unable to determine resource status");
  }
  return True("Ready", "All " + total + " resources ready");
}

// Upstream's look at the objects beside a healthy rollout: degraded ones of two categories.
std::optional<Verdict> UpstreamOthers(std::span<const Observed> resources, Version version) {
  for (const Category category : {Category::kSupporting, Category::kOperational}) {
    for (const Observed& resource : resources) {
      if (resource.state != State::kDegraded || CategoryOf(resource, version) != category) continue;
      return False("ResourcesDegraded",
                   (category == Category::kSupporting ? "Supporting" : "Operational") +
                       std::string(" resource ") + resource.kind + "/" + resource.name +
                       " is degraded");
    }
  }
  return std::nullopt;
}

// The words of one rank of categories in mode strict.
int RankOf(Category category) {
  switch (category) {
    case Category::kWorkload:
      return 0;
    case Category::kSupporting:
    case Category::kNoStatus:
      return 1;
    case Category::kOperational:
      break;
  }
  return 2;
}

struct Badness {
  State state;
  std::string_view reason, words;
};

constexpr Badness kBadness[] = {{State::kDegraded, "ResourcesDegraded", " is degraded"},
                                {State::kProgressing, "ResourcesProgressing", " is progressing"},
                                {State::kUnknown, "ResourcesUnknown", " status unknown"}};

// The worst of the objects beside a primary that is ready, if one does not pass.
std::optional<Verdict> StrictOthers(std::span<const Observed> resources, const Observed& primary,
                                    Version version) {
  constexpr std::string_view kRanks[] = {"Secondary workload ", "Supporting resource ",
                                         "Operational resource "};
  for (const Badness& bad : kBadness) {
    const Observed* found = nullptr;
    int rank = 3;
    for (const Observed& resource : resources) {
      if (&resource == &primary || Passes(resource, Mode::kStrict)) continue;
      const State state = resource.state == State::kNotComputed ? State::kUnknown : resource.state;
      if (state != bad.state) continue;
      const int own = RankOf(CategoryOf(resource, version));
      if (own < rank) {
        rank = own;
        found = &resource;
      }
    }
    if (found) {
      return False(bad.reason, std::string(kRanks[rank]) + found->kind + "/" + found->name +
                                   std::string(bad.words));
    }
  }
  return std::nullopt;
}

}  // namespace

bool Passes(const Observed& resource, Mode mode) {
  if (resource.state == State::kHealthy || resource.state == State::kSuspended) return true;
  if (mode == Mode::kUpstream || resource.state != State::kProgressing) return false;
  // At work; waiting for its first consumer; waiting for metrics.
  return (resource.group == "batch" && resource.kind == "CronJob") ||
         (resource.group.empty() && resource.kind == "PersistentVolumeClaim") ||
         (resource.group == "autoscaling" && resource.kind == "HorizontalPodAutoscaler");
}

Verdict Aggregate(std::string_view component_type, std::span<const Observed> resources, Mode mode,
                  Version version) {
  const Workload* workload = WorkloadOf(component_type);
  if (!workload) return CountAll(resources, mode);
  const Observed* primary = PrimaryOf(*workload, resources);
  if (!primary) {
    return mode == Mode::kStrict ? CountAll(resources, mode) : NoPrimary(*workload);
  }
  Verdict verdict = JudgePrimary(*workload, *primary);
  if (verdict.status != "True") return verdict;
  if (mode == Mode::kStrict) {
    if (auto other = StrictOthers(resources, *primary, version)) return *std::move(other);
  } else if (workload->last && primary->state == State::kHealthy) {
    if (auto other = UpstreamOthers(resources, version)) return *std::move(other);
  }
  return verdict;
}

}  // namespace openchoreo::health
