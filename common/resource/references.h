// The fields of an OpenChoreo resource that name another (names/references.h), read and rewritten.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/names/kind.h"
#include "common/names/references.h"
#include "common/resource/repository.h"
#include "common/value/value.h"

namespace openchoreo::resource {

// What a reference means. Views live as long as the object.
struct Target {
  names::Kind kind;
  std::string_view ns;  // "" for cluster-scoped kinds
  std::string_view name;
};

// Of the reference of `from` at `path`, one of names::References without "*": {kind, name}, or the
// name alone. What stands before a name ("deployment/") is in `name` still.
Target TargetOf(const Object& from, std::string_view path);

// The same of one item of the list at `path` ("spec/traits/*").
Target TargetOf(const Object& from, std::string_view path, const value::Value& reference);

// The object the reference at `path` means; nullptr if `repository` has none.
inline const Object* Follow(const Repository& repository, const Object& from,
                            std::string_view path) {
  const Target target = TargetOf(from, path);
  return repository.Find(target.kind, target.ns, target.name);
}

// Asked for each reference, with its JSON pointer; a text replaces the name.
using NameVisitor = std::function<std::optional<std::string>(
    const std::string& pointer, names::Kind target, std::string_view name)>;

// `root` with the names replaced that `visit` gives; `root` itself if it gives none. `references`
// are names::References().
value::Value RewriteReferences(std::span<const names::Reference> references, names::Kind kind,
                               const value::Value& root, const NameVisitor& visit,
                               base::Arena& arena);

}  // namespace openchoreo::resource
