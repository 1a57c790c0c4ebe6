// Which fields of an OpenChoreo resource name another resource: one table, for whoever looks up,
// follows or rewrites names (rendering, a renamed item, the nameReference rules kustomize is
// given).
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

// Takes the first segment off a path; "" at its end.
std::string_view TakeSegment(std::string_view& path);

// All of them; a kind's stand together.
std::vector<Reference> References();

// The kind that the field at `path` of a resource means (a row's own path, not a workload's): what
// the reference names as its kind, `named`, where that is the row's target or its twin; else the
// target. A path that is in no row is a bug.
Kind TargetOf(Kind from, std::string_view path, std::string_view named);

// What a kind of binding binds: whose release, and which.
struct BindingFields {
  Kind owner;
  std::string_view owner_field;  // of spec.owner
  Kind release;
  std::string_view release_field;  // of spec
};

// nullptr for a kind that is no binding.
const BindingFields* BindingFieldsOf(Kind kind);

// Fields that name the namespace of OpenChoreo resources or of Secrets beside them, not one of a
// data plane; also of kinds rendering does not read.
struct NamespaceField {
  std::string_view kind, path;  // as Reference::path, without "*" for lists
};

std::span<const NamespaceField> NamespaceFields();

// A field of a Kubernetes kind that names another, of kinds that types render or that lie beside
// them, where kustomize itself does not know of it. What selects by labels names nothing.
struct KubernetesReference {
  std::string_view target, target_group;  // "" means any
  std::string_view from, from_group;      // kinds, separated by blanks; "" means any
  std::string path;                       // as Reference::path, without "*" for lists
};

std::vector<KubernetesReference> KubernetesReferences();

// Where a workload's fields stand, whole or as overrides.
struct WorkloadPlace {
  Kind from;
  std::string_view path;
};

std::span<const WorkloadPlace> WorkloadPlaces();

// The kind of the same name without or with "Cluster" before it; `kind` itself where there is none.
Kind TwinOf(Kind kind);

}  // namespace openchoreo::names
