// All bindings of one tree, rendered on worker threads in the order of their dependencies.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/render/binding_cache.h"
#include "common/render/binding_list.h"
#include "common/render/binding_order.h"
#include "common/render/binding_output.h"
#include "common/render/connections.h"
#include "common/render/manifests.h"
#include "common/render/output.h"
#include "common/render/selection.h"

namespace openchoreo::render {

struct BindingResult {
  BindingOutput output;
  std::string error;  // upstream's text; "" = rendered
  base::Diagnostics diagnostics;
  // Warnings and errors that only follow from another binding's failure, whose index stands beside
  // them.
  std::vector<std::pair<std::uint32_t, base::Diagnostic>> follow_ups;
  bool done = false;  // false: nobody needed it, or the run was cancelled
  bool failed = false;
};

class RenderRun {
 public:
  // All references outlive the run. `cache` may be null; it is asked by `use`.
  RenderRun(const BindingList& list, const Selection& selection, const Options& options,
            pipeline::TemplateCache& templates, BindingCache* cache, const base::CacheUse& use);

  // Renders every selected binding, and what those depend on. A binding that runs out of memory
  // fails alone. Errors: kLimit, where there was none left to say so.
  base::Result<void> Run();

  bool cancelled() const { return cancelled_; }

  // Indexed like list.bindings().
  std::vector<BindingResult>& results() { return results_; }

  // Objects with several contents that a binding has read (and said so).
  const std::set<const resource::Object*>& conflicts_read() const { return conflicts_read_; }

 private:
  struct Worker {
    base::Budget budget;  // of the binding at hand
    base::Arena arena{1 << 18};
    OutputBuffers buffers;

    // Whatever the worker rendered before is forgotten; `is_cancelled` outlives the binding.
    void Begin(const Options& options, const std::function<bool()>& is_cancelled) {
      budget = base::Budget(options.limits, &is_cancelled);
      arena.Reset(budget);
    }
  };

  std::vector<std::vector<std::uint32_t>> FindNeeds() const;
  base::Result<void> RunGroups(const std::vector<RenderGroup>& groups);
  void RunGroup(const RenderGroup& group, Worker& worker);
  bool Cancelled();
  void RunCycle(const RenderGroup& group, Worker& worker);
  Provided Probe(std::uint32_t index, Worker& worker);
  void RenderOne(std::uint32_t index, Worker& worker);
  void Finish(std::uint32_t index, const BindingInputs& inputs, const Dependencies& dependencies,
              Worker& worker);
  void Fail(std::uint32_t index, base::Error error);
  bool FailOnConflicts(std::uint32_t index, const std::vector<release::Read>& reads);
  void AddWarnings(std::uint32_t index, const base::Diagnostics& warnings);
  void AddPending(std::uint32_t index, const BindingInputs& inputs,
                  const std::vector<PendingDependency>& pending);
  void Provide(std::uint32_t index, Provided provided);
  bool IsAbsent(const Binding& binding, const PendingDependency& dependency) const;
  void SettleOwnership();

  const BindingList& list_;
  const Selection& selection_;
  const Options& options_;
  const std::function<bool()> is_cancelled_ = [this] { return options_.cancel.is_set(); };
  CompiledReleases releases_;
  BindingCache* cache_;
  const base::CacheUse use_;
  bool any_conflicts_ = false;
  std::vector<bool> needed_;
  std::vector<bool> asked_;  // others depend on it
  std::vector<Provided> provided_;
  std::vector<BindingResult> results_;
  std::atomic<bool> cancelled_ = false, too_much_ = false;
  std::atomic<std::size_t> output_bytes_ = 0;
  std::mutex conflicts_mutex_;
  std::set<const resource::Object*> conflicts_read_;
};

}  // namespace openchoreo::render
