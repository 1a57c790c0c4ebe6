// All release records of all clusters, by binding, and which binding each recorded object is of.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/arena.h"
#include "common/platform/kube/live.h"
#include "common/record/record.h"
#include "health/kind_watch.h"

namespace openchoreo::mapper {

struct BindingId {
  std::string kind, ns, name;

  auto operator<=>(const BindingId&) const = default;
};

// "ReleaseBinding acme/web-dev", as findings name it.
std::string Text(const BindingId& binding);

struct ShelvedRecord {
  std::string cluster;
  kube::Key key;  // of its ConfigMap
  std::string resource_version;
  kube::Live metadata;  // {labels, annotations} of its ConfigMap
  base::Arena arena;    // of `record`
  record::Record record;

  // Room for what is read of a record's text, in one piece: there are thousands.
  explicit ShelvedRecord(std::size_t text_bytes) : arena(3 * text_bytes + 64) {}
};

// Thread-safe.
class RecordShelf {
 public:
  // The ConfigMap came, changed or (empty) went. Returns the bindings that this is of. A text that
  // is no record counts as gone, and `problem` says why.
  std::vector<BindingId> Put(const std::string& cluster, const kube::Key& key,
                             const kube::Live& now, std::string& problem);

  // Takes off what a cluster was said to hold and holds no longer: all but `keys`.
  std::vector<BindingId> Keep(const std::string& cluster, const std::set<kube::Key>& keys);

  // Everything of a cluster that is no longer looked at.
  std::vector<BindingId> Drop(const std::string& cluster);

  // nullptr: none. Where there are several, the first by cluster and namespace.
  std::shared_ptr<const ShelvedRecord> Find(const BindingId& binding) const;
  std::vector<std::shared_ptr<const ShelvedRecord>> FindAll(const BindingId& binding) const;

  std::vector<BindingId> Bindings() const;
  std::vector<BindingId> BindingsIn(const std::string& cluster) const;
  std::vector<BindingId> BindingsOf(const std::string& cluster, const KindName& kind,
                                    const kube::Key& key) const;

  // Kinds that the records of a cluster name.
  std::set<KindName> Kinds(const std::string& cluster) const;

 private:
  struct Place {
    std::string cluster;
    kube::Key key;  // of the ConfigMap

    auto operator<=>(const Place&) const = default;
  };

  void TakeOff(const Place& place, std::vector<BindingId>& touched);

  mutable std::mutex mutex_;
  std::map<Place, std::shared_ptr<const ShelvedRecord>> records_;
  std::map<BindingId, std::set<Place>> by_binding_;
  // By the hash of an object that it names.
  std::unordered_multimap<std::size_t, const ShelvedRecord*> by_object_;
  std::map<std::string, std::map<KindName, std::size_t>> kinds_;  // by cluster: how many records
};

}  // namespace openchoreo::mapper
