// The one page of the controller: from an OpenChoreoSource to its ExternalArtifacts.
//
//   observe sources → (nothing new: keep) → fetch → render → pack → store → announce → delete what
//   is gone → status
//
// Failure never takes away: what cannot be made anew stays announced as it is and says so.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/artifact/tar_writer.h"
#include "common/platform/kube/client.h"
#include "common/platform/kube/conditions.h"
#include "common/platform/kube/controller.h"
#include "common/platform/kube/sent_status.h"
#include "common/platform/service/clock.h"
#include "common/platform/service/heap.h"
#include "common/platform/service/timer.h"
#include "common/render/renderer.h"
#include "common/source/file_tree.h"
#include "flux-source/build.h"
#include "flux-source/cluster.h"
#include "flux-source/external_artifact.h"
#include "flux-source/folders.h"
#include "flux-source/long_work.h"
#include "flux-source/source_fetch.h"
#include "flux-source/source_status.h"
#include "flux-source/spec.h"
#include "flux-source/store.h"

namespace openchoreo::flux {

class Metrics;
class Notifier;

struct ReconcilerOptions {
  bool cross_namespace = true;
  std::chrono::milliseconds requeue_dependency{5'000};
  std::size_t artifact_max_bytes = 50u << 20;
  std::chrono::seconds retention{600};
  std::size_t records = 2;
  std::string url_prefix;               // "http://<host>:<port>/"
  unsigned jobs = 1;                    // threads of one rendering
  std::size_t piece_bytes = 32u << 20;  // of compressed pieces of archives that are kept
  std::function<bool()> others_wait;    // objects for a worker
};

// What the reconciler works with; all outlive it.
struct Surroundings {
  kube::Client& client;
  const Cluster& cluster;
  http::Client& http;
  SourceFetcher& fetcher;
  render::Renderer& renderer;
  Store& store;
  Notifier& notifier;
  Metrics& metrics;
  const service::Clock& clock;
};

// What a build is made from, and itself.
struct Making {
  service::HeapGivenBack heap{};  // once the rest is freed
  std::vector<std::shared_ptr<const SourceFiles>> files{};
  std::vector<std::unique_ptr<source::FileTree>> trees{};
  std::optional<Build> build{};
  base::CacheUse packing{};
};

class Reconciler final : public kube::Reconciler {
 public:
  Reconciler(Surroundings surroundings, ReconcilerOptions options);

  base::Result<kube::Next> Reconcile(const kube::Key& key, const base::Cancel& cancel) override;

  // Makes the archives of an object anew and announces nothing: for a replica that does not write,
  // since the same sources give the same bytes. Thread-safe.
  void Rebuild(const kube::Key& key, const base::Cancel& cancel);

  // An ExternalArtifact of `object` is gone: its next announcement starts anew. Thread-safe.
  void NoteLost(const kube::Key& object, const std::string& artifact);

  // Forgets what was announced: another process may have written since. No reconciliation may be
  // under way.
  void Reset();

  // ExternalArtifacts whose last good version is kept since a newer one failed. Thread-safe.
  std::size_t held() const;

  // Compressed pieces of archives that are kept. Thread-safe.
  std::size_t kept_bytes() const { return pieces_.stats().bytes; }

 private:
  // An artifact as a build left it.
  struct KnownPart {
    std::string name;
    std::map<std::string, std::string> labels;
    PartState state = PartState::kGood;
    std::string reason, message;  // of one that is not good
    std::size_t bindings = 0, objects = 0;
    Folders folders;    // of a good one
    Artifact artifact;  // without url, time and metadata; of a good one
  };

  // What an ExternalArtifact was last told to be.
  struct Announced {
    Artifact artifact;
    std::map<std::string, std::string> labels;  // of its combination
    std::size_t bindings = 0;
    std::optional<Folders> folders;  // nothing if they are not known
    std::string main_body;           // as JSON; "" if it is not known
  };

  struct Source {
    SourceSpec spec;
    Artifact artifact;
  };

  // One object, from one reconciliation to the next; only its worker uses it.
  struct Memory {
    std::string uid;
    std::string fingerprint;    // of the inputs that `parts` came from; "" = none
    std::string content;        // of the files in them that matter, as ContentOf gives it
    std::string reason;         // of `failure`, or of a part that is not good
    std::string message;        // of the build, for people
    std::string failure;        // why nothing can be told of any part; "" if that is not so
    bool unstored = false;      // the disk did not take a part
    bool status_waits = false;  // what was announced is not told in the object's status yet
    bool told_of_work = false;  // the object's status may say that work is under way
    std::vector<KnownPart> parts;
    std::map<std::string, Announced> announced;
    std::atomic<std::size_t> held = 0;  // read by the metrics meanwhile
    unsigned api_failures = 0;          // in a row
    std::string written_over;  // the object's resourceVersion when its status was written last
    kube::Live written;        // what came of that: the watch may tell of it later
    kube::SentStatus sent;     // where the CRD did not keep all of it
  };

