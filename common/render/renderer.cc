#include "common/render/renderer.h"

#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "common/base/out_of_memory.h"
#include "common/pipeline/template_cache.h"
#include "common/render/assembly.h"
#include "common/render/binding_cache.h"
#include "common/render/render_run.h"
#include "common/render/selection.h"
#include "common/resource/file_cache.h"
#include "common/resource/repository.h"

namespace openchoreo::render {
namespace {

using source::FileTree;

resource::LoadOptions LoadOptionsOf(const Options& options) {
  resource::LoadOptions load;
  load.default_namespace = options.default_namespace;
  load.last_duplicate_wins = options.last_duplicate_wins;
  load.strict = options.strict;
  load.jobs = options.jobs;
  load.limits = options.limits;
  load.series = options.series;
  load.cancel = options.cancel;
  return load;
}

}  // namespace

struct Renderer::State {
  explicit State(std::size_t cache_bytes)
      : files(cache_bytes > 0 ? std::make_unique<resource::FileCache>(cache_bytes / 2) : nullptr),
        bindings(cache_bytes > 0 ? std::make_unique<BindingCache>(cache_bytes / 2) : nullptr) {}

  Output Render(const Tree& tree, const Options& options);

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
        state_.templates.Trim(base::kLimits.max_kept_definitions);
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

// What a rendering needed, kept for whoever frees it.
struct Workspace {
  explicit Workspace(Tree loaded) : tree(std::move(loaded)) {}

  Tree tree;
  std::optional<RenderRun> run;
};

// The secrets of the tree, looked for once there is something to say about it.
const resource::SecretValues& SecretsOf(const resource::Repository& repository) {
  return repository.sources().CollectSecrets([&](resource::SecretValues& secrets) {
    for (int kind = 0; kind < names::kKindCount; ++kind) {
      for (const auto& objects : {repository.All(static_cast<names::Kind>(kind)),
                                  repository.Refused(static_cast<names::Kind>(kind))}) {
        for (const resource::Object* object : objects) secrets.Add(object->root);
      }
    }
  });
}

void HideSecrets(const resource::Repository& repository, base::Diagnostics& diagnostics) {
  for (base::Diagnostic& diagnostic : diagnostics) SecretsOf(repository).Hide(diagnostic);
}

// Upstream's text of a failed binding goes into plans and conditions.
void HideSecrets(const resource::Repository& repository, std::vector<BindingResult>& results) {
  for (BindingResult& result : results) {
    if (!result.error.empty()) result.error = SecretsOf(repository).Hide(result.error);
  }
}

// A generation that ended before it could say anything about the tree.
Output Failed(base::Error error) {
  Output output;
  output.sources = std::make_shared<const resource::SourceTable>();
  output.failed = true;
  output.diagnostics.push_back(std::move(error));
  output.subjects.push_back(kNobody);
  return output;
}

}  // namespace

Renderer::Renderer(std::size_t cache_bytes) : state_(std::make_unique<State>(cache_bytes)) {}

Renderer::~Renderer() = default;

Tree Renderer::Load(std::span<FileTree* const> trees, const Options& options) {
  return Tree(resource::Load(trees, LoadOptionsOf(options), state_->files.get()), trees);
}

Output Renderer::Render(const Tree& tree, const Options& options) {
  try {
    return state_->Render(tree, options);
  } catch (const std::bad_alloc&) {
    return Failed(base::OutOfMemory());
  }
}

Output Renderer::Render(std::span<FileTree* const> trees, const Options& options) {
  try {
    return state_->Render(Load(trees, options), options);
  } catch (const std::bad_alloc&) {
    return Failed(base::OutOfMemory());
  }
}

Output Renderer::State::Render(const Tree& tree, const Options& options) {
  const Use use(*this);
  // A tree that was not read to its end says nothing.
  if (options.cancel.is_set()) return Failed(Cancelled());
  Output output;
  output.sources = tree.repository().shared_sources();
  if (!tree.readable()) {
    output.unreadable = output.failed = true;
    Conclude(options, tree.repository().diagnostics(), output);
    HideSecrets(tree.repository(), output.diagnostics);
    HideSecrets(tree.repository(), output.follow_ups);
    return output;
  }
  const auto workspace = std::make_shared<Workspace>(tree);
  output.workspace = workspace;
  const BindingList& list = tree.bindings();
  const Selection selection(list, options);
  AddLoadDiagnostics(tree, selection, options, output);
  const base::Diagnostics selection_errors = CheckSelection(tree, selection, options);
  if (options.include.rendered || options.format == Format::kPlan) {
    const base::CacheUse cached = bindings ? bindings->Begin(options.series) : base::CacheUse();
    RenderRun& run =
        workspace->run.emplace(list, selection, options, templates, bindings.get(), cached);
    if (auto ran = run.Run(); !ran) {
      Output failed = Failed(std::move(ran).error());
      failed.sources = output.sources;
      return failed;
    }
    if (bindings && !run.cancelled()) bindings->End(cached);
    HideSecrets(tree.repository(), run.results());
    TakeRun(tree, selection, options, run, output);
  }
  AddObjects(tree, selection, options, output);
  Conclude(options, selection_errors, output);
  tree.repository().sources().NamePatches(output.diagnostics);
  HideSecrets(tree.repository(), output.diagnostics);
  HideSecrets(tree.repository(), output.follow_ups);
  return output;
}

void Renderer::EndSeries(std::uint64_t series) {
  if (state_->files) state_->files->EndSeries(series);
  if (state_->bindings) state_->bindings->EndSeries(series);
}

Inventory Renderer::TakeInventory(std::span<FileTree* const> trees, const Options& options) {
  try {
    return Load(trees, options).inventory();
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
