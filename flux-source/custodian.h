// Keeps the storage fit for what is announced: verifies it at the start, fetches what another
// replica has, and clears away what nobody is told of.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>

#include "common/base/cancel.h"
#include "common/platform/http/client.h"
#include "flux-source/cluster.h"
#include "flux-source/external_artifact.h"
#include "flux-source/store.h"

namespace openchoreo::flux {

class Custodian {
 public:
  // All outlive it. `rebuild` makes the archives of an object anew, where nobody else has them.
  Custodian(Store& store, const Cluster& cluster, http::Client& http,
            std::chrono::seconds retention,
            std::function<void(const kube::Key&, const base::Cancel&)> rebuild);

  // Looks again every few seconds until `cancel`.
  void Run(const base::Cancel& cancel);

  // Whether this process writes now. Any thread.
  void Lead(bool leading);

  // Whether announced archives can be had here: while it holds every one; on the writing replica
  // also when it had time to make them anew.
  bool ready() const;

 private:
  // How many announced archives are not in the store.
  std::size_t Look(const base::Cancel& cancel);
  bool Mirror(const Artifact& artifact, const Owner& owner, const base::Cancel& cancel);
  void Sweep();

  Store& store_;
  const Cluster& cluster_;
  http::Client& http_;
  const std::chrono::seconds retention_;
  const std::function<void(const kube::Key&, const base::Cancel&)> rebuild_;
  std::map<kube::Key, std::chrono::steady_clock::time_point> rebuilt_;  // when last; Run's alone
  std::atomic<bool> leading_{false}, looked_{false}, complete_{false};
  std::atomic<std::chrono::steady_clock::rep> leads_since_{0};
};

}  // namespace openchoreo::flux
