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

// What a patch or replacement names as its target: regular expressions, "" where it names nothing.
struct PatchTarget {
  std::string group, version, kind, name, ns;
};

// By kustomize's rule (api/types/selector.go): each expression matches the whole text.
bool Selects(const PatchTarget& target, std::string_view api_version, std::string_view kind,
             std::string_view ns, std::string_view name);

struct Kustomization {
  bool component = false;  // kind: Component
  std::string ns, name_prefix, name_suffix;
  bool labels_in_selectors = false;  // commonLabels, or labels with includeSelectors
  // Paths or inline YAML, as listed. `resources` holds bases and components too.
  std::vector<std::string> resources, generators, transformers, validators;
  std::vector<std::string> patches;       // paths of files alone
  std::vector<std::string> images, vars;  // by name
  bool configured = false;                // configurations: say where else images stand
  std::vector<PatchTarget> targets;       // of patches and replacements, but those by label alone
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
