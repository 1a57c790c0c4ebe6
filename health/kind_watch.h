// One kind of objects in one cluster, followed: found out how the cluster names it, listed,
// watched.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/base/cancel.h"
#include "common/platform/kube/client.h"
#include "common/platform/kube/reflect.h"
#include "health/kinds.h"

namespace openchoreo::mapper {

struct WatchOptions {
  // How long a watch may be broken before what it knows counts as stale.
  std::chrono::milliseconds grace{10'000};
  // Between looks for a kind that is absent.
  std::chrono::milliseconds absent_wait{15'000};
  // How long a workload must have been unhealthy before its pods are looked at, and how often then.
  std::chrono::milliseconds pods_after{3'000}, pods_every{10'000};
  // Where records and what they name are looked for; empty: in all namespaces.
  std::vector<std::string> object_namespaces;
  kube::ReflectOptions reflect;
};

// Thread-safe. Starts a thread at once and ends it when destroyed; of a kind that has namespaces
// one for each of `namespaces`, where there are any.
class KindWatch {
 public:
  KindWatch(kube::Client& client, KindName kind, kube::Selector selector, kube::OnChange on_change,
            const WatchOptions& options, std::vector<std::string> namespaces = {});
  ~KindWatch();

  KindWatch(const KindWatch&) = delete;
  KindWatch& operator=(const KindWatch&) = delete;

  // Empty if it is not there.
  kube::Live Get(const kube::Key& key) const;
  std::vector<kube::Live> All() const;

  // Complete at least once: what is missing is missing.
  bool synced() const;

  // How far what it knows can be trusted.
  struct Standing {
    bool starting = false;  // not complete yet, and nothing speaks against that it will be
    std::string trouble;    // why it cannot be trusted, for people; "" = it can, or is starting
  };

  Standing standing(std::string_view cluster) const;

 private:
  void Run();
  // Follows the kind until the end, from as many threads as it takes.
  void Follow(const kube::Resource& resource);
  // Of the reflectors, the first error and the longest silence.
  base::Result<void> Health() const;
  std::optional<std::chrono::steady_clock::time_point> LastHeard() const;
  bool Complete() const;

  kube::Client& client_;
  const KindName kind_;
  const kube::Selector selector_;
  const kube::OnChange on_change_;
  const WatchOptions options_;
  const std::vector<std::string> namespaces_;
  base::Cancel cancel_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<kube::Reflector>> reflectors_;  // once the kind was found
  base::Result<void> found_ = base::Fail(base::ErrorCode::kUnavailable, "not asked yet");
  // The last answer to "when was that on the wall", so that it is told alike each time.
  mutable std::optional<std::chrono::steady_clock::time_point> told_of_;
  mutable std::string told_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::thread thread_;
};

}  // namespace openchoreo::mapper
