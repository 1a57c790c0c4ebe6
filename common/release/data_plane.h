// Which data plane and observability plane an environment uses. Follows openchoreo
// internal/controller/reference.go; for the old dialect internal/controller/releasebinding at
// v0.12.0.
#pragma once

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/release/lookup.h"

namespace openchoreo::release {

struct DataPlane {
  const resource::Object* object = nullptr;  // DataPlane or ClusterDataPlane
  value::Value spec;                         // as that of a DataPlane
  value::Value annotations;                  // map or null
};

// Errors: upstream's text (`DataPlane not found for environment "dev"`).
base::Result<DataPlane> FindDataPlane(const resource::Object& environment, names::Dialect dialect,
                                      Lookup& lookup, base::Arena& arena);

// Whether observability resources have a plane to go to; if not, `why` is upstream's reason.
bool HasObservabilityPlane(const DataPlane& plane, names::Dialect dialect, Lookup& lookup,
                           std::string& why);

}  // namespace openchoreo::release
