// What v0.12's API server asks of a ComponentRelease before the component controller can create it:
// the CRD's rule of files, then the admission webhook. Follows openchoreo config/crd/bases and
// internal/webhook/componentrelease at v0.12.0 (parameters against their schemas, instance names);
// its static typing of templates is left to rendering, which reports the same templates.
#pragma once

#include <optional>

#include "common/base/diagnostic.h"
#include "common/release/snapshot.h"

namespace openchoreo::render {

// The condition of the Component (upstream's text) whose derived release of the old dialect would
// be denied.
std::optional<base::Diagnostic> CheckOldRelease(const release::Snapshot& snapshot);

}  // namespace openchoreo::render
