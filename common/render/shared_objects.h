// Objects that more than one binding renders: whoever applies them keeps overwriting one with the
// other.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/base/diagnostic.h"
#include "common/render/binding_list.h"
#include "common/render/options.h"

namespace openchoreo::render {

// What one binding emits: its objects' texts, and the hash of each one's identity.
struct EmittedObjects {
  const Binding* binding;
  std::string_view text;
  std::span<const std::size_t> ends;
  std::span<const std::uint64_t> hashes;
};

// One warning per object (an error under `strict`), placed at the later binding and naming both.
base::Diagnostics FindSharedObjects(std::span<const EmittedObjects> emitted, Format format,
                                    bool strict, const resource::SourceTable& sources);

}  // namespace openchoreo::render