  // One reconciliation on its way.
  struct Work {
    kube::Key key;
    kube::Live object;
    Spec spec;
    bool spec_known = false;
    Memory& memory;
    const base::Cancel& cancel;
    Deadline deadline;
    std::vector<Source> sources{};
    std::optional<Making> making{};  // until all is announced, since to free it takes time
    SourceStatus status{};
    std::set<std::string> lost{};                   // names of ExternalArtifacts that went
    std::optional<std::set<std::string>> wanted{};  // names of the artifacts there should be
    std::vector<std::string> conflicts{};           // names of ExternalArtifacts that are others'
    std::optional<base::Error> api_error{};         // the first
    bool announced = false;                         // something new
    std::chrono::milliseconds again{0};             // 0: by interval or backoff
  };

  std::shared_ptr<Memory> MemoryOf(const kube::Key& key, std::string_view uid);
  void Forget(const kube::Key& key);
  void EndSeries(const std::string& uid);
  std::set<std::string> TakeLost(const kube::Key& object);

  // reconciler.cc
  base::Result<kube::Live> EnsureFinalizer(const kube::Live& object, const base::Cancel& cancel);
  void Run(Work& work);
  bool Observe(Work& work);
  std::string FingerprintOf(const Work& work, bool revisions) const;
  bool EverythingIsThere(const Work& work);
  bool AnnouncedIsThere(const kube::Live& object);
  void TellOfWork(const kube::Live& object);
  bool StatusCanWait(const Work& work) const;
  base::Result<void> WriteStatus(Work& work, bool certainly);
  void LeaveShard(const kube::Key& key);
  base::Result<kube::Next> Conclude(const Work& work) const;

  // make.cc: fetch, render, pack, store
  void Make(Work& work, const std::string& fingerprint, bool force);
  std::string ContentOf(const Work& work,
                        const std::vector<std::shared_ptr<const SourceFiles>>& files) const;
  bool Fetch(Work& work, std::vector<std::shared_ptr<const SourceFiles>>& files,
             std::string& reason, std::string& failure);
  std::vector<std::unique_ptr<source::FileTree>> Open(
      const Work& work, const std::vector<std::shared_ptr<const SourceFiles>>& files) const;
  void PackPart(Work& work, const Build& build, const BuiltPart& built, KnownPart& part);

  // announce.cc
  void Recall(Work& work);
  void Announce(Work& work);
  void HoldAll(Work& work, const std::string& reason, const std::string& message);
  bool Hold(Work& work, const std::string& name, const std::string& reason,
            const std::string& message);
  bool Tell(Work& work, const WantedArtifact& wanted, Announced& announced);
  base::Result<bool> Write(Work& work, const WantedArtifact& wanted, Announced& announced,
                           kube::Live& live, bool copied);
  void TellOfChange(const Work& work, const WantedArtifact& wanted, const kube::Live& before,
                    const kube::Live& now);
  bool IsForeign(Work& work, const kube::Key& key, kube::Live& live, bool fresh);
  void TellOfVanished(const Work& work, const KnownPart& part,
                      const std::optional<Folders>& former);
  void SetOutcome(Work& work, bool all_good) const;
  void ObserveAsMade(Work& work) const;
  void DeleteGone(Work& work);
  WantedArtifact WantedOf(const Work& work, const std::string& name, const Announced& announced,
                          const std::map<std::string, std::string>& labels) const;
  std::map<std::string, std::string> MetadataOf(const Work& work) const;
  std::string RevisionsOf(const Work& work) const;
  void Note(Work& work, base::Error error);

  // finalize.cc
  base::Result<kube::Next> Finalize(const kube::Key& key, const kube::Live& object,
                                    const base::Cancel& cancel);

  const Surroundings with_;
  const ReconcilerOptions options_;
  mutable std::mutex mutex_;
  std::map<kube::Key, std::shared_ptr<Memory>> memories_;
  std::map<kube::Key, std::set<std::string>> lost_;  // by object
  LongWork long_work_;
  artifact::PieceCache pieces_{options_.piece_bytes};
  service::Timer deadlines_;
};

}  // namespace openchoreo::flux
