// Names of derived releases: "<owner>-<hash of the spec>". Follows openchoreo pkg/hash.
#pragma once

#include <string>
#include <string_view>

#include "common/names/kind.h"
#include "common/value/value.h"

namespace openchoreo::release {

// `spec` is that of the release (its owner is not hashed); `kind` one of the three release kinds.
// For kV012 the spec is {componentType: <spec>, traits: {name: spec}, componentProfile, workload}.
std::string ReleaseName(names::Kind kind, names::Dialect dialect, std::string_view owner,
                        const value::Value& spec);

// The hashed text, for explanations and tests.
std::string ReleaseDump(names::Kind kind, names::Dialect dialect, const value::Value& spec);

}  // namespace openchoreo::release
