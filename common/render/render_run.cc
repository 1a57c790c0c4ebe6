#include "common/render/render_run.h"

#include <algorithm>
#include <condition_variable>
#include <new>
#include <utility>

#include "common/base/fan_out.h"
#include "common/base/go_quote.h"
#include "common/base/out_of_memory.h"
#include "common/render/plan.h"
#include "common/resource/dialect.h"

namespace openchoreo::render {
namespace {

using names::Kind;

constexpr int kMaxCycleRounds = static_cast<int>(base::kLimits.max_cycle_rounds);

// Groups whose needs are met, handed out to worker threads.
class ReadyQueue {
 public:
  explicit ReadyQueue(const std::vector<RenderGroup>& groups)
      : waiting_(groups.size()), unblocks_(groups.size()) {
    ready_.reserve(groups.size());  // so that Done never needs memory
    for (std::uint32_t g = 0; g < groups.size(); ++g) {
      waiting_[g] = groups[g].waits_for.size();
      for (std::uint32_t before : groups[g].waits_for) unblocks_[before].push_back(g);
      if (waiting_[g] == 0) ready_.push_back(g);
    }
    left_ = groups.size();
  }

  // The next group; false when there will be none.
  bool Pop(std::uint32_t& group) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return next_ < ready_.size() || left_ == 0; });
    if (next_ == ready_.size()) return false;
    group = ready_[next_++];
    return true;
  }

  // Says, when it goes, that a group is done with.
  class Finished {
   public:
    Finished(ReadyQueue& queue, std::uint32_t group) : queue_(queue), group_(group) {}

    ~Finished() { queue_.Done(group_); }

    Finished(const Finished&) = delete;
    Finished& operator=(const Finished&) = delete;

   private:
    ReadyQueue& queue_;
    std::uint32_t group_;
  };

 private:
  void Done(std::uint32_t group) {
    const std::lock_guard lock(mutex_);
    --left_;
    for (std::uint32_t after : unblocks_[group]) {
      if (--waiting_[after] == 0) ready_.push_back(after);
    }
    if (left_ == 0 || !unblocks_[group].empty()) changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> waiting_;
  std::vector<std::vector<std::uint32_t>> unblocks_;
  std::vector<std::uint32_t> ready_;  // in the order they got ready; [next_, end) are to do
  std::size_t next_ = 0;
  std::size_t left_ = 0;
};

base::Error ConflictError(const resource::Object& object, const resource::SourceTable& sources) {
  base::Error error;
  error.code = base::ErrorCode::kDuplicateObject;
  error.message = resource::Describe(object) + " is defined more than once, with different content";
  error.place = object.place;
  for (const base::Place& place : object.conflicts) {
    if (!place.known()) continue;
    if (!sources.at(place.source).patch_of.empty()) error.place = place;
    error.notes.push_back("defined in " + sources.at(place.source).display_path + ", document " +
                          std::to_string(place.document + 1));
  }
  error.hint = "keep one of them, or take the last in path order (--duplicates last)";
  return error;
}

// A place inside `object` by the field names of the v1.x model, by those of the file.
base::Place AsWritten(const resource::Object& object, base::Place place) {
  const base::Place& whole = object.place;
  if (place.source != whole.source || place.document != whole.document ||
      !place.field.starts_with(whole.field)) {
    return place;
  }
  base::Place written =
      resource::PlaceOf(object, std::string_view(place.field).substr(whole.field.size()));
  written.text_begin = place.text_begin;
  written.text_end = place.text_end;
  return written;
}

// The Workload a release renders; null for the other kinds.
value::Value WorkloadOf(const BindingList& list, const Binding& binding) {
  if (binding.kind != Kind::kReleaseBinding || binding.refused) return value::Value();
  if (const auto* derived =
          list.FindDerived(Kind::kComponentRelease, binding.ns, binding.release)) {
    return derived->spec.Get("workload");
  }
  const resource::Object* release =
      list.repository().Find(Kind::kComponentRelease, binding.ns, binding.release);
  return release ? release->spec().Get("workload") : value::Value();
}

