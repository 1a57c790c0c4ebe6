// The SecretReferences a workload names. Follows openchoreo internal/controller/releasebinding
// collectSecretReferences (v1.x, v0.12.0).
#pragma once

#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/release/lookup.h"

namespace openchoreo::release {

using SecretReferences =
    std::vector<std::pair<std::string_view, value::Value>>;  // spec by name, sorted

// `binding_spec` has the overrides; what they replace is not looked at (v1.x). A key its
// SecretReference does not have is an error in v1.x. Errors: upstream's text from behind "Failed to
// collect SecretReferences: ". `workload_place` and `overrides_place` are those of the two values.
base::Result<SecretReferences> CollectSecretReferences(const value::Value& workload,
                                                       const value::Value& overrides,
                                                       std::string_view ns,
                                                       resource::Dialect dialect, Lookup& lookup,
                                                       const base::Place& workload_place,
                                                       const base::Place& overrides_place);

}  // namespace openchoreo::release
