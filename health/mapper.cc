#include "health/mapper.h"

#include <algorithm>

#include "common/value/map_builder.h"

namespace openchoreo::mapper {

using base::ErrorCode;
using std::chrono::milliseconds;
using value::Value;

namespace {

constexpr std::string_view kKinds[] = {"ReleaseBinding", "ProjectReleaseBinding",
                                       "ResourceReleaseBinding"};
constexpr char kApiVersion[] = "openchoreo.dev/v1alpha1";

kube::Resource ResourceOf(const BindingId& id) {
  std::string plural = id.kind + "s";
  for (char& c : plural) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return {"openchoreo.dev", "v1alpha1", plural, id.kind, true};
}

kube::Key KeyOf(const BindingId& id) { return {id.ns, id.name, id.kind}; }

kube::Selector BindingSelector(const MapperOptions& options) {
  kube::Selector selector;
  selector.labels = options.binding_selector;
  selector.ns = options.binding_namespace;
  selector.keep = std::make_shared<const value::FieldMask>(value::FieldMask::Only(
      {"/metadata/labels", "/metadata/annotations/argocd.argoproj.io~1tracking-id",
       "/metadata/deletionTimestamp", "/metadata/managedFields", "/spec/owner", "/spec/environment",
       "/spec/releaseName", "/spec/state", "/spec/projectRelease", "/spec/resourceRelease",
       "/spec/retainPolicy", "/status"}));
  return selector;
}

base::Instant InstantOf(std::chrono::system_clock::time_point time) {
  const auto nanos =
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  return {nanos / 1'000'000'000, static_cast<std::uint32_t>(nanos % 1'000'000'000)};
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

