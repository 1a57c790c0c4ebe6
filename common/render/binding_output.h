// What one binding emits, as text: its memory is all that is left of a binding once it is rendered.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/base/sha256.h"
#include "common/render/binding_inputs.h"
#include "common/render/manifests.h"
#include "common/render/output.h"

namespace openchoreo::render {

struct BindingOutput {
  std::shared_ptr<const std::string> text;
  std::vector<std::size_t> ends;                 // as in Group
  std::vector<std::uint64_t> objects;            // hash of each one's ObjectIdentity
  std::vector<std::string> namespaces;           // that its objects live in; sorted, each once
  std::vector<std::string> provided_namespaces;  // v1 Namespaces among its objects
  std::size_t other_plane_objects = 0;           // left out by Options::plane
  std::size_t dropped_objects = 0;               // for an observability plane there is none of
  names::Dialect dialect = names::Dialect::kV1;
  std::optional<base::Sha256Digest> identity = {};  // as in Group

  // Of `text` and `ends`.
  base::Sha256Digest IdentityOf() const;
};

// Buffers that one thread uses again and again.
struct OutputBuffers {
  std::string text, json, record;
};

// Stamps and serialises, charged to the budget of `arena`; `manifests` is nullptr for a binding
// that is undeployed. Errors: upstream's text for what JSON cannot hold; kLimit.
base::Result<BindingOutput> WriteBinding(const Binding& binding, const BindingInputs& inputs,
                                         const Manifests* manifests, const Options& options,
                                         const resource::SourceTable& sources, base::Arena& arena,
                                         OutputBuffers& buffers);

// Which object of a cluster this is: "Deployment.apps dp-x/api", whatever its version.
std::string ObjectIdentity(const value::Value& object);

// One object as Options::format has it. False for what JSON cannot hold, and once `budget` is
// spent.
bool AppendObject(std::string& out, const value::Value& object, Format format,
                  base::Budget& budget);

}  // namespace openchoreo::render