// A template that reads the secret store of a DataPlane without one fails in CEL's words.
base::Error Explained(base::Error error, const BindingInputs& inputs) {
  if (error.hint.empty() && error.message.find("no such key: secretStore") != std::string::npos &&
      inputs.plane.spec.Get("secretStoreRef", "name").string_or_empty().empty()) {
    error.hint =
        resource::Describe(*inputs.plane.object) +
        " has no spec.secretStoreRef, which this template reads: name the secret store there";
  }
  return error;
}

}  // namespace

RenderRun::RenderRun(const BindingList& list, const Selection& selection, const Options& options,
                     pipeline::TemplateCache& templates, BindingCache* cache,
                     const base::CacheUse& use)
    : list_(list),
      selection_(selection),
      options_(options),
      releases_(templates),
      cache_(cache),
      use_(use),
      needed_(list.bindings().size()),
      asked_(list.bindings().size()),
      provided_(list.bindings().size()),
      results_(list.bindings().size()) {
  for (int kind = 0; kind < names::kKindCount; ++kind) {
    for (const resource::Object* object : list.repository().All(static_cast<Kind>(kind))) {
      any_conflicts_ = any_conflicts_ || !object->conflicts.empty();
    }
  }
}

base::Result<void> RenderRun::Run() {
  const auto needs = FindNeeds();
  for (const std::vector<std::uint32_t>& providers : needs) {
    for (const std::uint32_t provider : providers) asked_[provider] = true;
  }
  // What selected bindings need, and what that needs.
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < needs.size(); ++i) {
    if (!selection_.needs(i)) continue;
    needed_[i] = true;
    open.push_back(i);
  }
  while (!open.empty()) {
    const std::uint32_t i = open.back();
    open.pop_back();
    for (std::uint32_t needed : needs[i]) {
      if (needed_[needed]) continue;
      needed_[needed] = true;
      open.push_back(needed);
    }
  }
  OC_TRY_DONE(RunGroups(OrderBindings(needs)));
  if (too_much_) {
    base::Error error;
    error.code = base::ErrorCode::kLimit;
    error.message = "the rendered objects take more than " +
                    std::to_string(options_.limits.max_total_output_bytes) +
                    " bytes in all (max_total_output_bytes)";
    error.hint = "render fewer bindings at once, by environment or project";
    return base::Fail(std::move(error));
  }
  SettleOwnership();
  return {};
}

std::vector<std::vector<std::uint32_t>> RenderRun::FindNeeds() const {
  std::vector<std::vector<std::uint32_t>> needs(list_.bindings().size());
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const Binding& binding = list_.bindings()[i];
    const value::Value workload = WorkloadOf(list_, binding);
    if (workload.Get("dependencies").is_map()) needs[i] = ProvidersOf(list_, binding, workload);
  }
  return needs;
}

base::Result<void> RenderRun::RunGroups(const std::vector<RenderGroup>& groups) {
  ReadyQueue queue(groups);
  const auto work = [&] {
    Worker worker;
    std::uint32_t group = 0;
    while (queue.Pop(group)) {
      // Whatever becomes of it: the threads that wait for it must not wait for ever.
      const ReadyQueue::Finished finished(queue, group);
      try {
        RunGroup(groups[group], worker);
      } catch (const std::bad_alloc&) {
        worker.arena.Reset();
        for (std::uint32_t member : groups[group].members) Fail(member, base::OutOfMemory());
      }
    }
  };
  const std::size_t jobs = std::min<std::size_t>(options_.jobs, groups.size());
  return base::FanOut(static_cast<unsigned>(jobs), work);
}

void RenderRun::RunGroup(const RenderGroup& group, Worker& worker) {
  if (!needed_[group.members.front()] || cancelled_ || too_much_) return;
  if (Cancelled()) return;
  if (group.cycle) return RunCycle(group, worker);
  RenderOne(group.members.front(), worker);
}

