#include "health/mapper.h"

#include <algorithm>

#include "health/kinds.h"

namespace openchoreo::mapper {

using base::ErrorCode;
using std::chrono::milliseconds;
using value::Value;

namespace {

kube::Key KeyOf(const BindingId& id) { return {id.ns, id.name, id.kind}; }

kube::Selector SelectorOf(const MapperOptions& options) {
  kube::Selector selector = BindingSelector();
  selector.labels = options.binding_selector;
  selector.ns = options.binding_namespace;
  return selector;
}

base::Instant InstantOf(std::chrono::system_clock::time_point time) {
  const auto nanos =
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  return {nanos / 1'000'000'000, static_cast<std::uint32_t>(nanos % 1'000'000'000)};
}

// What waits for a list is looked at again by then; sooner if Tend sees that it is there.
constexpr milliseconds kListedAgain(1'000);

// When the clock alone changes the verdict.
kube::Next NextLook(const Assessment& assessment, std::chrono::system_clock::time_point now) {
  kube::Next next;
  if (!assessment.look_again) return next;
  // The verdict holds up to that moment, and is another one just after it.
  const base::Instant at = *assessment.look_again;
  const auto wait = std::chrono::seconds(at.seconds) + std::chrono::nanoseconds(at.nanos) -
                    now.time_since_epoch();
  next.after = std::chrono::duration_cast<milliseconds>(wait) + milliseconds(5);
  if (*next.after < milliseconds(5)) next.after = milliseconds(5);
  return next;
}

const health::BindingCondition* ReadyOf(const std::vector<health::BindingCondition>& conditions) {
  for (const health::BindingCondition& condition : conditions) {
    if (condition.type == "Ready") return &condition;
  }
  return nullptr;
}

}  // namespace

// The objects of one record in its cluster.
class Mapper::ShelfSights final : public Sights {
 public:
  ShelfSights(const Mapper& mapper, const ShelvedRecord* record)
      : mapper_(mapper), cluster_(record ? mapper.ClusterNamed(record->cluster) : nullptr) {}

  Sight Look(const record::RecordedObject& object, const health::Terms& terms) override {
    if (!cluster_) return {Sight::Kind::kStarting, {}, "", "", {}};
    Cluster::Seen seen = cluster_->Look(object, terms);
    held_ = seen.owner;
    return seen.sight;
  }

  std::optional<std::size_t> Remaining(std::string_view release, std::string_view ns) override {
    std::size_t count = 0;
    for (const auto& cluster : mapper_.Clusters()) {
      const auto remaining = cluster->Remaining(release, ns);
      if (!remaining) return std::nullopt;
      count += *remaining;
    }
    return count;
  }

