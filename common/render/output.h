// What a rendering gives: groups of objects as text, what became of each binding, and everything
// there is to say.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/base/sha256.h"
#include "common/render/binding_facts.h"
#include "common/render/options.h"

namespace openchoreo::resource {
class SourceTable;
}

namespace openchoreo::render {

// An index that points to nothing.
inline constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

// One emitted group: an added Namespace, the objects of one binding, one OpenChoreo resource
// itself, or one object of another kind that is passed through. `text` holds the objects one after
// the other in Options::format (YAML without "---" lines, compact JSON); object i is
// text[ends[i-1], ends[i]). For kPlan it is the one plan element.
struct Group {
  std::string kind, ns, name;  // of the binding, Namespace or resource
  std::string environment, project, component;
  std::size_t binding = kNobody;  // index into Output::bindings: its objects, or itself
  std::shared_ptr<const std::string> text;
  std::vector<std::size_t> ends;
  // Equal ones mean equal `text` and `ends`. Known where the renderer keeps a cache.
  std::optional<base::Sha256Digest> identity;

  std::size_t size() const { return ends.size(); }  // objects

  std::string_view object(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(*text).substr(begin, ends[i] - begin);
  }
};

struct Output {
  std::vector<Group> groups;                   // in emission order
  std::vector<BindingFacts> bindings;          // the selected ones, by (kind, namespace, name)
  std::vector<BindingFacts> underived;         // Components whose release could not be derived
  std::vector<EnvironmentFacts> environments;  // by namespace and name
  base::Diagnostics diagnostics;               // sorted; every error of the tree
  // Of each diagnostic, whom it is about: index into `bindings`, then on into `underived`; kNobody.
  std::vector<std::size_t> subjects;
  // What only follows from something in `diagnostics`: errors and warnings that go away with it.
  base::Diagnostics follow_ups;
  std::size_t bindings_read = 0;  // in the tree
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

  // Whom diagnostics[i] is about; nullptr if it is no binding and no Component without a release.
  const BindingFacts* SubjectOf(std::size_t i) const;
};

}  // namespace openchoreo::render