bool RenderRun::Cancelled() {
  if (options_.cancel.is_set()) cancelled_ = true;
  return cancelled_;
}

// Bindings that need each other: first without each other's endpoints, then with those found, until
// nothing changes any more.
void RenderRun::RunCycle(const RenderGroup& group, Worker& worker) {
  for (int round = 0; round < kMaxCycleRounds; ++round) {
    std::vector<Provided> found;
    found.reserve(group.members.size());
    for (std::uint32_t member : group.members) {
      if (Cancelled()) return;
      found.push_back(Probe(member, worker));
    }
    bool changed = false;
    for (std::size_t i = 0; i < found.size(); ++i) {
      Provided& known = provided_[group.members[i]];
      changed = changed || !(known == found[i]);
      known = std::move(found[i]);
    }
    if (changed) continue;
    for (std::uint32_t member : group.members) RenderOne(member, worker);
    return;
  }
  std::string names;
  for (std::uint32_t member : group.members)
    names += (names.empty() ? "" : ", ") + Describe(list_.bindings()[member]);
  for (std::uint32_t member : group.members) {
    base::Error error;
    error.code = base::ErrorCode::kRender;
    error.message = "endpoints of bindings that connect to each other still change after " +
                    std::to_string(kMaxCycleRounds) + " rounds: " + names;
    error.place = resource::PlaceOf(list_.bindings()[member].anchor(), "");
    error.hint =
        "a template makes a port, host or path depend on a connection of the cycle; take it out";
    Fail(member, std::move(error));
  }
}

Provided RenderRun::Probe(std::uint32_t index, Worker& worker) {
  const Binding& binding = list_.bindings()[index];
  worker.Begin(options_, is_cancelled_);
  BindingInputs inputs;
  if (binding.refused) return {};
  GatherInputs(list_, binding, worker.arena, inputs);
  if (inputs.error || binding.undeploy) return {};
  Dependencies dependencies;
  if (binding.kind == Kind::kReleaseBinding) {
    dependencies = ResolveDependencies(list_, binding, inputs.release->spec.Get("workload"),
                                       provided_, worker.arena);
  }
  auto manifests =
      RenderManifests(binding, inputs, dependencies, releases_, worker.arena, options_);
  return manifests ? std::move(manifests->provided) : Provided();
}

void RenderRun::RenderOne(std::uint32_t index, Worker& worker) {
  const Binding& binding = list_.bindings()[index];
  BindingResult& result = results_[index];
  result.done = true;
  if (binding.refused) {
    // Loading has said so already, with the place; here it only fails the binding.
    result.failed = true;
    result.error = std::string(names::NameOf(binding.kind)) + " " + base::GoQuote(binding.name) +
                   " is invalid: " + binding.object->invalid;
    return;
  }
  worker.Begin(options_, is_cancelled_);
  BindingInputs inputs;
  GatherInputs(list_, binding, worker.arena, inputs);
  if (FailOnConflicts(index, inputs.reads)) return;
  AddWarnings(index, inputs.warnings);
  if (inputs.error) return Fail(index, std::move(*inputs.error));
  if (result.failed) return;
  Dependencies dependencies;
  if (binding.kind == Kind::kReleaseBinding) {
    dependencies = ResolveDependencies(list_, binding, inputs.release->spec.Get("workload"),
                                       provided_, worker.arena);
  }
  std::optional<base::Sha256Digest> key;
  // Content identities say nothing of names of files, which origins are made of.
  if (cache_ && selection_.needs(index) && !options_.origins)
    key = BindingCache::KeyOf(binding, inputs, dependencies, options_, worker.budget);
  if (key) {
    if (const auto cached = cache_->Find(*key, use_)) {
      provided_[index] = cached->provided;
      result.output = cached->output;
      return;
    }
  }
  Finish(index, inputs, dependencies, worker);
  if (key && result.done && !result.failed && result.diagnostics.empty() &&
      result.follow_ups.empty() && result.output.dropped_objects == 0) {
    result.output.identity = result.output.IdentityOf();
    cache_->Put(*key, {provided_[index], result.output}, use_);
  }
}

