// Bounds on what untrusted input may cost. Every limit ends in an error that names it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace openchoreo::base {

struct RenderLimits {
  std::size_t max_depth = 100;                      // nesting of YAML or JSON values
  std::size_t max_file_bytes = 32u << 20;           // one file
  std::size_t max_nodes = 4'000'000;                // nodes of one document, aliases expanded
  std::size_t max_scalar_bytes = 16u << 20;         // one scalar
  std::size_t max_for_each_items = 10'000;          // items of one forEach
  std::size_t max_resources_per_binding = 5'000;    // rendered objects
  std::size_t max_output_bytes = 64u << 20;         // one binding's objects, as JSON
  std::size_t max_total_output_bytes = 512u << 20;  // all bindings' text
  std::uint64_t max_cel_steps = 50'000'000;         // evaluation steps of one expression
  std::size_t max_cel_bytes = 128u << 20;           // memory one expression may make
  std::size_t max_binding_bytes = 256u << 20;       // memory of one binding's rendering
};

}  // namespace openchoreo::base
