// Kustomizations on disk: what one lists for kustomize to run, inline, in files, in folders with a
// kustomization of their own.
//
// What cannot be read is left out: kustomize itself says what is wrong. Depth and number are
// bounded.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/resource/kustomization.h"

namespace openchoreo::resource {

// An entry of generators, transformers or validators.
struct ListedConfiguration {
  std::string api_version, kind, name;
  bool keeps_sources = false;         // spec.include holds more than rendered
  bool unmarked = false;              // spec.tracking: none
  std::string spec;                   // JSON; "" if it is no object
  std::filesystem::path folder = {};  // of the kustomization that lists it
};

// The kustomization in a folder; `file` becomes its base name. nullopt: there is none.
std::optional<Kustomization> KustomizationIn(const std::filesystem::path& folder,
                                             std::string& file);

// What one list of the kustomization in `folder` names, as kustomize orders it: what is written
// inline first, then what lies in files.
std::vector<ListedConfiguration> ConfigurationsOf(const std::filesystem::path& folder,
                                                  const std::vector<std::string>& entries);

// What the lists of the kustomization in `folder` name, and of those it takes in as resources.
std::vector<ListedConfiguration> ConfigurationsBelow(const std::filesystem::path& folder);

}  // namespace openchoreo::resource
