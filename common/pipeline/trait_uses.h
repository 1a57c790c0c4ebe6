// The traits of a component as one list: those its type embeds, then those its profile names.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "common/pipeline/compiled_definition.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

struct TraitUse {
  std::string_view kind, name, instance;
  value::Value parameters;                  // of a profile's trait, as written
  const EmbeddedTrait* embedded = nullptr;  // null for a profile's trait
  std::size_t index = 0;                    // in its own list
};

// `profile`: {parameters?, traits?} or null.
std::vector<TraitUse> TraitUses(std::span<const EmbeddedTrait> embedded,
                                const value::Value& profile);

}  // namespace openchoreo::pipeline
