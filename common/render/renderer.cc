#include "common/render/renderer.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "common/base/out_of_memory.h"
#include "common/pipeline/template_cache.h"
#include "common/render/binding_cache.h"
#include "common/render/binding_list.h"
#include "common/render/openchoreo_objects.h"
#include "common/render/plan.h"
#include "common/render/render_run.h"
#include "common/render/selection.h"
#include "common/render/stamp.h"
#include "common/resource/dialect.h"
#include "common/resource/file_cache.h"
#include "common/resource/repository.h"

namespace openchoreo::render {
namespace {

using source::FileTree;
using resource::Repository;

// Definitions kept between calls; a tree rarely has as many.
constexpr std::size_t kMaxDefinitions = 4096;

resource::LoadOptions LoadOptionsOf(const Options& options) {
  resource::LoadOptions load;
  load.default_namespace = options.default_namespace;
  load.last_duplicate_wins = options.last_duplicate_wins;
  load.strict = options.strict;
  load.jobs = options.jobs;
  load.limits = options.limits;
  load.cancelled = options.cancelled;
  return load;
}

bool IsError(const base::Diagnostic& diagnostic) {
  return diagnostic.severity == base::Severity::kError;
}

auto SortKey(const base::Diagnostic& diagnostic) {
  const base::Place& place = diagnostic.place;
  return std::tie(place.source, place.document, place.byte_offset, place.field, place.text_begin,
                  diagnostic.severity, diagnostic.object, diagnostic.message);
}

void Sort(base::Diagnostics& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const auto& a, const auto& b) { return SortKey(a) < SortKey(b); });
}

Group GroupOf(const Binding& binding) {
  Group group;
  group.kind = names::NameOf(binding.kind);
  group.ns = binding.ns;
  group.name = binding.name;
  group.environment = binding.environment;
  group.project = binding.project;
  if (binding.kind == names::Kind::kReleaseBinding) group.component = binding.owner;
  return group;
}

// The data plane of an environment by name, and by what tells it from others of that name.
std::pair<std::string, std::string> DataPlaneOf(const Repository& repository,
                                                const Binding& binding) {
  const resource::Object* environment =
      repository.Find(names::Kind::kEnvironment, binding.ns, binding.environment);
  if (!environment) return {};
  const value::Value reference = environment->spec().Get("dataPlaneRef");
  std::string name(reference.Get("name").string_or_empty());
  if (name.empty()) name = "default";
  const bool cluster = reference.Get("kind").string_or_empty() == "ClusterDataPlane";
  std::string id = cluster ? "ClusterDataPlane " + name : "DataPlane " + binding.ns + "/" + name;
  return {std::move(name), std::move(id)};
}

std::vector<EnvironmentFacts> SelectedEnvironments(const Repository& repository,
                                                   const Options& options) {
  std::vector<EnvironmentFacts> environments;
  for (const resource::Object* object : repository.All(names::Kind::kEnvironment)) {
    if (SelectsEnvironment(repository, object->ns, object->name, options)) {
      environments.push_back({std::string(object->ns), std::string(object->name)});
    }
  }
  return environments;
}

// Objects with several contents that no binding reads harm nobody, but somebody will wonder.
void WarnOfConflicts(const Repository& repository, const std::set<const resource::Object*>& read,
                     base::Diagnostics& diagnostics) {
  for (int kind = 0; kind < names::kKindCount; ++kind) {
    for (const resource::Object* object : repository.All(static_cast<names::Kind>(kind))) {
      if (object->conflicts.empty() || read.count(object)) continue;
      base::Diagnostic warning;
      warning.severity = base::Severity::kWarning;
      warning.code = base::ErrorCode::kDuplicateObject;
      warning.message = resource::Describe(*object) +
                        " is defined more than once, with different content; no binding reads it";
      warning.place = object->place;
      warning.object = resource::Describe(*object);
      warning.hint = "keep one of them";
      diagnostics.push_back(std::move(warning));
    }
  }
}

base::Error Cancelled() {
  base::Error error;
  error.code = base::ErrorCode::kCancelled;
  error.message = "the work was cancelled";
  return error;
}

void AddNote(base::Diagnostics& diagnostics, base::Severity severity, std::string message) {
  base::Diagnostic note;
  note.severity = severity;
  note.message = std::move(message);
  diagnostics.push_back(std::move(note));
}

}  // namespace

