// Keeps the storage fit for what is announced: verifies it at the start, takes what another replica
// has, asks for what is lost to be made anew, and clears away what nobody is told of.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "common/base/cancel.h"
#include "common/platform/http/client.h"
#include "flux-source/cluster.h"
#include "flux-source/copy_archive.h"
#include "flux-source/external_artifact.h"
#include "flux-source/store.h"

namespace openchoreo::flux {

struct CustodianOptions {
  std::chrono::seconds retention{600};
  std::uint64_t max_archive_bytes = 50u << 20;
  // "http://<host>:<port>/" of the replica that writes; "" while it is not known, or this one.
  std::function<std::string()> leader = [] { return std::string(); };
  // Makes the archives of an object anew: on the replica that writes by and by, elsewhere before it
  // returns.
  std::function<void(const kube::Key&object, const base::Cancel&)> mend, rebuild;
};

class Custodian {
 public:
  // All outlive it.
  Custodian(Store& store, const Cluster& cluster, http::Client& http, CustodianOptions options);

  // Looks again every few seconds, and when woken, until `cancel`.
  void Run(const base::Cancel& cancel);

  // What is announced has changed. Any thread.
  void Wake();

  // Whether this process writes now. Any thread.
  void Lead(bool leading);

  // Takes an archive that is asked for and not here from the replica that writes: it may have been
  // announced just now. False if that has not got it, or does not answer. Any thread; waits for two
  // seconds at most.
  bool Obtain(std::string_view path);

  // Whether announced archives can be had here: while it holds, or can take, every one; on the
  // writing replica also when it had time to make them anew.
  bool ready() const;

 private:
  // How many announced archives are not in the store.
  std::size_t Look(const base::Cancel& cancel);
  bool Recover(const kube::Key& object, const Artifact& artifact, const Owner& owner,
               const base::Cancel& cancel);
  void RetireFormer(std::map<Owner, std::string> announced);
  void Sweep();
  bool Rest(const base::Cancel& cancel);

  Store& store_;
  const Cluster& cluster_;
  http::Client& http_;
  const CustodianOptions options_;
  std::map<kube::Key, std::chrono::steady_clock::time_point> mended_;  // this and the next: Run's
  std::map<Owner, std::string> announced_;                             // paths, as of the last look
  std::atomic<bool> leading_{false}, looked_{false};
  std::atomic<std::chrono::steady_clock::rep> leads_since_{0}, complete_at_{0};
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  bool woken_ = false;
  std::set<std::string, std::less<>> obtaining_;
  std::chrono::steady_clock::time_point silent_until_{};  // the leader did not answer
};

}  // namespace openchoreo::flux
