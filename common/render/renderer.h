// The one entry front doors call: sources and a selection in, rendered sets and diagnostics out.
//
// Owns what needs more than one binding: order between bindings, endpoints and connections,
// resource outputs, added namespaces, tracking stamp, release record, worker threads and the
// content-addressed cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "common/render/options.h"
#include "common/render/output.h"
#include "common/render/tree.h"
#include "common/source/file_tree.h"

namespace openchoreo::render {

// Thread-safe; keeps caches between calls (bounded by `cache_bytes`; 0 keeps none). A call that
// runs out of memory ends in a kLimit error (an empty inventory); the renderer and its other calls
// live on. A cache hit needs equal content, so one tree can never be shown another's.
class Renderer {
 public:
  explicit Renderer(std::size_t cache_bytes = 0);
  ~Renderer();

  // Reads `trees` once, under the options that say how: default_namespace, last_duplicate_wins,
  // strict, jobs, limits. `trees` must outlive the tree. May throw std::bad_alloc.
  Tree Load(std::span<source::FileTree* const> trees, const Options& options);

  // Renders a part of a loaded tree, as often as one likes; from any thread.
  Output Render(const Tree& tree, const Options& options);

  // Both at once. `trees` must outlive the call and, for printing, Output::sources.
  Output Render(std::span<source::FileTree* const> trees, const Options& options);

  // There will be no further rendering of this Options::series: what it used may go. May throw
  // std::bad_alloc.
  void EndSeries(std::uint64_t series);

  Inventory TakeInventory(std::span<source::FileTree* const> trees, const Options& options);

  struct CacheStats {
    std::size_t file_hits = 0, file_misses = 0, binding_hits = 0, binding_misses = 0, bytes = 0;
  };

  CacheStats cache_stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace openchoreo::render
