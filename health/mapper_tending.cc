// What the mapper does of itself, beside the bindings that call for it: which kinds are watched,
// what has no counterpart, what it says of itself.
#include <algorithm>

#include "health/crd_dialect.h"
#include "health/kinds.h"
#include "health/mapper.h"

namespace openchoreo::mapper {

using base::ErrorCode;

void Mapper::Tend() {
  const bool kinds = kinds_changed_.exchange(false);
  std::set<BindingId> undeploying;
  if (kinds) {
    std::lock_guard lock(mutex_);
    for (const auto& [binding, labels] : undeploying_) undeploying.insert(binding);
  }
  for (const auto& cluster : Clusters()) {
    if (const auto listing = cluster->TakeListing()) {
      for (const BindingId& binding : shelf_.Keep(cluster->name(), *listing)) Enqueue(binding);
      pairs_changed_ = true;
    }
    if (kinds) cluster->Use(KindsOf(cluster->name()));
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
  if (kinds) {
    std::lock_guard lock(mutex_);
    counted_.swap(undeploying);
  }
  // Whoever may write now looks at what he could only judge before.
  const bool may = !options_.may_write || options_.may_write();
  const bool late = may && unwritten_.exchange(false);
  if (operators_changed_.exchange(false) || late) EnqueueAll();
}

std::set<KindName> Mapper::KindsOf(const std::string& cluster) {
  std::set<KindName> kinds = shelf_.Kinds(cluster);
  const auto now = std::chrono::steady_clock::now();
  std::lock_guard lock(mutex_);
  auto& used = used_kinds_[cluster];
  for (const KindName& kind : kinds) used[kind] = now;
  if (undeploying_.empty()) {
    used.clear();
    return kinds;
  }
  // An Undeploy takes the record first.
  for (const auto& [kind, when] : used) kinds.insert(kind);
  kinds.insert(UsualKinds().begin(), UsualKinds().end());
  return kinds;
}

void Mapper::NoteUndeploy(const BindingId& id, const value::Value& binding) {
  const bool undeploy = binding.Get("spec", "state").string_or_empty() == "Undeploy";
  std::lock_guard lock(mutex_);
  const bool changed = undeploy ? undeploying_.try_emplace(id, ReleaseName(binding), id.ns).second
                                : undeploying_.erase(id) > 0;
  if (changed) kinds_changed_ = true;
}

void Mapper::LookForOrphans() {
  if (options_.may_write && !options_.may_write()) return;
  const bool waiting = std::ranges::any_of(
      orphans_, [this](const auto& one) { return !one.second.told && IsOurs(one.first.ns); });
  if (!pairs_changed_.exchange(false) && !waiting) return;
  const auto now = std::chrono::steady_clock::now();
  std::map<BindingId, std::pair<bool, kube::Live>> found;  // whether it is a record, and its object
  for (const auto& [kind, watch] : bindings_) {
    if (!watch->synced()) {
      pairs_changed_ = true;
      continue;
    }
    for (const kube::Live& live : watch->All()) {
      const BindingId id{kind, std::string(live.ns()), std::string(live.name())};
      if (!MayLackRecord(live) && !shelf_.Find(id)) found[id] = {false, live};
    }
  }
  for (const BindingId& id : shelf_.Bindings()) {
    if (!IsOurOrphan(id)) continue;
    const KindWatch* watch = BindingsOf(id.kind);
    // Where the CRDs are not installed no record has a binding.
    if (watch && watch->synced() && !watch->Get({id.ns, id.name, ""})) found[id] = {true, {}};
  }
  std::erase_if(orphans_, [&](const auto& one) { return !found.contains(one.first); });
  for (const auto& [id, what] : found) {
    Orphan& orphan = orphans_.try_emplace(id, Orphan{now}).first->second;
    if (orphan.told || now - orphan.since < options_.orphan_after || !IsOurs(id.ns)) continue;
    orphan.told = true;
    if (!what.first) {
      Tell(what.second, true, "NoReleaseRecord", "nothing was delivered for this binding");
      continue;
    }
    const auto record = shelf_.Find(id);
    if (!record) continue;
    const std::string message =
        "the binding of this release record, " + Text(id) + ", is not in the cluster";
    if (options_.log) {
      options_.log("cluster " + record->cluster + ": ConfigMap " + kube::Text(record->key) + ": " +
                   message);
    }
    kube::Event event;
    event.about = {"v1", "ConfigMap", record->key.ns, record->key.name, "", ""};
    event.warning = true;
    event.reason = "NoBinding";
    event.message = message;
    // Events lie beside what they tell of, and only the home cluster is written to.
    if (record->cluster == "home") events_->Record(std::move(event));
  }
}

bool Mapper::LookForVersion(const base::Cancel& cancel) {
  if (options_.version) return true;
  const auto found = FindVersion(home_, cancel);
  if (!found) return false;
  if (version_.exchange(*found) == *found) return true;
  if (options_.log) {
    options_.log(*found == health::Version::kV1 ? "the bindings' CRDs are v1's"
                                                : "the bindings' CRDs are v0.12's");
  }
  EnqueueAll();
  return true;
}

base::Result<void> Mapper::ready() const {
  const auto wait = [](const std::string& what) {
    return base::Fail(ErrorCode::kUnavailable, what);
  };
  for (const auto& [kind, watch] : bindings_) {
    if (watch->standing("home").starting) return wait(kind + "s are being listed");
  }
  if (options_.clusters_known && !options_.clusters_known()) return wait("clusters are looked for");
  for (const auto& cluster : Clusters()) {
    if (cluster->records().starting) return wait("records of " + cluster->name() + " are listed");
  }
  return {};
}

MapperFigures Mapper::figures() const {
  MapperFigures figures;
  for (const auto& [kind, watch] : bindings_) {
    for (const kube::Live& live : watch->All()) {
      if (!IsOurs(live.ns())) continue;
      ++figures.bindings;
      if (!shelf_.Find({kind, std::string(live.ns()), std::string(live.name())})) {
        ++figures.bindings_without_record;
      }
    }
  }
  for (const BindingId& id : shelf_.Bindings()) {
    if (!IsOurs(id.ns)) continue;
    const KindWatch* watch = BindingsOf(id.kind);
    const bool bound = watch && watch->Get({id.ns, id.name, ""});
    if (!bound && !IsOurOrphan(id)) continue;
    ++figures.records;
    if (!bound) ++figures.records_without_binding;
  }
  figures.writes = writes_;
  figures.write_failures = write_failures_;
  figures.conflicts = conflicts_;
  figures.stood_back = stand_back_.stood_back();
  figures.standing_back = stand_back_.standing();
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
