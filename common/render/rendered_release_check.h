// What the API server asks of the objects upstream's controllers would create: names and label
// values that fit. Follows k8s.io/apimachinery (ValidateObjectMeta) and the controllers of
// openchoreo
// internal/controller/{component,releasebinding,projectreleasebinding,resourcereleasebinding}.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/render/binding.h"

namespace openchoreo::render {

// Why no RenderedRelease (v0.12: Release) can carry what a binding rendered: upstream's text, or
// nullopt. `observability`: whether there is one for the observability plane too.
std::optional<std::string> CheckRenderedRelease(const Binding& binding, names::Dialect dialect,
                                                bool observability);

// "ComponentRelease.openchoreo.dev "x" is invalid: metadata.name: …" for a name that is too long to
// be one; "" for one that is not.
std::string CheckNameLength(std::string_view kind, std::string_view name);

}  // namespace openchoreo::render