struct Renderer::State {
  explicit State(std::size_t cache_bytes)
      : files(cache_bytes > 0 ? std::make_unique<resource::FileCache>(cache_bytes / 2) : nullptr),
        bindings(cache_bytes > 0 ? std::make_unique<BindingCache>(cache_bytes / 2) : nullptr) {}

  Output Render(std::span<FileTree* const> trees, const Options& options);

  std::unique_ptr<resource::FileCache> files;
  std::unique_ptr<BindingCache> bindings;
  pipeline::TemplateCache templates;
  std::mutex mutex;
  int active = 0;

  // While a call is on, its objects point into compiled templates.
  class Use {
   public:
    explicit Use(State& state) : state_(state) {
      const std::lock_guard lock(state_.mutex);
      ++state_.active;
    }

    ~Use() {
      const std::lock_guard lock(state_.mutex);
      if (--state_.active > 0) return;
      try {
        state_.templates.Trim(kMaxDefinitions);
      } catch (const std::bad_alloc&) {
        // The next call trims.
      }
    }

    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    State& state_;
  };
};

namespace {

struct Workspace {
  explicit Workspace(std::unique_ptr<const Repository> loaded)
      : repository(std::move(loaded)), list(*repository) {}

  const std::unique_ptr<const Repository> repository;
  BindingList list;
  std::optional<RenderRun> run;
};

// Puts together what a run has left: groups in emission order, and every diagnostic.
class Assembly {
 public:
  Assembly(const BindingList& list, const Options& options, Output& output)
      : list_(list), options_(options), output_(output) {}

  void Take(RenderRun& run) {
    std::vector<BindingResult>& results = run.results();
    std::size_t dropped = 0;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const Binding& binding = list_.bindings()[i];
      BindingResult& result = results[i];
      if (!binding.selected) {
        result.output = {};
        continue;
      }
      ++output_.selected_bindings;
      output_.failed_bindings += result.failed;
      output_.other_plane_objects += result.output.other_plane_objects;
      dropped += result.output.dropped_objects;
      output_.diagnostics.insert(output_.diagnostics.end(),
                                 std::make_move_iterator(result.diagnostics.begin()),
                                 std::make_move_iterator(result.diagnostics.end()));
    }
    WarnOfConflicts(list_.repository(), run.conflicts_read(), output_.diagnostics);
    if (output_.other_plane_objects > 0) {
      AddNote(
          output_.diagnostics, base::Severity::kNote,
          std::to_string(output_.other_plane_objects) +
              " objects for the other plane are left out; --plane all gives both planes' objects");
    }
    if (dropped > 0) {
      AddNote(
          output_.diagnostics, base::Severity::kWarning,
          std::to_string(dropped) +
              " observability objects are left out: their data plane has no observability plane");
    }
    if (run.cancelled()) {
      output_.diagnostics.push_back(Cancelled());
      output_.failed = true;
    }
    if (options_.format == Format::kPlan) return AddPlan(results);
    AddFacts(results);
    if (options_.namespaces) {
      std::vector<const BindingFacts*> all;
      for (const BindingFacts& binding : output_.bindings) all.push_back(&binding);
      output_.groups = AddedNamespaces(all, options_.format);
    }
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i].output.text || results[i].output.ends.empty()) continue;
      Group group = GroupOf(list_.bindings()[i]);
      group.text = std::move(results[i].output.text);
      group.ends = std::move(results[i].output.ends);
      output_.groups.push_back(std::move(group));
    }
  }

 private:
  void AddFacts(std::vector<BindingResult>& results) {
    for (std::size_t i = 0; i < results.size(); ++i) {
      const Binding& binding = list_.bindings()[i];
      if (!binding.selected) continue;
      BindingFacts facts;
      facts.kind = names::NameOf(binding.kind);
      facts.ns = binding.ns;
      facts.name = binding.name;
      facts.environment = binding.environment;
      facts.project = binding.project;
      std::tie(facts.data_plane, facts.data_plane_id) = DataPlaneOf(list_.repository(), binding);
      facts.failed = results[i].failed;
      facts.namespaces = std::move(results[i].output.namespaces);
      facts.provided_namespaces = std::move(results[i].output.provided_namespaces);
      facts.dialect = results[i].output.dialect;
      output_.bindings.push_back(std::move(facts));
    }
  }

  void AddPlan(std::vector<BindingResult>& results) {
    for (std::size_t i = 0; i < results.size(); ++i) {
      const Binding& binding = list_.bindings()[i];
      if (!binding.selected || !results[i].done) continue;
      Group group = GroupOf(binding);
      if (results[i].failed) {
        auto text = std::make_shared<std::string>();
        AppendFailedPlan(*text, binding, results[i].error);
        group.ends.push_back(text->size());
        group.text = std::move(text);
      } else {
        group.text = std::move(results[i].output.text);
        group.ends = std::move(results[i].output.ends);
      }
      output_.groups.push_back(std::move(group));
    }
  }

  const BindingList& list_;
  const Options& options_;
  Output& output_;
};

