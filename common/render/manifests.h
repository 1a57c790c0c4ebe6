// One binding → its manifests, as upstream's controllers put them into RenderedReleases. Follows
// openchoreo internal/controller/{releasebinding,projectreleasebinding,resourcereleasebinding}.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/pipeline/component_pipeline.h"
#include "common/pipeline/template_cache.h"
#include "common/render/binding_inputs.h"
#include "common/render/connections.h"
#include "common/render/options.h"

namespace openchoreo::render {

struct Manifest {
  value::Value object;
  std::string_view id;  // of the resource within its RenderedRelease
  // Its template, then every patch that touched it; where Options::origins asks for it.
  std::vector<base::Place> origin = {};
};

struct Manifests {
  std::vector<Manifest> data, observability;  // network policy included
  Provided provided;
  std::vector<PendingDependency> pending;
  std::vector<record::Connection> connections;  // what Dependencies::targets were
  std::size_t resolved_connections = 0, resolved_resources = 0;
  value::Value output_context;  // what texts of a ResourceType see, but for `applied`; map or null
  std::size_t dropped = 0;      // observability objects without a plane to go to
  base::Diagnostics warnings;   // of the definitions it was rendered from
};

// What releases compile to, once per run for all that have their definitions in common, as they do
// where a cache holds equal parts of files once. The definitions' memory outlives it. Thread-safe.
class CompiledReleases {
 public:
  explicit CompiledReleases(pipeline::TemplateCache& cache) : cache_(&cache) {}

  std::shared_ptr<const pipeline::CompiledRelease> Get(
      const value::Value& component_type, std::span<const pipeline::TraitDefinition> traits);

  pipeline::TemplateCache& cache() const { return *cache_; }

 private:
  // Where the definitions of a release lie: its type, then its traits.
  using Places = std::vector<std::pair<const void*, std::size_t>>;

  pipeline::TemplateCache* cache_;
  std::mutex mutex_;
  std::map<Places, std::shared_ptr<const pipeline::CompiledRelease>> releases_;
};

// `inputs` without error, of a binding that is not undeployed; `dependencies` matter to
// ReleaseBindings. Errors: upstream's whole text.
base::Result<Manifests> RenderManifests(const Binding& binding, const BindingInputs& inputs,
                                        const Dependencies& dependencies,
                                        CompiledReleases& releases, base::Arena& arena,
                                        const Options& options);

// Upstream's resource id of a component's object: "<kind>-<name>", cut to a label value.
std::string ResourceId(const value::Value& object, std::size_t index);

}  // namespace openchoreo::render
