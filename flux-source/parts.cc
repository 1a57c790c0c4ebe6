#include "flux-source/parts.h"

#include <algorithm>
#include <array>

#include "common/names/k8s_name.h"

namespace openchoreo::flux {

namespace {

using Values = std::array<std::string_view, kSplitKeys>;

constexpr std::string_view kLabels[kSplitKeys] = {
    "gitops.openchoreo.dev/organization", "gitops.openchoreo.dev/environment",
    "gitops.openchoreo.dev/dataplane", "gitops.openchoreo.dev/project"};

constexpr auto kPlane = static_cast<std::size_t>(SplitKey::kDataPlane);

std::string PartName(const std::string& object, const SplitBy& split, const Values& values) {
  std::string name = object;
  std::vector<std::string_view> parts = {object};
  for (std::size_t i = 0; i < kSplitKeys; ++i) {
    if (!split[i]) continue;
    name.append("-").append(values[i]);
    parts.push_back(values[i]);
  }
  return name.size() <= names::kMaxResourceName
             ? name
             : names::GenerateK8sName(names::kMaxResourceName, parts);
}

struct Combination {
  Values values;
  std::string_view plane_id;

  auto operator<=>(const Combination&) const = default;
};

std::string Describe(const SplitBy& split, const Combination& combination) {
  static constexpr std::string_view kWords[kSplitKeys] = {"organization", "environment",
                                                          "data plane", "project"};
  std::string text;
  for (std::size_t i = 0; i < kSplitKeys; ++i) {
    if (!split[i]) continue;
    text.append(text.empty() ? "" : ", ")
        .append(kWords[i])
        .append(" ")
        .append(i == kPlane ? combination.plane_id : combination.values[i]);
  }
  return text;
}

}  // namespace

std::string LabelValue(const std::string& text) {
  return text.size() <= names::kMaxLabelName ? text
                                             : names::GenerateK8sName(names::kMaxLabelName, {text});
}

base::Result<std::vector<PartPlan>> PlanParts(const std::string& object, const SplitBy& split,
                                              const std::vector<Placement>& bindings,
                                              const std::set<std::string>& environments,
                                              std::vector<std::size_t>& unplaced) {
  std::map<Combination, std::vector<std::size_t>> combinations;
  const bool whole = std::none_of(split.begin(), split.end(), [](bool key) { return key; });
  if (whole) combinations[{}];
  if (split == SplitBy{false, true, false, false}) {
    for (const std::string& environment : environments) {
      combinations[{{"", environment, "", ""}, ""}];
    }
  }
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    const Placement& facts = bindings[i];
    const Values all = {facts.organization, facts.environment, facts.data_plane, facts.project};
    Combination combination;
    bool complete = true;
    for (std::size_t k = 0; k < kSplitKeys; ++k) {
      if (!split[k]) continue;
      combination.values[k] = all[k];
      complete = complete && !all[k].empty();
    }
    if (split[kPlane]) combination.plane_id = facts.data_plane_id;
    if (complete) {
      combinations[combination].push_back(i);
    } else {
      unplaced.push_back(i);
    }
  }

  std::map<std::string, std::pair<PartPlan, const Combination*>> parts;
  for (auto& [combination, members] : combinations) {
    PartPlan part;
    part.name = PartName(object, split, combination.values);
    for (std::size_t k = 0; k < kSplitKeys; ++k) {
      if (split[k]) part.labels.emplace(kLabels[k], LabelValue(std::string(combination.values[k])));
    }
    part.bindings = std::move(members);
    const auto [at, added] = parts.try_emplace(part.name, std::move(part), &combination);
    if (added) continue;
    const Combination& other = *at->second.second;
    std::string text = "two artifacts would be named " + at->first + ": " + Describe(split, other) +
                       " and " + Describe(split, combination);
    if (other.values == combination.values) {
      text += "; add Organization to splitBy, or select one of them";
    }
    return base::Fail(base::ErrorCode::kUsage, std::move(text));
  }
  std::vector<PartPlan> sorted;
  sorted.reserve(parts.size());
  for (auto& [name, part] : parts) sorted.push_back(std::move(part.first));
  return sorted;
}

}  // namespace openchoreo::flux
