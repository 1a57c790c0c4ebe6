// A kustomization.yaml as far as rendering must know it: what it lists, and what it would change
// about the resources it lists.
//
// Follows kustomize api/types/kustomization.go; deprecated spellings (bases, commonLabels,
// patchesStrategicMerge, …) are known. What the build itself does is kustomize's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/limits.h"

namespace openchoreo::resource {

struct Kustomization {
  bool component = false;  // kind: Component
  std::string ns, name_prefix, name_suffix;
  bool labels_in_selectors = false;  // commonLabels, or labels with includeSelectors
  // Paths or inline YAML, as listed. `resources` holds bases and components too.
  std::vector<std::string> resources, generators, transformers, validators;
  std::vector<std::string> patches;  // paths of files alone
  // Names in images:, where no configurations: say in what other resources to look for them.
  std::vector<std::string> unconfigured_images;
  // The kinds that patches and replacements name as theirs, and the names of vars.
  std::vector<std::string> target_kinds, vars;
  // The fields that change what the resources say, by name: "namespace", "patches", …; labels and
  // annotations that reach nothing but metadata are not among them.
  std::vector<std::string_view> changes;
};

// The base names kustomize looks for, in its order.
inline constexpr std::string_view kKustomizationFiles[] = {"kustomization.yaml",
                                                           "kustomization.yml", "Kustomization"};

bool IsKustomizationFile(std::string_view base_name);

// nullopt: `text` is no kustomization (other YAML, another apiVersion, unreadable).
std::optional<Kustomization> ReadKustomization(std::string_view text,
                                               const base::RenderLimits& limits = {});

}  // namespace openchoreo::resource
