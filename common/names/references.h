// Which fields of an OpenChoreo resource name another resource: one table, for whoever follows or
// rewrites names (a renamed item, the nameReference rules kustomize is given).
//
// Both dialects' fields are in it. Snapshots inside a release (its component type and traits) are
// copies, not references.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/names/kind.h"

namespace openchoreo::names {

enum class ReferenceForm : std::uint8_t {
  kName,  // the name itself
  kRef,   // {kind, name}, or the name alone in the older dialect; a prefix up to the last '/' is no
          // part of it. Without a kind, `target` is meant
};

struct Reference {
  Kind from;
  std::string path;  // segments below the root; "*" stands for every item or member
  Kind target;
  ReferenceForm form;
};

// All of them; a kind's stand together.
std::vector<Reference> References();

// Where a workload's fields stand, whole or as overrides.
struct WorkloadPlace {
  Kind from;
  std::string_view path;
};

std::span<const WorkloadPlace> WorkloadPlaces();

// The kind of the same name without or with "Cluster" before it; `kind` itself where there is none.
Kind TwinOf(Kind kind);

}  // namespace openchoreo::names
