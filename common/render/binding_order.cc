#include "common/render/binding_order.h"

#include <algorithm>
#include <limits>

namespace openchoreo::render {

namespace {

constexpr std::uint32_t kUnset = std::numeric_limits<std::uint32_t>::max();

}  // namespace

// Tarjan's algorithm with its stack on the heap; it yields groups after those they reach.
std::vector<RenderGroup> OrderBindings(std::span<const std::vector<std::uint32_t>> needs) {
  struct Frame {
    std::uint32_t node;
    std::size_t next = 0;  // position in needs[node]
  };

  const std::size_t count = needs.size();
  std::vector<RenderGroup> groups;
  std::vector<std::uint32_t> index(count, kUnset), low(count), group_of(count, kUnset), open;
  std::vector<bool> is_open(count);
  std::vector<Frame> frames;
  std::uint32_t clock = 0;
  for (std::uint32_t start = 0; start < count; ++start) {
    if (index[start] != kUnset) continue;
    frames.push_back({start});
    while (!frames.empty()) {
      Frame& frame = frames.back();
      const std::uint32_t node = frame.node;
      if (frame.next == 0 && index[node] == kUnset) {
        index[node] = low[node] = clock++;
        open.push_back(node);
        is_open[node] = true;
      }
      if (frame.next < needs[node].size()) {
        const std::uint32_t needed = needs[node][frame.next++];
        if (index[needed] == kUnset) {
          frames.push_back({needed});
        } else if (is_open[needed]) {
          low[node] = std::min(low[node], index[needed]);
        }
        continue;
      }
      frames.pop_back();
      if (!frames.empty()) low[frames.back().node] = std::min(low[frames.back().node], low[node]);
      if (low[node] != index[node]) continue;
      RenderGroup group;
      std::uint32_t member = kUnset;
      while (member != node) {
        member = open.back();
        open.pop_back();
        is_open[member] = false;
        group_of[member] = static_cast<std::uint32_t>(groups.size());
        group.members.push_back(member);
      }
      std::sort(group.members.begin(), group.members.end());
      groups.push_back(std::move(group));
    }
  }
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    RenderGroup& group = groups[g];
    group.cycle = group.members.size() > 1;
    for (std::uint32_t member : group.members) {
      for (std::uint32_t needed : needs[member]) {
        if (group_of[needed] != g) {
          group.waits_for.push_back(group_of[needed]);
        } else if (needed == member) {
          group.cycle = true;
        }
      }
    }
    std::sort(group.waits_for.begin(), group.waits_for.end());
    group.waits_for.erase(std::unique(group.waits_for.begin(), group.waits_for.end()),
                          group.waits_for.end());
  }
  return groups;
}

}  // namespace openchoreo::render
