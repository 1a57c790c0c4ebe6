// One cluster that holds records and objects: a watch on the records, and one on every kind they
// name.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "common/health/own_rules.h"
#include "common/platform/kube/client.h"
#include "common/record/record.h"
#include "health/kind_watch.h"
#include "health/sights.h"

namespace openchoreo::mapper {

struct ClusterEvents {
  // An object of a kind in use came, went or changed.
  std::function<void(const std::string& cluster, const KindName& kind, const kube::Key& key)>
      object;
  // A ConfigMap that holds a record; empty: it is gone.
  std::function<void(const std::string& cluster, const kube::Key& key, const kube::Live& now)>
      record;
};

// Thread-safe.
class Cluster {
 public:
  // `rules` are of one's own; null: none.
  Cluster(std::string name, std::unique_ptr<kube::Client> client, ClusterEvents events,
          std::shared_ptr<const health::OwnRules> rules, WatchOptions options);

  const std::string& name() const { return name_; }

  // Watches these kinds and no others.
  void Use(const std::set<KindName>& kinds);

  KindWatch::Standing records() const { return records_->standing(name_); }

  // What is in the way of each watch that has trouble, in one text; changes when something breaks
  // or mends.
  std::string Troubles() const;

  struct Seen {
    Sight sight;
    kube::Live owner;  // keeps sight.object alive
  };

  Seen Look(const record::RecordedObject& object, const health::Terms& terms) const;

  // Objects of the kinds in use with the labels of that release; either dialect's.
  std::size_t Remaining(std::string_view release, std::string_view ns) const;

 private:
  std::shared_ptr<KindWatch> WatchOf(const KindName& kind) const;

  const std::string name_;
  std::unique_ptr<kube::Client> client_;
  const ClusterEvents events_;
  const std::shared_ptr<const health::OwnRules> rules_;
  const WatchOptions options_;
  mutable std::mutex mutex_;
  std::map<KindName, std::shared_ptr<KindWatch>> watches_;
  std::unique_ptr<KindWatch> records_;
};

}  // namespace openchoreo::mapper
