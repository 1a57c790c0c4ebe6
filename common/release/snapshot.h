// What a binding renders: the frozen spec of a ComponentRelease, ProjectRelease or ResourceRelease,
// as the tree holds it or as upstream's controllers would derive it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/release/lookup.h"
#include "common/release/owner_index.h"
#include "common/resource/repository.h"

namespace openchoreo::release {

struct Snapshot {
  names::Kind kind;
  names::Dialect dialect = names::Dialect::kV1;
  std::string_view ns;
  std::string name;
  value::Value spec;                         // of the release, as the kind's CRD has it
  const resource::Object* object = nullptr;  // in the tree; nullptr: derived from the objects below
  const resource::Object* owner = nullptr;   // Component, Project or Resource
  const resource::Object* type = nullptr;
  const resource::Object* workload = nullptr;
  std::vector<const resource::Object*> traits;  // as in spec.traits
  std::vector<Read> reads;                      // what the derivation looked up
};

// The release of the tree as it stands.
Snapshot FromTree(const resource::Object& release);

// Where the parts of a snapshot were written.
base::Place TypePlace(const Snapshot& snapshot);  // of the type's spec
base::Place ProfilePlace(const Snapshot& snapshot);
base::Place WorkloadPlace(const Snapshot& snapshot);
base::Place TraitPlace(const Snapshot& snapshot, std::size_t index);  // of the trait's spec

struct ComponentDerivation {
  Snapshot snapshot;
  std::string root_environment;
  const resource::Object* binding =
      nullptr;  // the tree's binding of the root environment, if it has one
  // Set if the release stands but its binding could not be managed (upstream's text).
  std::string binding_error;
};

// The release upstream's controller cuts for a Component with autoDeploy, with the first
// environment it goes to. Follows openchoreo internal/controller/component and
// internal/componentrelease; for Components of the old dialect those of v0.12.0. The first failing
// step is the error (upstream's condition message). The spec is made in `arena` and shares the
// sources' values.
base::Result<ComponentDerivation> DeriveComponentRelease(const resource::Object& component,
                                                         const OwnerIndex& owners, Lookup& lookup,
                                                         base::Arena& arena);

// Follows openchoreo internal/controller/project and internal/controller/resource.
base::Result<Snapshot> DeriveProjectRelease(const resource::Object& project, Lookup& lookup,
                                            base::Arena& arena);
base::Result<Snapshot> DeriveResourceRelease(const resource::Object& owner, Lookup& lookup,
                                             base::Arena& arena);

// The environment a pipeline begins with: the source of the first promotion path that is no path's
// target. Errors: upstream's text of internal/controller/component findRootEnvironment.
base::Result<std::string_view> RootEnvironment(const resource::Object& pipeline);

}  // namespace openchoreo::release