 private:
  const Mapper& mapper_;
  const std::shared_ptr<Cluster> cluster_;
  kube::Live held_;
};

Mapper::Mapper(kube::Client& home, const service::Clock& clock, MapperOptions options)
    : home_(home),
      clock_(clock),
      options_(std::move(options)),
      queue_(options_.backoff),
      events_(std::make_unique<kube::EventRecorder>(home, std::string(kManager), options_.instance,
                                                    clock)),
      stand_back_(options_.stand_back) {
  for (const KindName& kind : BindingKinds()) {
    bindings_[kind.kind] = std::make_unique<KindWatch>(
        home, kind, SelectorOf(options_),
        [this, name = kind.kind](const kube::Key& key, const kube::Live& before,
                                 const kube::Live& now) {
          if (!before || !now || MayLackRecord(before) != MayLackRecord(now)) pairs_changed_ = true;
          Enqueue({name, key.ns, key.name});
        },
        options_.watch);
  }
  operators_ = std::make_unique<Operators>(
      home, [this] { operators_changed_ = true; }, options_.watch);
}

Mapper::~Mapper() {
  // Their threads call into this object.
  operators_.reset();
  bindings_.clear();
  std::map<std::string, std::shared_ptr<Cluster>> clusters;
  {
    std::lock_guard lock(mutex_);
    clusters.swap(clusters_);
  }
}

bool Mapper::IsOurs(std::string_view ns) const {
  return options_.shard.Has(ns) &&
         (options_.binding_namespace.empty() || options_.binding_namespace == ns);
}

bool Mapper::IsOurOrphan(const BindingId& id) const {
  return options_.binding_selector.empty() && IsOurs(id.ns);
}

void Mapper::Enqueue(const BindingId& binding) {
  if (IsOurs(binding.ns)) queue_.Add(KeyOf(binding));
}

void Mapper::EnqueueAll() {
  for (const auto& [kind, watch] : bindings_) {
    for (const kube::Live& live : watch->All()) {
      Enqueue({kind, std::string(live.ns()), std::string(live.name())});
    }
  }
  for (const BindingId& binding : shelf_.Bindings()) Enqueue(binding);
}

void Mapper::AddCluster(const std::string& name, std::unique_ptr<kube::Client> client) {
  ClusterEvents events;
  events.object = [this](const std::string& cluster, const KindName& kind, const kube::Key& key,
                         const kube::Live& before, const kube::Live& now) {
    for (const BindingId& binding : shelf_.BindingsOf(cluster, kind, key)) Enqueue(binding);
    // No record tells of the objects of what is undeployed, but their labels.
    std::lock_guard lock(mutex_);
    for (const auto& [binding, labels] : undeploying_) {
      if (labels.AreOn(before.object()) || labels.AreOn(now.object())) Enqueue(binding);
    }
  };
  events.record = [this](const std::string& cluster, const kube::Key& key, const kube::Live& now) {
    RecordChanged(cluster, key, now);
  };
  auto cluster = std::make_shared<Cluster>(name, std::move(client), std::move(events),
                                           options_.rules, options_.watch);
  {
    std::lock_guard lock(mutex_);
    std::swap(clusters_[name], cluster);
  }
  kinds_changed_ = true;
  // The one it replaces ends here, without the lock.
}

void Mapper::RemoveCluster(const std::string& name) {
  std::shared_ptr<Cluster> cluster;
  {
    std::lock_guard lock(mutex_);
    const auto found = clusters_.find(name);
    if (found == clusters_.end()) return;
    cluster = std::move(found->second);
    clusters_.erase(found);
    troubles_.erase(name);
  }
  cluster.reset();
  for (const BindingId& binding : shelf_.Drop(name)) Enqueue(binding);
  pairs_changed_ = true;
}

void Mapper::RecordChanged(const std::string& cluster, const kube::Key& key,
                           const kube::Live& now) {
  std::string problem;
  for (const BindingId& binding : shelf_.Put(cluster, key, now, problem)) Enqueue(binding);
  if (!problem.empty()) {
    ++unreadable_;
    if (options_.log) options_.log("ConfigMap " + kube::Text(key) + ": " + problem);
  }
  kinds_changed_ = pairs_changed_ = true;
}

std::vector<std::shared_ptr<Cluster>> Mapper::Clusters() const {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Cluster>> clusters;
  for (const auto& [name, cluster] : clusters_) clusters.push_back(cluster);
  return clusters;
}

std::shared_ptr<Cluster> Mapper::ClusterNamed(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = clusters_.find(name);
  return found == clusters_.end() ? nullptr : found->second;
}

const KindWatch* Mapper::BindingsOf(std::string_view kind) const {
  const auto found = bindings_.find(kind);
  return found == bindings_.end() ? nullptr : found->second.get();
}

void Mapper::Run(const base::Cancel& cancel) {
  bool version_known = LookForVersion(cancel);
  std::thread tender([&] {
    auto seldom = std::chrono::steady_clock::now(), rarely = seldom;
    while (!cancel.is_set()) {
      Tend();
      const auto now = std::chrono::steady_clock::now();
      if (now - seldom > options_.orphan_after / 4) {
        seldom = now;
        LookForOrphans();
        if (!version_known) version_known = LookForVersion(cancel);
      }
      if (now - rarely > options_.version_every) {
        rarely = now;
        version_known = LookForVersion(cancel);
      }
      cancel.WaitFor(milliseconds(kinds_changed_ ? 50 : 500));
    }
  });
  kube::ControllerOptions controller;
  controller.workers = options_.workers;
  kube::Controller(*this, queue_, controller).Run(cancel);
  tender.join();
}

base::Result<kube::Next> Mapper::Reconcile(const kube::Key& key, const base::Cancel& cancel) {
  const BindingId id{key.scope, key.ns, key.name};
  const KindWatch* watch = BindingsOf(id.kind);
  if (!watch) return kube::Next{};
  const kube::Live live = watch->Get({id.ns, id.name, ""});
  NoteUndeploy(id, live.object());
  if (live) return ReconcileBinding(id, live, cancel);
  ForgetWrites(id);
  return JudgeOrphan(id);
}

// A record whose binding is not in the cluster is judged all the same: the figures tell of it.
kube::Next Mapper::JudgeOrphan(const BindingId& id) {
  const auto record = IsOurOrphan(id) ? shelf_.Find(id) : nullptr;
  if (!record) {
    std::lock_guard lock(mutex_);
    judged_.erase(id);
    return {};
  }
  base::Arena arena;
  const auto now = clock_.Now();
  health::Terms terms{options_.mode, version(), InstantOf(now)};
  ShelfSights sights(*this, record.get());
  const Value object = BindingOf(record->record, arena);
  const Value marks[] = {record->metadata.object()};
  const Delivery delivery = operators_->Find(marks, &record->record, Text(id));
  const Assessment assessment = Assess(object, &record->record, delivery, sights, terms, arena);
  if (assessment.starting) return {kListedAgain};
  Remember(id, kube::Live::Copy(object), record.get(), assessment);
  return NextLook(assessment, now);
}

base::Result<kube::Next> Mapper::ReconcileBinding(const BindingId& id, const kube::Live& live,
                                                  const base::Cancel& cancel) {
  const auto record = RecordOf(id, live.object());
  if (const auto wait = WaitToJudge(id, live, record.get(), cancel)) return kube::Next{*wait};
  const auto now = clock_.Now();
  const health::Version version = this->version();
  const health::Terms terms{options_.mode, version, InstantOf(now)};
  base::Arena arena;
  ShelfSights sights(*this, record.get());
  std::vector<Value> marks = {live.object().Get("metadata")};
  if (record) marks.push_back(record->metadata.object());
  const record::Record* said = record ? &record->record : nullptr;
  Delivery delivery = operators_->Find(marks, said, Text(id));
  if (!record) delivery.unseen = Unseen();
  Assessment assessment = Assess(live.object(), said, delivery, sights, terms, arena);
  // Nobody tells an undeployed binding, which has no record in any cluster.
  if (assessment.starting) return kube::Next{record ? kListedAgain : milliseconds(200)};
  const auto explain_again = Explain(record.get(), assessment, cancel);
  Remember(id, live, record.get(), assessment);
  const Value wanted =
      WantedStatus(live.object(), assessment, said, version, service::Rfc3339(now), arena);
  kube::Next next = NextLook(assessment, now);
  if (explain_again && (!next.after || *explain_again < *next.after)) next.after = explain_again;
  if (HasStatus(live.object(), wanted) || WasSent(id, live, wanted)) return next;
  if (options_.may_write && !options_.may_write()) {
    unwritten_ = true;
    return next;
  }
  if (const auto wait = StandBackFrom(id, live, *terms.now)) return kube::Next{*wait};
  if (const auto wait = WaitToWrite(id)) return kube::Next{*wait};
  const auto written = Write(id, live, wanted, cancel);
  if (written) {
    TellOfChange(live, assessment);
    return next;
  }
  // Somebody was faster: the watch brings what they wrote. Gone: the watch tells.
  if (written.error().code == ErrorCode::kConflict) {
    ++conflicts_;
    return kube::Next{milliseconds(100)};
  }
  if (written.error().code == ErrorCode::kNotFound) return next;
  ++write_failures_;
  if (options_.log) options_.log(Text(id) + ": " + written.error().message);
  return base::Fail(written.error());
}

std::shared_ptr<const ShelvedRecord> Mapper::RecordOf(const BindingId& id, const Value& binding) {
  auto records = shelf_.FindAll(id);
  if (records.size() > 1) {
    const std::string_view wanted = WantedRelease(binding);
    const auto others = std::partition(records.begin(), records.end(), [&](const auto& one) {
      return one->record.release == wanted;
    });
    if (others != records.begin()) records.erase(others, records.end());
  }
  if (records.empty()) return nullptr;
  if (records.size() == 1) return records.front();
  const health::Terms terms{options_.mode, version(), InstantOf(clock_.Now())};
  for (const auto& record : records) {
    base::Arena arena;
    ShelfSights sights(*this, record.get());
    const Assessment assessment = Assess(binding, &record->record, {}, sights, terms, arena);
    const health::BindingCondition* ready = ReadyOf(assessment.conditions);
    if (assessment.starting || !ready || ready->status != "True") return record;
  }
  return records.front();
}

std::optional<milliseconds> Mapper::WaitToJudge(const BindingId& id, const kube::Live& live,
                                                const ShelvedRecord* record,
                                                const base::Cancel& cancel) {
  // Thousands of bindings wait while everything is listed, and a few for what comes at once.
  constexpr milliseconds kSoon(100), kListed(500);
  if (options_.clusters_known && !options_.clusters_known()) return kListed;
  {
    std::lock_guard lock(mutex_);
    if (undeploying_.contains(id) && !counted_.contains(id)) return kSoon;
  }
  if (!record) {
    // What has not been listed yet is not missing.
    for (const auto& cluster : Clusters()) {
      if (cluster->records().starting) return kListed;
    }
    return std::nullopt;
  }
  // A new generation of the binding comes with a new record, whose watch may be behind.
  const Value observed = FindCondition(live.object(), "Ready").Get("observedGeneration");
  if (!observed.is_int() || observed.as_int() == live.generation()) return std::nullopt;
  const auto cluster = ClusterNamed(record->cluster);
  if (!cluster || !cluster->records().trouble.empty()) return std::nullopt;
  if (cluster->HasRecord(record->key, record->resource_version, cancel)) return std::nullopt;
  return kSoon;
}

std::string Mapper::Unseen() const {
  for (const auto& cluster : Clusters()) {
    if (std::string trouble = cluster->records().trouble; !trouble.empty()) return trouble;
  }
  return "";
}

std::optional<milliseconds> Mapper::Explain(const ShelvedRecord* record, Assessment& assessment,
                                            const base::Cancel& cancel) {
  const auto cluster = record ? ClusterNamed(record->cluster) : nullptr;
  if (!cluster) return std::nullopt;
  if (!assessment.unhealthy) {
    for (const record::RecordedObject& object : record->record.resources) {
      if (IsWorkload(object)) cluster->NoteHealthy(object);
    }
    return std::nullopt;
  }
  const Cluster::Reason reason =
      cluster->WhyUnhealthy(record->record.resources[*assessment.unhealthy], cancel);
  if (!reason.text.empty()) TellWhy(assessment.conditions, reason.text);
  return reason.again;
}

void Mapper::Tell(const kube::Live& about, bool warning, std::string reason, std::string message) {
  kube::Event event;
  event.about = kube::ReferenceTo(about);
  event.warning = warning;
  event.reason = std::move(reason);
  event.message = std::move(message);
  events_->Record(std::move(event));
}

void Mapper::Remember(const BindingId& id, const kube::Live& live, const ShelvedRecord* record,
                      const Assessment& assessment) {
  Judged judged;
  judged.binding = id;
  const Value spec = live.object().Get("spec");
  const auto text = [](const Value& value) { return std::string(value.string_or_empty()); };
  judged.project = text(spec.Get("owner", "projectName"));
  judged.component = text(spec.Get("owner", "componentName"));
  if (judged.component.empty()) judged.component = text(spec.Get("owner", "resourceName"));
  judged.environment = text(spec.Get("environment"));
  if (record) {
    judged.release = record->record.release;
    judged.cluster = record->cluster;
  }
  judged.conditions = assessment.conditions;
  std::lock_guard lock(mutex_);
  judged_[id] = std::move(judged);
}

void Mapper::TellOfChange(const kube::Live& live, const Assessment& assessment) {
  const health::BindingCondition* ready = ReadyOf(assessment.conditions);
  if (!ready) return;
  const Value before = FindCondition(live.object(), "Ready");
  if (before.Get("status").string_or_empty() == ready->status &&
      before.Get("reason").string_or_empty() == ready->reason) {
    return;
  }
  Tell(live, ready->status != "True", ready->reason, ready->message);
}

}  // namespace openchoreo::mapper
