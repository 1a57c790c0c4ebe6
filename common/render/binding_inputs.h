// Everything a binding reads from the tree, looked up in upstream's order (semantics: binding
// inputs).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/release/data_plane.h"
#include "common/release/secret_references.h"
#include "common/release/snapshot.h"
#include "common/render/binding_list.h"

namespace openchoreo::render {

struct BindingInputs {
  release::Snapshot tree_release;              // if the tree holds it
  const release::Snapshot* release = nullptr;  // that one, or a derived one
  const resource::Object* environment = nullptr;
  const resource::Object* project = nullptr;
  const resource::Object* owner = nullptr;  // Component or Resource; nullptr for projects
  release::DataPlane plane;
  release::SecretReferences secrets;
  std::string_view default_channel;  // name of the environment's default notification channel
  value::Value spec;                 // of the binding, as rendered
  bool has_observability_plane = false;
  std::string no_observability_plane;  // upstream's reason if it has none
  std::vector<release::Read> reads;    // all of the above
  std::vector<release::Read> observability_reads;
  // The first thing that is missing or does not fit; upstream's whole text. Nothing is rendered
  // then.
  std::optional<base::Error> error;
  // What is rendered without a word upstream, and most likely a slip: secret keys that do not
  // exist, overrides of containers that do not. Notes: fields that have another name in the
  // dialect.
  base::Diagnostics warnings;

  BindingInputs() = default;
  BindingInputs(const BindingInputs&) = delete;
  BindingInputs& operator=(const BindingInputs&) = delete;
};

// Fills `inputs` for a binding the API server takes. Memory is in `arena`, the tree and the list.
void GatherInputs(const BindingList& list, const Binding& binding, base::Arena& arena,
                  BindingInputs& inputs);

}  // namespace openchoreo::render
