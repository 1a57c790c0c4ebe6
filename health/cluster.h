// One cluster that holds records and objects: a watch on the records, and one on every kind they
// name.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "common/health/own_rules.h"
#include "common/platform/kube/client.h"
#include "common/record/record.h"
#include "health/kind_watch.h"
#include "health/pod_looks.h"
#include "health/pulse.h"
#include "health/sights.h"

namespace openchoreo::mapper {

struct ClusterEvents {
  // An object of a kind in use came, went or changed.
  std::function<void(const std::string& cluster, const KindName& kind, const kube::Key& key,
                     const kube::Live& before, const kube::Live& now)>
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
          std::shared_ptr<const health::OwnRules> rules, const WatchOptions& options);

  const std::string& name() const { return name_; }

  // Watches these kinds and no others.
  void Use(const std::set<KindName>& kinds);

  KindWatch::Standing records() const;

  // The records that are there, once they were listed for the first time, or anew; nothing at other
  // times. What is not among them is gone, whatever was told before.
  std::optional<std::set<kube::Key>> TakeListing();

  // Whether the ConfigMap is in the cluster as `version`, as the cluster itself says: a watch may
  // be a moment behind. True where it cannot be asked.
  bool HasRecord(const kube::Key& key, std::string_view version, const base::Cancel& cancel) const;

  // What is in the way of each watch that has trouble, in one text; changes when something breaks
  // or mends.
  std::string Troubles() const;

  struct Seen {
    Sight sight;
    kube::Live owner;  // keeps sight.object alive
  };

  Seen Look(const record::RecordedObject& object, const health::Terms& terms) const;

  struct Reason {
    std::string text;  // "" = none is known
    std::chrono::milliseconds again{0};
  };

  // Why a workload is not healthy, from its pods; asked for only while it is not. Says when to ask
  // again. Pods are looked at once it was so for a while, and seldom.
  Reason WhyUnhealthy(const record::RecordedObject& object, const base::Cancel& cancel);
  void NoteHealthy(const record::RecordedObject& object);

  // Objects of the kinds in use with the labels of that release; either dialect's. Nothing while
  // that cannot be told.
  std::optional<std::size_t> Remaining(std::string_view release, std::string_view ns) const;

 private:
  using Watches = std::map<KindName, std::shared_ptr<KindWatch>>;

  std::shared_ptr<KindWatch> WatchOf(const KindName& kind) const;
  Watches AllWatches() const;
  std::shared_ptr<KindWatch> Watch(const KindName& kind);
  std::shared_ptr<KindWatch> WatchRecords();
  // Forgets what was known and lists it anew.
  void StartOver();
  // Why nothing of the cluster can be told; "" = it answers.
  std::string Silence() const;

  const std::string name_;
  std::unique_ptr<kube::Client> client_;
  const ClusterEvents events_;
  const std::shared_ptr<const health::OwnRules> rules_;
  const WatchOptions options_;
  mutable std::mutex mutex_;
  Watches watches_;
  bool used_ = false;  // told of kinds at all

  PodLooks pod_looks_;
  std::shared_ptr<KindWatch> records_;
  bool listing_due_ = true;
  std::unique_ptr<Pulse> pulse_;  // last: it ends first
};

}  // namespace openchoreo::mapper
