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

// A document that a list of a kustomization names.
struct ListedConfiguration {
  std::string api_version, kind, name;
  std::string content;                // JSON
  bool generates = false;             // listed under generators
  std::filesystem::path folder = {};  // of the kustomization that lists it
  // Of the kustomization whose resources pass through it: that one, or whoever takes it in as a
  // Component.
  std::filesystem::path layer = {};
};

// The kustomization in a folder; `file`, if given, becomes its base name. nullopt: there is none.
std::optional<Kustomization> KustomizationIn(const std::filesystem::path& folder,
                                             std::string* file = nullptr);

struct PlacedKustomization {
  std::filesystem::path folder;
  std::filesystem::path layer;  // as ListedConfiguration::layer
  std::string file;             // base name
  Kustomization content;
};

// The kustomization in `folder` and those it takes in as resources, each once, itself first.
std::vector<PlacedKustomization> KustomizationsBelow(const std::filesystem::path& folder);

// Those whose fields act before the transformers of the one in `folder`: as KustomizationsBelow
// and, of a Component, what stands before it in each kustomization of its repository (without one:
// below its parent) that lists it. Folders whose names begin with a dot are not looked into.
std::vector<PlacedKustomization> KustomizationsBefore(const std::filesystem::path& folder);

// What one list of the kustomization in `folder` names, as kustomize orders it: what is written
// inline first, then what lies in files.
std::vector<ListedConfiguration> ConfigurationsOf(const std::filesystem::path& folder,
                                                  const std::vector<std::string>& entries);

// What the lists of the kustomization in `folder` name, and of those it takes in as resources.
std::vector<ListedConfiguration> ConfigurationsBelow(const std::filesystem::path& folder);

}  // namespace openchoreo::resource