void RenderRun::Finish(std::uint32_t index, const BindingInputs& inputs,
                       const Dependencies& dependencies, Worker& worker) {
  const Binding& binding = list_.bindings()[index];
  Manifests manifests;
  if (!binding.undeploy) {
    auto rendered =
        RenderManifests(binding, inputs, dependencies, releases_, worker.arena, options_);
    if (!rendered) return Fail(index, Explained(std::move(rendered).error(), inputs));
    manifests = std::move(*rendered);
    AddWarnings(index, manifests.warnings);
    if (results_[index].failed) return;
    if ((!manifests.observability.empty() || manifests.dropped > 0) &&
        FailOnConflicts(index, inputs.observability_reads)) {
      return;
    }
    AddPending(index, inputs, manifests.pending);
    if (results_[index].failed) {
      Provide(index, std::move(manifests.provided));  // which others still can use
      return;
    }
  }
  if (selection_.needs(index)) {
    auto output = WriteBinding(binding, inputs, binding.undeploy ? nullptr : &manifests, options_,
                               list_.repository().sources(), worker.arena, worker.buffers);
    if (!output) return Fail(index, std::move(output).error());
    results_[index].output = std::move(*output);
    output_bytes_ += results_[index].output.text->size();
    if (output_bytes_ > options_.limits.max_total_output_bytes) too_much_ = true;
  }
  Provide(index, std::move(manifests.provided));
}

// What nobody asks for is kept for the cache alone.
void RenderRun::Provide(std::uint32_t index, Provided provided) {
  if (asked_[index] || cache_) provided_[index] = std::move(provided);
}

void RenderRun::Fail(std::uint32_t index, base::Error error) {
  const Binding& binding = list_.bindings()[index];
  BindingResult& result = results_[index];
  if (error.code == base::ErrorCode::kCancelled) {
    // Of the whole run, which says so once.
    cancelled_ = true;
    result = {};
    provided_[index] = {};
    return;
  }
  result.done = true;
  result.failed = true;
  result.output = {};
  provided_[index] = {};
  if (result.error.empty()) result.error = error.message;
  error.severity = base::Severity::kError;
  error.object = Describe(binding);
  if (!error.place.known()) {
    error.place = resource::PlaceOf(binding.anchor(), "");
  } else if (binding.object && binding.object->dialect == names::Dialect::kV012) {
    error.place = AsWritten(*binding.object, std::move(error.place));
  }
  result.diagnostics.push_back(std::move(error));
}

// Warnings fail the binding where options are strict.
void RenderRun::AddWarnings(std::uint32_t index, const base::Diagnostics& warnings) {
  for (base::Diagnostic warning : warnings) {
    if (options_.strict && warning.severity == base::Severity::kWarning) {
      Fail(index, std::move(warning));
      continue;
    }
    const Binding& binding = list_.bindings()[index];
    warning.object = Describe(binding);
    if (binding.object && binding.object->dialect == names::Dialect::kV012)
      warning.place = AsWritten(*binding.object, std::move(warning.place));
    results_[index].diagnostics.push_back(std::move(warning));
  }
}

bool RenderRun::FailOnConflicts(std::uint32_t index, const std::vector<release::Read>& reads) {
  if (!any_conflicts_) return false;
  std::set<const resource::Object*> conflicts;
  for (const release::Read& read : reads) {
    if (read.found && !read.found->conflicts.empty()) conflicts.insert(read.found);
  }
  if (conflicts.empty()) return false;
  for (const release::Read& read : reads) {
    if (conflicts.erase(read.found) > 0)
      Fail(index, ConflictError(*read.found, list_.repository().sources()));
    if (read.found && !read.found->conflicts.empty()) {
      const std::lock_guard lock(conflicts_mutex_);
      conflicts_read_.insert(read.found);
    }
  }
  return true;
}

