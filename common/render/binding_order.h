// The order in which bindings can be rendered: who is needed before whom.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace openchoreo::render {

struct RenderGroup {
  std::vector<std::uint32_t> members;  // sorted; more than one, or one that needs itself: a cycle
  bool cycle = false;
  std::vector<std::uint32_t> waits_for;  // groups, by index; each once
};

// Strongly connected groups of the graph "needs" (needs[i]: what i needs), each after all it waits
// for. Deterministic; no recursion.
std::vector<RenderGroup> OrderBindings(std::span<const std::vector<std::uint32_t>> needs);

}  // namespace openchoreo::render
