#include "flux-source/reconciler.h"

#include <algorithm>

#include "common/platform/service/log.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "flux-source/metrics.h"
#include "flux-source/notifier.h"

namespace openchoreo::flux {

using base::ErrorCode;
using value::Value;

namespace {

constexpr std::string_view kRequested = "reconcile.fluxcd.io/requestedAt";
constexpr std::string_view kForced = "reconcile.fluxcd.io/forceAt";

std::string Annotation(const kube::Live& object, std::string_view key) {
  return std::string(object.object().Get("metadata", "annotations", key).string_or_empty());
}

constexpr unsigned kQuietFailures = 3;

// What is no news, but for whoever looks for it.
tl::unexpected<base::Error> Again(const kube::Key& key, base::Error error) {
  service::LogLine(service::LogLevel::kDebug, "to be tried again")
      .Add("controller", "openchoreosource")
      .Add("namespace", key.ns)
      .Add("name", key.name)
      .Add("error", error.message);
  return base::Fail(std::move(error));
}

bool HasFinalizer(const kube::Live& object) {
  const Value finalizers = object.object().Get("metadata", "finalizers");
  if (!finalizers.is_list()) return false;
  return std::any_of(finalizers.as_list().begin(), finalizers.as_list().end(),
                     [](const Value& name) { return name.string_or_empty() == kFinalizer; });
}

}  // namespace

Reconciler::Reconciler(Surroundings surroundings, ReconcilerOptions options)
    : with_(surroundings), options_(std::move(options)) {}

base::Result<kube::Next> Reconciler::Reconcile(const kube::Key& key, const base::Cancel& cancel) {
  kube::Live object = with_.cluster.objects().store().Get(key);
  if (!object) {
    LeaveShard(key);
    Forget(key);
    return kube::Next{};
  }
  if (!with_.cluster.synced()) {
    return base::Fail(ErrorCode::kUnavailable, "the ExternalArtifacts are not listed yet");
  }
  if (object.deleting()) return Finalize(key, object, cancel);
  if (IsSuspended(object.object())) {
    // Nothing is announced, but what was stays served.
    if (!AnnouncedIsThere(object)) Rebuild(key, cancel);
    return kube::Next{};
  }
  if (!HasFinalizer(object)) {
    OC_TRY(object, EnsureFinalizer(object, cancel));
  }
  const auto begin = std::chrono::steady_clock::now();
  const std::shared_ptr<Memory> memory = MemoryOf(key, object.uid());
  Work work{key, object, {}, false, *memory, cancel, begin};
  work.lost = TakeLost(key);
  LongWork::Piece piece(long_work_, [this, object] { TellOfWork(object); });
  Run(work);
  work.making.reset();
  memory->told_of_work |= piece.End();
  memory->held = static_cast<std::size_t>(
      std::count_if(work.status.inventory.begin(), work.status.inventory.end(),
                    [](const InventoryEntry& entry) { return entry.held; }));
  if (cancel.is_set()) return base::Fail(ErrorCode::kCancelled, "the controller ends");
  // What may work in a moment is no news; it is tried again.
  if (!work.api_error) {
    memory->api_failures = 0;
  } else {
    for (const std::string& name : work.lost) NoteLost(key, name);
  }
  if (work.api_error && base::ClassOf(work.api_error->code) == base::ErrorClass::kTransient &&
      ++memory->api_failures <= kQuietFailures) {
    return Again(key, *std::move(work.api_error));
  }
  const auto ended = [&] {
    with_.metrics.Reconciled(
        key, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  };
  memory->status_waits = StatusCanWait(work);
  if (memory->status_waits) {
    ended();
    return kube::Next{std::chrono::milliseconds(0)};
  }
  if (auto written = WriteStatus(work, memory->told_of_work); !written) {
    return Again(key, std::move(written).error());
  }
  memory->told_of_work = false;
  // Last, so that whoever sees that one is gone sees an inventory without it.
  const bool failed = work.api_error.has_value();
  DeleteGone(work);
  if (!failed && work.api_error) return Again(key, *std::move(work.api_error));
  ended();
  return Conclude(work);
}

void Reconciler::Rebuild(const kube::Key& key, const base::Cancel& cancel) {
  const kube::Live object = with_.cluster.objects().store().Get(key);
  if (!object || object.deleting()) return;
  auto spec = ReadSpec(object.object(), options_.cross_namespace);
  if (!spec) return;
  Memory memory;
  memory.uid = object.uid();
  Work work{key, object, *std::move(spec), true, memory, cancel, {}};
  work.deadline = std::chrono::steady_clock::now() + work.spec.timeout;
  Recall(work);
  if (Observe(work)) Make(work, FingerprintOf(work, true), true);
}

void Reconciler::NoteLost(const kube::Key& object, const std::string& artifact) {
  const std::lock_guard lock(mutex_);
  lost_[object].insert(artifact);
}

std::set<std::string> Reconciler::TakeLost(const kube::Key& object) {
  const std::lock_guard lock(mutex_);
  const auto found = lost_.find(object);
  return found == lost_.end() ? std::set<std::string>() : std::move(lost_.extract(found).mapped());
}

std::size_t Reconciler::held() const {
  const std::lock_guard lock(mutex_);
  std::size_t held = 0;
  for (const auto& [key, memory] : memories_) held += memory->held;
  return held;
}

std::shared_ptr<Reconciler::Memory> Reconciler::MemoryOf(const kube::Key& key,
                                                         std::string_view uid) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Memory>& memory = memories_[key];
  if (!memory || memory->uid != uid) {
    memory = std::make_shared<Memory>();
    memory->uid = uid;
  }
  return memory;
}

// Archives of an object that is gone, or another shard's now, stay for who is still downloading.
void Reconciler::LeaveShard(const kube::Key& key) {
  const std::lock_guard lock(mutex_);
  const auto memory = memories_.find(key);
  if (memory == memories_.end()) return;
  for (const auto& [name, announced] : memory->second->announced) {
    with_.store.Retire(announced.artifact.path);
  }
}

void Reconciler::Reset() {
  const std::lock_guard lock(mutex_);
  memories_.clear();
  lost_.clear();
}

void Reconciler::Forget(const kube::Key& key) {
  std::string uid;
  {
    const std::lock_guard lock(mutex_);
    if (const auto memory = memories_.find(key); memory != memories_.end()) {
      uid = memory->second->uid;
      memories_.erase(memory);
    }
    lost_.erase(key);
  }
  if (!uid.empty()) EndSeries(uid);
  with_.metrics.Forget(key);
}

base::Result<kube::Live> Reconciler::EnsureFinalizer(const kube::Live& object,
                                                     const base::Cancel& cancel) {
  base::Arena arena;
  // The uid keeps an apply from making an object anew that has just gone.
  const Value metadata =
      value::MakeMap(arena, {{"finalizers", value::MakeList(arena, {Value::String(kFinalizer)})},
                             {"uid", Value::String(object.uid())}});
  return with_.client.Apply(OpenChoreoSources(), object.key(),
                            value::MakeMap(arena, {{"metadata", metadata}}), kube::Part::kMain,
                            kManager, cancel);
}

void Reconciler::Run(Work& work) {
  const Value& object = work.object.object();
  const Value former = object.Get("status");
  work.status.observed = ReadObservedSources(former);
  work.status.handled_reconcile = former.Get("lastHandledReconcileAt").string_or_empty();
  work.status.handled_force = former.Get("lastHandledForceAt").string_or_empty();
  const std::string requested = Annotation(work.object, kRequested);
  const std::string forced = Annotation(work.object, kForced);
  const bool force = !forced.empty() && forced == requested && forced != work.status.handled_force;
  if (!requested.empty()) work.status.handled_reconcile = requested;
  if (force) work.status.handled_force = forced;

  Recall(work);
  auto spec = ReadSpec(object, options_.cross_namespace);
  if (!spec) {
    work.status.outcome = {false, spec.error().reason, spec.error().message, true};
    HoldAll(work, spec.error().reason, spec.error().message);
    return;
  }
  work.spec = *std::move(spec);
  work.spec_known = true;
  work.deadline = std::chrono::steady_clock::now() + work.spec.timeout;
  if (!Observe(work)) {
    if (!work.api_error) HoldAll(work, work.status.outcome.reason, work.status.outcome.message);
    return;
  }

  const std::string fingerprint = FingerprintOf(work, true);
  Memory& memory = work.memory;
  if (force || memory.fingerprint != fingerprint || !EverythingIsThere(work)) {
    Make(work, fingerprint, force);
    if (work.cancel.is_set()) return;
  }
  if (memory.fingerprint == fingerprint) ObserveAsMade(work);
  if (!memory.failure.empty()) {
    work.status.outcome = {false, memory.reason, memory.failure, false};
    return HoldAll(work, memory.reason, memory.failure);
  }
  Announce(work);
}

// Fills `sources`; false, with the outcome, if one cannot be had.
bool Reconciler::Observe(Work& work) {
  const auto fail = [&](const SourceSpec& source, const std::string& text,
                        const char* reason = "SourceFetchFailed") {
    work.status.outcome = {false, reason, source.alias + ": " + text, false};
    work.again = options_.requeue_dependency;
    return false;
  };
  for (const SourceSpec& source : work.spec.sources) {
    const kube::Reflector& reflector = with_.cluster.sources(source.kind);
    const std::string who = source.kind + " " + source.ns + "/" + source.name;
    if (!reflector.synced()) {
      // What could not be listed is not gone.
      const auto health = reflector.health();
      if (health || health.error().code == ErrorCode::kUnavailable) {
        Note(work, base::Fail(ErrorCode::kUnavailable, who + " is not listed yet").value());
        return false;
      }
      return fail(source, health.error().code == ErrorCode::kNotFound
                              ? who + ": the cluster has no kind " + source.kind +
                                    "; Flux's source-controller brings it"
                              : who + " cannot be read: " + health.error().message);
    }
    const kube::Live live = reflector.store().Get({source.ns, source.name, ""});
    if (!live) return fail(source, who + " not found");
    auto artifact = ReadArtifact(live.object().Get("status", "artifact"));
    if (!artifact) return fail(source, who + " has no artifact yet");
    work.sources.push_back({source, *std::move(artifact)});
  }
  return true;
}

// Everything that decides what is rendered; `revisions`: with the digests of what the sources
// announce.
std::string Reconciler::FingerprintOf(const Work& work, bool revisions) const {
  std::string text;
  const auto add = [&](std::string_view part) {
    text.append(std::to_string(part.size())).append(":").append(part);
  };
  for (const auto& [option, values] : work.spec.options) {
    add(option);
    for (const std::string& value : values) add(value);
    text += ";";
  }
  for (const std::string& pattern : work.spec.exclude) add(pattern);
  text += ";";
  for (const bool key : work.spec.split) text += key ? '1' : '0';
  for (const Source& source : work.sources) {
    add(source.spec.alias);
    add(source.spec.kind);
    add(source.spec.ns);
    add(source.spec.name);
    add(source.spec.path);
    if (revisions) add(source.artifact.digest);
  }
  return text;
}

// Whether the store still has every good artifact of the last build.
bool Reconciler::EverythingIsThere(const Work& work) {
  return std::all_of(
      work.memory.parts.begin(), work.memory.parts.end(), [&](const KnownPart& part) {
        return part.state != PartState::kGood || with_.store.Holds(part.artifact.path);
      });
}

bool Reconciler::AnnouncedIsThere(const kube::Live& object) {
  for (const kube::Key& key : with_.cluster.ArtifactsOf(object.uid())) {
    const kube::Live live = with_.cluster.artifacts().store().Get(key);
    const auto artifact = ReadArtifact(live.object().Get("status", "artifact"));
    if (artifact && !with_.store.Holds(artifact->path)) return false;
  }
  return true;
}

// Reconciling, while Ready and the rest stay as they are.
void Reconciler::TellOfWork(const kube::Live& object) {
  SourceStatus status;
  const Value former = object.object().Get("status");
  status.working = true;
  status.observed = ReadObservedSources(former);
  status.inventory = ReadInventory(former);
  status.handled_reconcile = former.Get("lastHandledReconcileAt").string_or_empty();
  status.handled_force = former.Get("lastHandledForceAt").string_or_empty();
  base::Arena arena;
  // Not being told of is no reason to stop.
  const auto written = with_.client.Apply(
      OpenChoreoSources(), object.key(),
      StatusBody(object.object(), status, service::Rfc3339(with_.clock.Now()), arena),
      kube::Part::kStatus, kManager, base::Cancel());
  if (!written) {
    service::LogLine(service::LogLevel::kDebug, "progress is not told")
        .Add("error", written.error().message);
  }
}

// What others act upon goes before what people read: where calls are few, objects that wait are
// announced first. Never twice in a row, so that a commit a second keeps no status from being told.
bool Reconciler::StatusCanWait(const Work& work) const {
  return work.announced && work.status.outcome.ready && !work.memory.status_waits &&
         options_.others_wait && options_.others_wait();
}

base::Result<void> Reconciler::WriteStatus(Work& work, bool certainly) {
  Memory& memory = work.memory;
  const bool knows_more = memory.written && memory.written_over == work.object.resource_version();
  const kube::Live known = knows_more ? memory.written : work.object;
  const Value& object = known.object();
  base::Arena arena;
  // Without a time: that of a transition is there already where nothing changed.
  const auto lasting = [&](const kube::Live& live) {
    return StatusBody(live.object(), work.status, "-", arena);
  };
  if (!certainly &&
      (StatusIsAsWanted(object, work.status) || memory.sent.Covers(known, lasting(known)))) {
    return {};
  }
  const std::string now = service::Rfc3339(with_.clock.Now());
  OC_TRY(memory.written, with_.client.Apply(OpenChoreoSources(), work.key,
                                            StatusBody(object, work.status, now, arena),
                                            kube::Part::kStatus, kManager, work.cancel));
  memory.written_over = work.object.resource_version();
  memory.sent = {};
  if (!StatusIsAsWanted(memory.written.object(), work.status))
    memory.sent.Note(known, memory.written, lasting(memory.written));
  const Value conditions = object.Get("status", "conditions");
  const kube::Conditions before = kube::Conditions::Read(conditions);
  const kube::Condition* ready = before.Find("Ready");
  const Outcome& outcome = work.status.outcome;
  if (!outcome.ready &&
      (ready == nullptr || ready->reason != outcome.reason || ready->message != outcome.message)) {
    with_.notifier.Tell(work.object, true, outcome.reason, outcome.message, {});
  }
  return {};
}

base::Result<kube::Next> Reconciler::Conclude(const Work& work) const {
  const Outcome& outcome = work.status.outcome;
  service::LogLine(outcome.ready ? service::LogLevel::kInfo : service::LogLevel::kError,
                   outcome.ready ? "reconciled" : "reconciliation failed")
      .Add("controller", "openchoreosource")
      .Add("namespace", work.key.ns)
      .Add("name", work.key.name)
      .Add("reason", outcome.reason)
      .Add("message", kube::CutText(outcome.message, 2000));
  if (outcome.ready) return kube::Next{work.spec.interval};
  if (outcome.stalled) return kube::Next{};
  if (work.spec.retry_interval) return kube::Next{*work.spec.retry_interval};
  if (work.again.count() > 0) return kube::Next{work.again};
  return base::Fail(ErrorCode::kUnavailable, outcome.reason + ": " + outcome.message);
}

}  // namespace openchoreo::flux
