// What a rendering is asked for. Meanings and defaults are those of the flags in the README;
// option_table.h names each once, for every front door.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/limits.h"

namespace openchoreo::render {

// What leaves: any of the three.
struct Include {
  bool rendered = true;     // data-plane objects
  bool bindings = false;    // the selected binding objects themselves
  bool openchoreo = false;  // all OpenChoreo resources, the selected bindings among them

  bool operator==(const Include&) const = default;

  static const Include kRendered, kBindings, kOpenChoreo, kAll;
};

inline constexpr Include Include::kRendered{true, false, false};
inline constexpr Include Include::kBindings{false, true, false};
inline constexpr Include Include::kOpenChoreo{false, false, true};
inline constexpr Include Include::kAll{true, false, true};

enum class Plane : std::uint8_t { kData, kObservability, kAll };
enum class Format : std::uint8_t { kYaml, kJson, kPlan };

// A dependency that cannot be resolved: which fails the generation.
enum class OnPending : std::uint8_t {
  kFailAbsent,  // one whose component or resource is in no source at all
  kFail,        // any
  kWarn,        // none
};

struct Options {
  // Selections, by name; an empty one selects all.
  std::vector<std::string> organizations;  // OpenChoreo namespaces
  std::vector<std::string> environments;
  std::vector<std::string> projects;
  std::vector<std::string> components;
  std::vector<std::string> dataplanes;
  std::vector<std::string> bindings;  // "component", "project", "resource"
  std::string default_namespace = "default";
  Include include;
  Plane plane = Plane::kData;
  bool tracking = true;
  bool namespaces = true;
  // Whether somebody said so: then Namespaces are added even where the selection leaves the
  // project's part to others.
  bool namespaces_given = false;
  bool record = true;
  bool origins = false;      // annotate every object with the template and patches it comes from
  bool skip_broken = false;  // --on-error skip
  OnPending on_pending = OnPending::kFailAbsent;
  bool allow_empty = false;
  bool allow_empty_selection = false;
  bool passthrough = false;  // emit objects that are not OpenChoreo's, as they are
  bool last_duplicate_wins = false;
  bool strict = false;
  bool verbose = false;  // add notes
  // How many of the trees, from the first on, give OpenChoreo objects and others that leave; the
  // rest is read only: what another team's repository adds.
  std::size_t emitted_trees = std::numeric_limits<std::size_t>::max();
  unsigned jobs = 1;  // threads, as many of them as there are to be had
  Format format = Format::kYaml;
  base::RenderLimits limits;
  // Renderings of the same number, other than 0, follow each other, as those of one tree do with
  // each commit: what the last two did not use, a renderer need not keep.
  std::uint64_t series = 0;
  // Asked now and then; once it is set the work stops with one kCancelled error.
  base::Cancel cancel;
};

}  // namespace openchoreo::render
