// The health mapper: watches bindings at home and what their records name in every cluster, and
// writes what became of it into the bindings' status.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "common/base/cancel.h"
#include "common/health/own_rules.h"
#include "common/health/state.h"
#include "common/platform/kube/client.h"
#include "common/platform/kube/controller.h"
#include "common/platform/kube/events.h"
#include "common/platform/kube/sent_status.h"
#include "common/platform/kube/work_queue.h"
#include "common/platform/service/clock.h"
#include "health/cluster.h"
#include "health/operators.h"
#include "health/record_shelf.h"
#include "health/shard.h"
#include "health/stand_back.h"
#include "health/status.h"

namespace openchoreo::mapper {

// The name of the home cluster among those that are looked at.
inline constexpr std::string_view kHome = "home";

struct MapperOptions {
  health::Mode mode = health::Mode::kStrict;
  // Of the bindings' CRDs at home; nothing: as the API server describes them.
  std::optional<health::Version> version;
  std::string binding_selector;   // labels of the bindings to look after; "" = all
  std::string binding_namespace;  // "" = all
  Shard shard;                    // by namespaces of bindings
  unsigned workers = 4;
  kube::BackoffOptions backoff;                   // of a binding whose write fails
  std::string instance;                           // the pod's name, for events
  std::shared_ptr<const health::OwnRules> rules;  // of one's own; null: none
  WatchOptions watch;
  // How long another writer of conditions must be silent before we write again; doubled each time
  // it comes back, up to 16 times.
  std::chrono::seconds stand_back{60};
  // A binding's status is not written more often.
  std::chrono::milliseconds write_every{1'000};
  // How long a binding may be without a record, or a record without a binding, before it is told.
  std::chrono::milliseconds orphan_after{60'000};
  // Between looks at what the API server says of the bindings' CRDs, a long text.
  std::chrono::milliseconds version_every{60'000};
  // Whether every cluster that is to be looked at was added. Empty: yes.
  std::function<bool()> clusters_known;
  // Whether to write at all (a lease's held). Empty: yes.
  std::function<bool()> may_write;
  std::function<void(std::string_view)> log;  // one line; empty: silent
};

// What the mapper knows of itself, for metrics.
struct MapperFigures {
  std::size_t bindings = 0, records = 0;
  std::size_t bindings_without_record = 0, records_without_binding = 0;
  std::size_t standing_back = 0;  // bindings whose conditions are another's now
  std::uint64_t writes = 0, write_failures = 0, conflicts = 0, stood_back = 0,
                unreadable_records = 0;
};

// A binding as the mapper last judged it, whether or not it exists in the cluster.
struct Judged {
  BindingId binding;
  std::string release, project, component, environment, cluster;
  std::vector<health::BindingCondition> conditions;
};

class Mapper final : private kube::Reconciler {
 public:
  // `home` must outlive the mapper, and so must `clock`.
  Mapper(kube::Client& home, const service::Clock& clock, MapperOptions options);
  ~Mapper() override;

  // A cluster to look at, the home cluster among them, by a client of its own. A name that is there
  // already is replaced.
  void AddCluster(const std::string& name, std::unique_ptr<kube::Client> client);
  void RemoveCluster(const std::string& name);

  // Until `cancel`.
  void Run(const base::Cancel& cancel);

  // No error once every binding can be judged: the bindings and all clusters were listed, or it is
  // known why they cannot be.
  base::Result<void> ready() const;

  MapperFigures figures() const;
  std::vector<Judged> judged() const;

 private:
  class ShelfSights;

  base::Result<kube::Next> Reconcile(const kube::Key& key, const base::Cancel& cancel) override;
  base::Result<kube::Next> ReconcileBinding(const BindingId& id, const kube::Live& live,
                                            const base::Cancel& cancel);
  base::Result<void> Write(const BindingId& id, const kube::Live& live, const value::Value& status,
                           const base::Cancel& cancel);
  // Whether the API server was sent this status before and did not keep all of it.
  bool WasSent(const BindingId& id, const kube::Live& live, const value::Value& status);
  void NoteSent(const BindingId& id, const kube::Live& before, const kube::Live& now,
                const value::Value& status);
  // The binding is gone: one of its name that comes is another.
  void ForgetWrites(const BindingId& id);
  // The record to judge it by; nullptr: there is none. A binding that was moved to another cluster
  // or namespace may have left one behind: of those of its release, the first by which it is not
  // ready.
  std::shared_ptr<const ShelvedRecord> RecordOf(const BindingId& id, const value::Value& binding);
  // Nothing: what is known suffices to judge it. Else when to look again.
  std::optional<std::chrono::milliseconds> WaitToJudge(const BindingId& id, const kube::Live& live,
                                                       const ShelvedRecord* record,
                                                       const base::Cancel& cancel);
  // Why a record that was not found may be there all the same; "" = it is not.
  std::string Unseen() const;
  // Adds why a workload is not healthy to the messages. Returns when to look again.
  std::optional<std::chrono::milliseconds> Explain(const ShelvedRecord* record,
                                                   Assessment& assessment,
                                                   const base::Cancel& cancel);
  // Notes that it is written now; else how long to wait.
  std::optional<std::chrono::milliseconds> WaitToWrite(const BindingId& id);
  void NoteUndeploy(const BindingId& id, const value::Value& binding);
  void Tell(const kube::Live& about, bool warning, std::string reason, std::string message);
  kube::Next JudgeOrphan(const BindingId& id);
  void Remember(const BindingId& id, const kube::Live& live, const ShelvedRecord* record,
                const Assessment& assessment);
  void TellOfChange(const kube::Live& live, const Assessment& assessment);
  std::optional<std::chrono::milliseconds> StandBackFrom(const BindingId& id,
                                                         const kube::Live& live, base::Instant now);

  // Whether bindings of this namespace are this replica's.
  bool IsOurs(std::string_view ns) const;
  // Whether a record whose binding was not seen is. With a selector it may be another's.
  bool IsOurOrphan(const BindingId& id) const;
  void Enqueue(const BindingId& binding);
  void EnqueueAll();
  void RecordChanged(const std::string& cluster, const kube::Key& key, const kube::Live& now);
  // Starts and stops watches as the records ask, and wakes bindings of a cluster whose trouble
  // changed. Once a second.
  void Tend();
  std::set<KindName> KindsOf(const std::string& cluster);
  // Only where a binding or a record came or went, or one is to be told of.
  void LookForOrphans();
  // False: nobody could tell yet.
  bool LookForVersion(const base::Cancel& cancel);

  health::Version version() const { return options_.version.value_or(version_.load()); }

  std::vector<std::shared_ptr<Cluster>> Clusters() const;
  std::shared_ptr<Cluster> ClusterNamed(const std::string& name) const;
  const KindWatch* BindingsOf(std::string_view kind) const;

  kube::Client& home_;
  const service::Clock& clock_;
  const MapperOptions options_;
  kube::WorkQueue queue_;
  RecordShelf shelf_;
  std::unique_ptr<kube::EventRecorder> events_;

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Cluster>> clusters_;
  std::map<std::string, std::string> troubles_;  // as last seen, by cluster
  std::map<BindingId, Judged> judged_;

  StandBack stand_back_;
  using Moment = std::chrono::steady_clock::time_point;
  std::map<BindingId, Moment> written_;             // when last
  std::map<BindingId, kube::SentStatus> pruned_;    // where the CRD lacks a field of it
  std::map<BindingId, ReleaseLabels> undeploying_;  // bindings that say Undeploy
  std::set<BindingId> counted_;  // those whose objects are looked for in all clusters
  std::map<std::string, std::map<KindName, Moment>> used_kinds_;  // by cluster: when last

  struct Orphan {
    Moment since;
    bool told = false;
  };

  std::map<BindingId, Orphan> orphans_;  // the tender's
  std::atomic<health::Version> version_{health::Version::kV1};
  std::atomic<bool> kinds_changed_{true}, operators_changed_{false};
  std::atomic<bool> pairs_changed_{true};  // of bindings and records
  std::atomic<bool> unwritten_{false};     // something was not written since we may not
  std::atomic<std::uint64_t> writes_{0}, write_failures_{0}, conflicts_{0}, unreadable_{0};
  std::map<std::string, std::unique_ptr<KindWatch>, std::less<>> bindings_;  // by kind
  std::unique_ptr<Operators> operators_;
};

}  // namespace openchoreo::mapper
