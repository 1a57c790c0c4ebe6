// The one entry front doors call: sources and a selection in, rendered sets and diagnostics out.
//
// Owns what needs more than one binding: order between bindings, endpoints and connections,
// resource outputs, added namespaces, tracking stamp, release record, worker threads and the
// content-addressed cache.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/base/limits.h"
#include "common/render/binding_facts.h"
#include "common/source/file_tree.h"

namespace openchoreo::resource {
class SourceTable;
}

namespace openchoreo::render {

enum class Include : std::uint8_t { kRendered, kOpenChoreo, kAll };
enum class Plane : std::uint8_t { kData, kObservability, kAll };
enum class Format : std::uint8_t { kYaml, kJson, kPlan };

// Meanings and defaults are those of the flags in the design ("Commands").
struct Options {
  std::vector<std::string> environments;
  std::vector<std::string> projects;
  std::vector<std::string> components;
  std::vector<std::string> dataplanes;
  std::string default_namespace = "default";
  Include include = Include::kRendered;
  Plane plane = Plane::kData;
  bool tracking = true;
  bool namespaces = true;
  bool record = true;
  bool skip_broken = false;  // --on-error skip
  bool allow_empty = false;
  bool last_duplicate_wins = false;
  bool strict = false;
  bool verbose = false;  // add notes
  unsigned jobs = 1;
  Format format = Format::kYaml;
  base::RenderLimits limits;
  // Asked now and then; true stops the work with one kCancelled error. May be empty. Thread-safe.
  std::function<bool()> cancelled;
};

// One emitted group: an added Namespace, the objects of one binding, or one OpenChoreo resource
// itself. `text` holds the objects one after the other in Options::format (YAML without "---"
// lines, compact JSON); object i is text[ends[i-1], ends[i]). For kPlan it is the one plan element.
struct Group {
  std::string kind, ns, name;  // of the binding, Namespace or resource
  std::string environment, project, component;
  std::shared_ptr<const std::string> text;
  std::vector<std::size_t> ends;

  std::size_t size() const { return ends.size(); }  // objects

  std::string_view object(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(*text).substr(begin, ends[i] - begin);
  }
};

struct Output {
  std::vector<Group> groups;           // in emission order
  std::vector<BindingFacts> bindings;  // the selected ones, in emission order; none for kPlan
  std::vector<EnvironmentFacts> environments;  // by namespace and name
  base::Diagnostics diagnostics;               // sorted; every error of the tree
  std::size_t selected_bindings = 0;
  std::size_t failed_bindings = 0;
  std::size_t other_plane_objects = 0;  // left out by Options::plane
  bool failed = false;      // the generation as a whole fails: emit nothing (groups is empty then,
                            // but for kPlan)
  bool unreadable = false;  // a source could not be read at all
  std::shared_ptr<const resource::SourceTable> sources;  // for DiagnosticPrinter
  // What rendering needed: loaded objects, bindings, look-ups. Nothing here points into it; it is
  // the caller's to say when the time to free it is (a process about to end: never).
  std::shared_ptr<const void> workspace;

  // Whether a diagnostic is an error, also where `failed` is not set (skip_broken).
  bool has_error() const;
};

// What the tree offers, for parameter announcements and messages; sorted.
struct Inventory {
  std::vector<std::string> environments, projects, components, dataplanes, namespaces;
};

// Thread-safe; keeps caches between calls (bounded by `cache_bytes`; 0 keeps none). A call that
// runs out of memory ends in a kLimit error (an empty inventory); the renderer and its other calls
// live on. A cache hit needs equal content, so one tree can never be shown another's.
class Renderer {
 public:
  explicit Renderer(std::size_t cache_bytes = 0);
  ~Renderer();

  // `trees` must outlive the call and, for printing, Output::sources.
  Output Render(std::span<source::FileTree* const> trees, const Options& options);

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
