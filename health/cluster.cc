#include "health/cluster.h"

#include "health/kinds.h"
#include "health/pod_trouble.h"

namespace openchoreo::mapper {

namespace {

PodLooks::Workload WorkloadOf(const record::RecordedObject& object) {
  return {{std::string(object.api_version), std::string(object.kind)},
          {std::string(object.ns), std::string(object.name), ""}};
}

}  // namespace

Cluster::Cluster(std::string name, std::unique_ptr<kube::Client> client, ClusterEvents events,
                 std::shared_ptr<const health::OwnRules> rules, const WatchOptions& options)
    : name_(std::move(name)),
      client_(std::move(client)),
      events_(std::move(events)),
      rules_(std::move(rules)),
      options_(options),
      pod_looks_(options.pods_after, options.pods_every) {
  records_ = WatchRecords();
  pulse_ = std::make_unique<Pulse>(*client_, options_.grace, [this] { StartOver(); });
}

std::shared_ptr<KindWatch> Cluster::WatchRecords() {
  return std::make_shared<KindWatch>(
      *client_, KindName{"v1", "ConfigMap"}, RecordSelector(),
      [this](const kube::Key& key, const kube::Live&, const kube::Live& now) {
        events_.record(name_, key, now);
      },
      options_, options_.object_namespaces);
}

std::shared_ptr<KindWatch> Cluster::Watch(const KindName& kind) {
  return std::make_shared<KindWatch>(
      *client_, kind, ObjectSelector(kind, rules_ != nullptr),
      [this, kind](const kube::Key& key, const kube::Live& before, const kube::Live& now) {
        events_.object(name_, kind, key, before, now);
      },
      options_, options_.object_namespaces);
}

void Cluster::StartOver() {
  Watches before;
  std::shared_ptr<KindWatch> records = WatchRecords();
  {
    std::lock_guard lock(mutex_);
    before.swap(watches_);
    for (const auto& [kind, watch] : before) watches_[kind] = Watch(kind);
    records.swap(records_);
    listing_due_ = true;
  }
  // Threads of the former ones end here, without the lock.
}

std::string Cluster::Silence() const {
  const auto since = pulse_->silent_since();
  if (!since) return "";
  if (since->empty()) return "cluster " + name_ + " does not answer";
  return "cluster " + name_ + " was last seen " + *since;
}

KindWatch::Standing Cluster::records() const {
  if (std::string silence = Silence(); !silence.empty()) return {false, std::move(silence)};
  std::shared_ptr<KindWatch> records;
  {
    std::lock_guard lock(mutex_);
    records = records_;
  }
  return records->standing(name_);
}

std::optional<std::set<kube::Key>> Cluster::TakeListing() {
  std::lock_guard lock(mutex_);
  if (!listing_due_ || !records_->synced()) return std::nullopt;
  listing_due_ = false;
  std::set<kube::Key> keys;
  for (const kube::Live& live : records_->All()) keys.insert(live.key());
  return keys;
}

bool Cluster::HasRecord(const kube::Key& key, std::string_view version,
                        const base::Cancel& cancel) const {
  static const kube::Resource kConfigMaps{"", "v1", "configmaps", "ConfigMap", true};
  const auto now = client_->Get(kConfigMaps, key, cancel);
  if (now) return now->resource_version() == version;
  return now.error().code != base::ErrorCode::kNotFound;
}

void Cluster::Use(const std::set<KindName>& kinds) {
  Watches unused;
  {
    std::lock_guard lock(mutex_);
    used_ = true;
    for (auto watch = watches_.begin(); watch != watches_.end();) {
      if (kinds.contains(watch->first)) {
        ++watch;
      } else {
        unused.insert(watches_.extract(watch++));
      }
    }
    for (const KindName& kind : kinds) {
      if (!watches_.contains(kind)) watches_[kind] = Watch(kind);
    }
  }
  // Their threads end here, without the lock.
}

std::shared_ptr<KindWatch> Cluster::WatchOf(const KindName& kind) const {
  std::lock_guard lock(mutex_);
  const auto found = watches_.find(kind);
  return found == watches_.end() ? nullptr : found->second;
}

Cluster::Watches Cluster::AllWatches() const {
  std::lock_guard lock(mutex_);
  return watches_;
}

std::string Cluster::Troubles() const {
  if (std::string silence = Silence(); !silence.empty()) return silence;
  std::string all = records().trouble;
  for (const auto& [kind, watch] : AllWatches()) {
    const KindWatch::Standing standing = watch->standing(name_);
    if (standing.starting) all += "\n" + kind.kind + " is being listed";
    if (!standing.trouble.empty()) all += "\n" + kind.kind + ": " + standing.trouble;
  }
  return all;
}

Cluster::Seen Cluster::Look(const record::RecordedObject& object,
                            const health::Terms& terms) const {
  Seen seen;
  seen.sight.why = Silence();
  if (!seen.sight.why.empty()) return seen;  // blind
  const auto watch = WatchOf({std::string(object.api_version), std::string(object.kind)});
  const KindWatch::Standing standing =
      watch ? watch->standing(name_) : KindWatch::Standing{true, ""};
  if (standing.starting || !standing.trouble.empty()) {
    seen.sight.kind = standing.starting ? Sight::Kind::kStarting : Sight::Kind::kBlind;
    seen.sight.why = standing.trouble;
    return seen;
  }
  seen.owner = watch->Get({std::string(object.ns), std::string(object.name), ""});
  if (!seen.owner) {
    seen.sight.kind = Sight::Kind::kAbsent;
    return seen;
  }
  seen.sight = SightOf(object, seen.owner.object(), rules_.get(), terms);
  return seen;
}

Cluster::Reason Cluster::WhyUnhealthy(const record::RecordedObject& object,
                                      const base::Cancel& cancel) {
  const PodLooks::Workload workload = WorkloadOf(object);
  PodLooks::Decision decision;
  {
    std::lock_guard lock(mutex_);
    decision = pod_looks_.Ask(workload, std::chrono::steady_clock::now());
  }
  if (!decision.look) return {decision.text, decision.again};
  const auto watch = WatchOf(workload.first);
  const kube::Live live = watch ? watch->Get(workload.second) : kube::Live();
  const auto found = live ? FindPodTrouble(*client_, live.object(), cancel)
                          : base::Result<std::string>(std::string());
  std::lock_guard lock(mutex_);
  return {pod_looks_.Found(workload, found.value_or("")), decision.again};
}

void Cluster::NoteHealthy(const record::RecordedObject& object) {
  std::lock_guard lock(mutex_);
  pod_looks_.Forget(WorkloadOf(object));
}

std::optional<std::size_t> Cluster::Remaining(std::string_view release, std::string_view ns) const {
  const ReleaseLabels labels(release, ns);
  if (!Silence().empty()) return 1;  // nobody can say that nothing is left
  {
    std::lock_guard lock(mutex_);
    if (!used_) return std::nullopt;
  }
  std::size_t count = 0;
  for (const auto& [kind, watch] : AllWatches()) {
    if (watch->standing(name_).starting) return std::nullopt;
    for (const kube::Live& live : watch->All()) {
      if (labels.AreOn(live.object())) ++count;
    }
  }
  return count;
}

}  // namespace openchoreo::mapper