void RenderRun::AddPending(std::uint32_t index, const BindingInputs& inputs,
                           const std::vector<PendingDependency>& pending) {
  const Binding& binding = list_.bindings()[index];
  for (const PendingDependency& dependency : pending) {
    base::Diagnostic finding;
    finding.code = base::ErrorCode::kPending;
    finding.message = std::string(NameOf(dependency.kind)) + " pending: " + dependency.reason;
    const bool absent = IsAbsent(binding, dependency);
    if (dependency.pointer.empty()) {
      finding.place = resource::PlaceOf(binding.anchor(), "");
      finding.hint = "outputs that only a cluster knows stay unresolved here";
    } else {
      finding.place = release::WorkloadPlace(*inputs.release);
      finding.place.field += dependency.pointer;
      finding.hint = "it is rendered without what it would get from there";
    }
    if (absent) {
      finding.notes.push_back(
          std::string(dependency.kind == PendingDependency::Kind::kConnection ? "component "
                                                                              : "resource ") +
          dependency.project + "/" + dependency.name + " is in none of the sources");
      finding.hint =
          "add the source that holds it, or render without what it would get from there "
          "(--on-pending warn)";
    }
    const bool cluster_only = dependency.kind == PendingDependency::Kind::kOutputs;
    const bool fails = options_.strict ||
                       (!cluster_only && options_.on_pending == OnPending::kFail) ||
                       (absent && options_.on_pending == OnPending::kFailAbsent);
    finding.severity = fails ? base::Severity::kError : base::Severity::kWarning;
    finding.object = Describe(binding);
    BindingResult& result = results_[index];
    if (fails && options_.format != Format::kPlan) {
      Fail(index, std::move(finding));
    } else {
      result.diagnostics.push_back(std::move(finding));  // a plan gives the data either way
    }
    if (dependency.provider == PendingDependency::kNoProvider) continue;
    result.follow_ups.emplace_back(dependency.provider, std::move(result.diagnostics.back()));
    result.diagnostics.pop_back();
  }
}

// Whether no source can resolve it, since nothing of what it depends on is there.
bool RenderRun::IsAbsent(const Binding& binding, const PendingDependency& dependency) const {
  if (dependency.kind == PendingDependency::Kind::kOutputs) return false;
  const Kind kind =
      dependency.kind == PendingDependency::Kind::kConnection ? Kind::kComponent : Kind::kResource;
  return !list_.Knows(kind, binding.ns, dependency.project, dependency.name);
}

// Two bindings of one RenderedRelease: in a cluster the first one reconciled owns it; here the
// first by name.
void RenderRun::SettleOwnership() {
  std::unordered_map<std::string, std::uint32_t> owners;
  for (std::uint32_t i = 0; i < results_.size(); ++i) {
    const Binding& binding = list_.bindings()[i];
    if (!results_[i].done || results_[i].failed || binding.undeploy) continue;
    const auto [owner, first] =
        owners.try_emplace(release::OwnerKey({binding.ns, binding.rendered_release}), i);
    if (first) continue;
    base::Error error;
    error.code = base::ErrorCode::kMismatchedReference;
    error.message = binding.kind == Kind::kReleaseBinding
                        ? "Release " + base::GoQuote(binding.rendered_release) +
                              " exists but is owned by another resource"
                        : "RenderedRelease exists but is not owned by this binding: " +
                              base::GoQuote(binding.rendered_release);
    error.place = resource::PlaceOf(binding.anchor(), "");
    error.notes.push_back("it is that of " + Describe(list_.bindings()[owner->second]));
    error.hint = "keep one binding per owner and environment";
    Fail(i, std::move(error));
  }
}

}  // namespace openchoreo::render
