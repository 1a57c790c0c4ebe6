// The SecretReferences a workload names. Follows openchoreo internal/controller/releasebinding
// collectSecretReferences (v1.x, v0.12.0).
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/release/lookup.h"

namespace openchoreo::release {

using SecretReferences =
    std::vector<std::pair<std::string_view, value::Value>>;  // spec by name, sorted

// Values to look in, and where they were written (asked only for an error).
struct SecretSource {
  value::Value value;
  std::function<base::Place()> place;
};

// `overrides` are the binding's workloadOverrides; what they replace in `workload` is not looked at
// (v1.x). A key its SecretReference does not have is an error in v1.x; v0.12 drops the variable or
// file without a word, which goes to `warnings`. Errors: upstream's text from behind "Failed to
// collect SecretReferences: ".
base::Result<SecretReferences> CollectSecretReferences(const SecretSource& workload,
                                                       const SecretSource& overrides,
                                                       std::string_view ns, names::Dialect dialect,
                                                       Lookup& lookup, base::Diagnostics& warnings);

}  // namespace openchoreo::release