  std::size_t Remaining(std::string_view release, std::string_view ns) override {
    std::size_t count = 0;
    for (const auto& cluster : mapper_.Clusters()) count += cluster->Remaining(release, ns);
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
      events_(std::make_unique<kube::EventRecorder>(home, std::string(kManager), options_.instance,
                                                    clock)) {
  for (const std::string_view kind : kKinds) {
    bindings_[std::string(kind)] = std::make_unique<KindWatch>(
        home, KindName{kApiVersion, std::string(kind)}, BindingSelector(options_),
        [this, kind](const kube::Key& key, const kube::Live&, const kube::Live&) {
          Enqueue({std::string(kind), key.ns, key.name});
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

void Mapper::Enqueue(const BindingId& binding) { queue_.Add(KeyOf(binding)); }

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
  events.object = [this](const std::string& cluster, const KindName& kind, const kube::Key& key) {
    for (const BindingId& binding : shelf_.BindingsOf(cluster, kind, key)) Enqueue(binding);
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
}

void Mapper::RecordChanged(const std::string& cluster, const kube::Key& key,
                           const kube::Live& now) {
  std::string problem;
  for (const BindingId& binding : shelf_.Put(cluster, key, now, problem)) Enqueue(binding);
  if (!problem.empty()) {
    ++unreadable_;
    if (options_.log) options_.log("ConfigMap " + kube::Text(key) + ": " + problem);
  }
  kinds_changed_ = true;
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

void Mapper::Tend() {
  const bool kinds = kinds_changed_.exchange(false);
  for (const auto& cluster : Clusters()) {
    if (kinds) cluster->Use(shelf_.Kinds(cluster->name()));
    const std::string trouble = cluster->Troubles();
    bool changed = false;
    {
      std::lock_guard lock(mutex_);
      std::string& before = troubles_[cluster->name()];
      changed = before != trouble;
      before = trouble;
    }
    if (!changed) continue;
    if (options_.log && !trouble.empty())
      options_.log("cluster " + cluster->name() + ": " + trouble);
    for (const BindingId& binding : shelf_.BindingsIn(cluster->name())) Enqueue(binding);
  }
  if (operators_changed_.exchange(false)) EnqueueAll();
}

void Mapper::Run(const base::Cancel& cancel) {
  std::thread tender([&] {
    while (!cancel.is_set()) {
      Tend();
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
  if (!live) {
    JudgeOrphan(id);
    return kube::Next{};
  }
  return ReconcileBinding(id, live, cancel);
}

// A record whose binding is not in the cluster is judged all the same: the figures tell of it.
void Mapper::JudgeOrphan(const BindingId& id) {
  const auto record = shelf_.Find(id);
  if (!record) {
    std::lock_guard lock(mutex_);
    judged_.erase(id);
    stood_back_.erase(id);
    return;
  }
  base::Arena arena;
  value::MapBuilder metadata(arena), spec(arena), binding(arena);
  metadata.Add("name", Value::String(id.name));
  metadata.Add("namespace", Value::String(id.ns));
  spec.Add("environment", Value::String(record->record.environment));
  spec.Add("owner", record->record.owner);
  binding.Add("kind", Value::String(id.kind));
  binding.Add("metadata", metadata.Build());
  binding.Add("spec", spec.Build());
  health::Terms terms{options_.mode, options_.version, InstantOf(clock_.Now())};
  ShelfSights sights(*this, record.get());
  const Value object = binding.Build();
  const Value marks[] = {record->metadata.object()};
  const Delivery delivery = operators_->Find(marks, &record->record, Text(id));
  const Assessment assessment = Assess(object, &record->record, delivery, sights, terms, arena);
  if (!assessment.starting) Remember(id, kube::Live::Copy(object), record.get(), assessment);
}

base::Result<kube::Next> Mapper::ReconcileBinding(const BindingId& id, const kube::Live& live,
                                                  const base::Cancel& cancel) {
  // What has not been listed yet is not missing.
  for (const auto& cluster : Clusters()) {
    if (cluster->records().starting) return kube::Next{milliseconds(200)};
  }
  const auto record = shelf_.Find(id);
  const auto now = clock_.Now();
  const health::Terms terms{options_.mode, options_.version, InstantOf(now)};
  base::Arena arena;
  ShelfSights sights(*this, record.get());
  std::vector<Value> marks = {live.object().Get("metadata")};
  if (record) marks.push_back(record->metadata.object());
  const record::Record* said = record ? &record->record : nullptr;
  const Delivery delivery = operators_->Find(marks, said, Text(id));
  const Assessment assessment = Assess(live.object(), said, delivery, sights, terms, arena);
  if (assessment.starting) return kube::Next{milliseconds(200)};
  Remember(id, live, record.get(), assessment);
  if (options_.may_write && !options_.may_write()) return kube::Next{milliseconds(5'000)};
  const Value wanted =
      WantedStatus(live.object(), assessment, said, options_.version, service::Rfc3339(now), arena);
  kube::Next next;
  if (assessment.look_again) {
    // The verdict holds up to that moment, and is another one just after it.
    const base::Instant at = *assessment.look_again;
    const auto wait = std::chrono::seconds(at.seconds) + std::chrono::nanoseconds(at.nanos) -
                      now.time_since_epoch();
    next.after = std::chrono::duration_cast<milliseconds>(wait) + milliseconds(5);
    if (*next.after < milliseconds(5)) next.after = milliseconds(5);
  }
  if (HasStatus(live.object(), wanted)) return next;
  if (const auto wait = StandBack(id, live)) return kube::Next{*wait};
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

std::optional<milliseconds> Mapper::StandBack(const BindingId& id, const kube::Live& live) {
  const auto other = OtherWriter(live.object());
  if (!other) return std::nullopt;
  unsigned times = 0;
  bool came_back = false;
  {
    std::lock_guard lock(mutex_);
    StoodBack& stood = stood_back_[id];
    came_back = stood.times == 0 || stood.last < other->last;
    if (came_back) ++stood.times;
    stood.last = other->last;
    times = stood.times;
  }
  const auto silence = options_.stand_back * (1u << std::min(times - 1, 4u));
  const base::Instant until = base::PlusSeconds(other->last, silence.count());
  const base::Instant now = InstantOf(clock_.Now());
  if (until <= now) return std::nullopt;
  if (came_back) {
    ++standing_back_;
    kube::Event event;
    event.about = kube::ReferenceTo(live);
    event.warning = true;
    event.reason = "OtherWriter";
    event.message =
        std::string(other->manager) + " writes the conditions of this binding: we stand back";
    events_->Record(std::move(event));
  }
  return milliseconds((until.seconds - now.seconds) * 1000 + 1000);
}

base::Result<void> Mapper::Write(const BindingId& id, const kube::Live& live, const Value& status,
                                 const base::Cancel& cancel) {
  base::Arena arena;
  const kube::Resource resource = ResourceOf(id);
  const kube::Key key{id.ns, id.name, ""};
  // The list of conditions is one value (a map by type for the two other kinds, whose conditions of
  // other writers are in `status` too): written as a whole, and only over what we have seen.
  const Value patch = value::MakeMap(
      arena,
      {{"metadata",
        value::MakeMap(arena, {{"resourceVersion", Value::String(live.resource_version())}})},
       {"status", status}});
  const auto written = home_.MergePatch(resource, key, patch, kube::Part::kStatus, cancel);
  if (!written) return base::Fail(written.error());
  ++writes_;
  return {};
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
  const Value list = live.object().Get("status", "conditions");
  if (list.is_list()) {
    for (const Value& before : list.as_list()) {
      if (before.Get("type").string_or_empty() == "Ready" &&
          before.Get("status").string_or_empty() == ready->status &&
          before.Get("reason").string_or_empty() == ready->reason) {
        return;
      }
    }
  }
  kube::Event event;
  event.about = kube::ReferenceTo(live);
  event.warning = ready->status != "True";
  event.reason = ready->reason;
  event.message = ready->message;
  events_->Record(std::move(event));
}

MapperFigures Mapper::figures() const {
  MapperFigures figures;
  for (const auto& [kind, watch] : bindings_) {
    for (const kube::Live& live : watch->All()) {
      ++figures.bindings;
      if (!shelf_.Find({kind, std::string(live.ns()), std::string(live.name())})) {
        ++figures.bindings_without_record;
      }
    }
  }
  for (const BindingId& id : shelf_.Bindings()) {
    ++figures.records;
    const KindWatch* watch = BindingsOf(id.kind);
    if (!watch || !watch->Get({id.ns, id.name, ""})) ++figures.records_without_binding;
  }
  figures.writes = writes_;
  figures.write_failures = write_failures_;
  figures.conflicts = conflicts_;
  figures.stood_back = standing_back_;
  figures.unreadable_records = unreadable_;
  return figures;
}

std::vector<Judged> Mapper::judged() const {
  std::lock_guard lock(mutex_);
  std::vector<Judged> all;
  for (const auto& [id, judged] : judged_) all.push_back(judged);
  return all;
}

}  // namespace openchoreo::mapper