// What decides whether the generation stands; the design's "All errors at once" and "Empty
// results".
void Conclude(const Options& options, Output& output, const base::Diagnostics& selection_errors) {
  output.diagnostics.insert(output.diagnostics.end(), selection_errors.begin(),
                            selection_errors.end());
  const bool nothing_left =
      output.selected_bindings > 0 && output.failed_bindings == output.selected_bindings;
  if (!selection_errors.empty() || (output.has_error() && (!options.skip_broken || nothing_left))) {
    output.failed = true;
  }
  Sort(output.diagnostics);
  if (output.failed && options.format != Format::kPlan) output.groups.clear();
}

// A generation that ended before it could say anything about the tree.
Output Failed(base::Error error) {
  Output output;
  output.sources = std::make_shared<const resource::SourceTable>();
  output.failed = true;
  output.diagnostics.push_back(std::move(error));
  return output;
}

}  // namespace

bool Output::has_error() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(), IsError);
}

Renderer::Renderer(std::size_t cache_bytes) : state_(std::make_unique<State>(cache_bytes)) {}

Renderer::~Renderer() = default;

Output Renderer::Render(std::span<FileTree* const> trees, const Options& options) {
  try {
    return state_->Render(trees, options);
  } catch (const std::bad_alloc&) {
    return Failed(base::OutOfMemory());
  }
}

Output Renderer::State::Render(std::span<FileTree* const> trees, const Options& options) {
  const Use use(*this);
  Output output;
  std::unique_ptr<const Repository> repository =
      resource::Load(trees, LoadOptionsOf(options), files.get());
  if (options.cancelled && options.cancelled()) return Failed(Cancelled());
  output.sources = repository->shared_sources();
  if (!repository->readable()) {
    output.diagnostics = repository->diagnostics();
    output.unreadable = output.failed = true;
    Sort(output.diagnostics);
    return output;
  }
  const auto workspace = std::make_shared<Workspace>(std::move(repository));
  output.workspace = workspace;
  BindingList& list = workspace->list;
  Select(list, options);
  output.diagnostics = SelectedLoadDiagnostics(list);
  for (base::Diagnostic& error : SelectedDerivationErrors(list, options)) {
    output.diagnostics.push_back(std::move(error));
  }
  const base::Diagnostics selection_errors = CheckSelection(list, options);
  output.environments = SelectedEnvironments(list.repository(), options);
  if (options.include != Include::kOpenChoreo || options.format == Format::kPlan) {
    RenderRun& run = workspace->run.emplace(list, options, templates, bindings.get());
    if (auto ran = run.Run(); !ran) return Failed(std::move(ran).error());
    Assembly(list, options, output).Take(run);
  }
  if (options.include != Include::kRendered && options.format != Format::kPlan) {
    for (Group& group : OpenChoreoObjects(list, options.format))
      output.groups.push_back(std::move(group));
  }
  Conclude(options, output, selection_errors);
  return output;
}

Inventory Renderer::TakeInventory(std::span<FileTree* const> trees, const Options& options) {
  try {
    const std::unique_ptr<Repository> repository =
        resource::Load(trees, LoadOptionsOf(options), state_->files.get());
    return render::TakeInventory(BindingList(*repository));
  } catch (const std::bad_alloc&) {
    return {};
  }
}

Renderer::CacheStats Renderer::cache_stats() const {
  CacheStats stats;
  if (state_->files) {
    const auto files = state_->files->stats();
    stats.file_hits = files.hits;
    stats.file_misses = files.misses;
    stats.bytes = files.bytes;
  }
  if (state_->bindings) {
    const auto bindings = state_->bindings->stats();
    stats.binding_hits = bindings.hits;
    stats.binding_misses = bindings.misses;
    stats.bytes += bindings.bytes;
  }
  return stats;
}

}  // namespace openchoreo::render
