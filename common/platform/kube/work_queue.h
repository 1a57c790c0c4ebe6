// Keys that want work: each once however often it was added, never two workers on one key.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>

#include "common/base/cancel.h"
#include "common/platform/kube/resource.h"

namespace openchoreo::kube {

struct BackoffOptions {
  std::chrono::milliseconds shortest{750};
  std::chrono::milliseconds longest{15 * 60'000};
  unsigned jitter_percent = 5;  // added at random
};

// Who may keep whom waiting. 0: no bound.
struct ShareOptions {
  unsigned at_once = 0;  // keys worked on at once, but for those that have been for long
  std::chrono::milliseconds long_work{2'000};
  unsigned per_namespace = 0;  // keys of one namespace worked on at once
};

// Thread-safe. Namespaces take turns; first in, first out among the keys of one whose time has
// come.
class WorkQueue {
 public:
  explicit WorkQueue(BackoffOptions backoff = {}, std::uint64_t seed = std::random_device{}(),
                     ShareOptions share = {});

  // Now, or after the work under way on this key.
  void Add(const Key& key);
  // Not before `wait`; an earlier time of the same key stays.
  void AddAfter(const Key& key, std::chrono::milliseconds wait);
  // After a wait that doubles with each failure of the key in a row.
  void Failed(const Key& key);
  // The key's failures are forgotten (it worked, or it is gone).
  void Forget(const Key& key);

  // Waits for a key; nothing once `cancel` is set. Done(key) must follow.
  std::optional<Key> Take(const base::Cancel& cancel);
  void Done(const Key& key);

  // A random time up to `percent` of `time` longer than it.
  std::chrono::milliseconds Jitter(std::chrono::milliseconds time, unsigned percent);

  struct Figures {
    std::size_t waiting = 0;  // ready for a worker
    std::size_t working = 0;
    std::size_t later = 0;
    std::uint64_t adds = 0;
    std::uint64_t retries = 0;
    double oldest_work_seconds = 0;  // the longest running work
  };

  Figures figures() const;
  unsigned failures(const Key& key) const;

 private:
  using Clock = std::chrono::steady_clock;

  void AddLocked(const Key& key);
  void LaterLocked(const Key& key, Clock::time_point when);
  void MoveDue(Clock::time_point now);
  void ReadyLocked(const Key& key);
  std::optional<Key> NextLocked(Clock::time_point now, Clock::time_point& again);

  const BackoffOptions backoff_;
  const ShareOptions share_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::mt19937_64 random_;
  std::map<std::string, std::deque<Key>> ready_;  // by namespace, none empty
  std::deque<std::string> turns_;                 // namespaces of ready_, the next first
  std::size_t waiting_ = 0;                       // keys in ready_
  std::set<Key> dirty_;                           // in ready_, or to be once the work on it ends
  std::map<Key, Clock::time_point> working_;      // since when
  std::map<Key, Clock::time_point> later_;
  std::set<std::pair<Clock::time_point, Key>> by_time_;
  std::map<Key, unsigned> failures_;
  std::uint64_t adds_ = 0, retries_ = 0;
};

}  // namespace openchoreo::kube
