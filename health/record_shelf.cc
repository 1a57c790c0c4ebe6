#include "health/record_shelf.h"

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
    by_object_[{cluster,
                {std::string(object.api_version), std::string(object.kind)},
                {std::string(object.ns), std::string(object.name), ""}}]
        .insert(binding);
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
    const auto entry = by_object_.find({place.cluster,
                                        {std::string(object.api_version), std::string(object.kind)},
                                        {std::string(object.ns), std::string(object.name), ""}});
    if (entry == by_object_.end()) continue;
    entry->second.erase(binding);
    if (entry->second.empty()) by_object_.erase(entry);
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
  std::lock_guard lock(mutex_);
  const auto found = by_object_.find({cluster, kind, key});
  if (found == by_object_.end()) return {};
  return {found->second.begin(), found->second.end()};
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
