#include "health/record_shelf.h"

#include <algorithm>

#include "common/value/map_builder.h"

namespace openchoreo::mapper {

using value::Value;

namespace {

BindingId IdOf(const record::Record& record) {
  return {std::string(record.binding.kind), std::string(record.binding.ns),
          std::string(record.binding.name)};
}

std::set<KindName> KindsOf(const record::Record& record) {
  std::set<KindName> kinds;
  for (const record::RecordedObject& object : record.resources) {
    kinds.insert({std::string(object.api_version), std::string(object.kind)});
  }
  return kinds;
}

std::size_t HashOf(std::string_view cluster, std::string_view kind, std::string_view ns,
                   std::string_view name) {
  std::size_t hash = 0;
  for (const std::string_view part : {cluster, kind, ns, name})
    hash = hash * 31 + std::hash<std::string_view>()(part);
  return hash;
}

kube::Live MarksOf(const kube::Live& config_map) {
  base::Arena arena;
  const Value metadata = config_map.object().Get("metadata");
  return kube::Live::Copy(value::MakeMap(
      arena, {{"annotations", metadata.Get("annotations")}, {"labels", metadata.Get("labels")}}));
}

}  // namespace

std::string Text(const BindingId& binding) {
  return binding.kind + " " + binding.ns + "/" + binding.name;
}

std::vector<BindingId> RecordShelf::Put(const std::string& cluster, const kube::Key& key,
                                        const kube::Live& now, std::string& problem) {
  std::shared_ptr<ShelvedRecord> shelved;
  if (now) {
    const std::string_view text = now.object().Get("data", record::kDataKey).string_or_empty();
    shelved = std::make_shared<ShelvedRecord>(text.size());
    auto record = record::ReadRecord(text, shelved->arena);
    if (record) {
      shelved->cluster = cluster;
      shelved->key = key;
      shelved->resource_version = now.resource_version();
      shelved->metadata = MarksOf(now);
      shelved->record = *std::move(record);
    } else {
      problem = record.error().message;
      shelved.reset();
    }
  }
  std::vector<BindingId> touched;
  const Place place{cluster, key};
  std::lock_guard lock(mutex_);
  TakeOff(place, touched);
  if (!shelved) return touched;
  const BindingId binding = IdOf(shelved->record);
  by_binding_[binding].insert(place);
  for (const record::RecordedObject& object : shelved->record.resources) {
    by_object_.emplace(HashOf(cluster, object.kind, object.ns, object.name), shelved.get());
  }
  for (const KindName& kind : KindsOf(shelved->record)) ++kinds_[cluster][kind];
  records_[place] = std::move(shelved);
  touched.push_back(binding);
  return touched;
}

void RecordShelf::TakeOff(const Place& place, std::vector<BindingId>& touched) {
  const auto found = records_.find(place);
  if (found == records_.end()) return;
  const record::Record& record = found->second->record;
  const BindingId binding = IdOf(record);
  for (const record::RecordedObject& object : record.resources) {
    const auto [begin, end] =
        by_object_.equal_range(HashOf(place.cluster, object.kind, object.ns, object.name));
    const auto entry = std::find_if(
        begin, end, [&](const auto& one) { return one.second == found->second.get(); });
    if (entry != end) by_object_.erase(entry);
  }
  auto& kinds = kinds_[place.cluster];
  for (const KindName& kind : KindsOf(record)) {
    if (--kinds[kind] == 0) kinds.erase(kind);
  }
  auto& places = by_binding_[binding];
  places.erase(place);
  if (places.empty()) by_binding_.erase(binding);
  records_.erase(found);
  touched.push_back(binding);
}

std::vector<BindingId> RecordShelf::Drop(const std::string& cluster) { return Keep(cluster, {}); }

std::vector<BindingId> RecordShelf::Keep(const std::string& cluster,
                                         const std::set<kube::Key>& keys) {
  std::vector<BindingId> touched;
  std::lock_guard lock(mutex_);
  std::vector<Place> places;
  for (const auto& [place, record] : records_) {
    if (place.cluster == cluster && !keys.contains(place.key)) places.push_back(place);
  }
  for (const Place& place : places) TakeOff(place, touched);
  return touched;
}

std::shared_ptr<const ShelvedRecord> RecordShelf::Find(const BindingId& binding) const {
  std::lock_guard lock(mutex_);
  const auto found = by_binding_.find(binding);
  return found == by_binding_.end() ? nullptr : records_.at(*found->second.begin());
}

std::vector<std::shared_ptr<const ShelvedRecord>> RecordShelf::FindAll(
    const BindingId& binding) const {
  std::vector<std::shared_ptr<const ShelvedRecord>> all;
  std::lock_guard lock(mutex_);
  const auto found = by_binding_.find(binding);
  if (found == by_binding_.end()) return all;
  for (const Place& place : found->second) all.push_back(records_.at(place));
  return all;
}

std::vector<BindingId> RecordShelf::Bindings() const {
  std::lock_guard lock(mutex_);
  std::vector<BindingId> bindings;
  for (const auto& [binding, places] : by_binding_) bindings.push_back(binding);
  return bindings;
}

std::vector<BindingId> RecordShelf::BindingsIn(const std::string& cluster) const {
  std::lock_guard lock(mutex_);
  std::vector<BindingId> bindings;
  for (const auto& [place, record] : records_) {
    if (place.cluster == cluster) bindings.push_back(IdOf(record->record));
  }
  return bindings;
}

std::vector<BindingId> RecordShelf::BindingsOf(const std::string& cluster, const KindName& kind,
                                               const kube::Key& key) const {
  std::set<BindingId> bindings;
  std::lock_guard lock(mutex_);
  const auto [begin, end] = by_object_.equal_range(HashOf(cluster, kind.kind, key.ns, key.name));
  for (auto entry = begin; entry != end; ++entry) {
    const ShelvedRecord& shelved = *entry->second;
    if (shelved.cluster != cluster) continue;
    for (const record::RecordedObject& object : shelved.record.resources) {
      if (object.name == key.name && object.ns == key.ns && object.kind == kind.kind &&
          object.api_version == kind.api_version) {
        bindings.insert(IdOf(shelved.record));
        break;
      }
    }
  }
  return {bindings.begin(), bindings.end()};
}

std::set<KindName> RecordShelf::Kinds(const std::string& cluster) const {
  std::lock_guard lock(mutex_);
  std::set<KindName> kinds;
  if (const auto found = kinds_.find(cluster); found != kinds_.end()) {
    for (const auto& [kind, count] : found->second) kinds.insert(kind);
  }
  return kinds;
}

}  // namespace openchoreo::mapper
