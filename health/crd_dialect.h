// Whose CRDs of the bindings are installed: what a status may hold, and whose words go into it.
#pragma once

#include <optional>

#include "common/base/cancel.h"
#include "common/health/state.h"
#include "common/platform/kube/client.h"
#include "common/value/value.h"

namespace openchoreo::mapper {

// From the API server's OpenAPI document of openchoreo.dev/v1alpha1: the CRDs of v0.12 have no
// observedGeneration in a ReleaseBinding's status. Nothing where it does not describe one.
std::optional<health::Version> VersionOf(const value::Value& openapi);

// Asks the API server, as any account may. Errors as Client::GetRaw; kNotFound where it has no such
// group.
base::Result<health::Version> FindVersion(kube::Client& client, const base::Cancel& cancel);

}  // namespace openchoreo::mapper
