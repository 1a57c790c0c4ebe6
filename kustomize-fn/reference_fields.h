// Other names in the fields of an OpenChoreo resource that name another.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/names/kind.h"
#include "common/names/references.h"
#include "common/value/value.h"

namespace openchoreo::kustomize_fn {

// Asked for each reference, with its JSON pointer; a text replaces the name.
using NameVisitor = std::function<std::optional<std::string>(
    const std::string& pointer, names::Kind target, std::string_view name)>;

// `root` with the names replaced that `visit` gives; `root` itself if it gives none. `references`
// are names::References().
value::Value RewriteReferences(std::span<const names::Reference> references, names::Kind kind,
                               const value::Value& root, const NameVisitor& visit,
                               base::Arena& arena);

}  // namespace openchoreo::kustomize_fn
