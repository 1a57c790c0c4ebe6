// From an offset in a scalar's decoded text back to the bytes it was written with.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "common/yaml/event_stream.h"

namespace openchoreo::yaml {

struct SourceRange {
  std::size_t begin;
  std::size_t end;
};

// `source` is the scalar as written, from its tag, anchor or first quote to its end; `decoded` its
// text. Gives the bytes of `source` that became decoded[begin, end), line breaks and escapes
// counted. nullopt where the two cannot be laid side by side.
std::optional<SourceRange> FindSourceRange(std::string_view source, ScalarStyle style,
                                           std::string_view decoded, std::size_t begin,
                                           std::size_t end);

}  // namespace openchoreo::yaml
