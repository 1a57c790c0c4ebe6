// A copy of the objects of one kind that follows the API server: list, then watch, then watch
// again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/result.h"
#include "common/platform/kube/client.h"

namespace openchoreo::kube {

// Thread-safe.
class Store {
 public:
  // Empty if it is not there.
  Live Get(const Key& key) const;
  std::vector<Live> All() const;
  std::size_t size() const;

 private:
  friend class Reflector;
  mutable std::mutex mutex_;
  std::map<Key, Live> objects_;
};

struct ReflectOptions {
  // Between attempts that failed: doubled each time up to the longest, with jitter.
  std::chrono::milliseconds shortest_wait{500};
  std::chrono::milliseconds longest_wait{30'000};
  // A store whose watch is broken for longer is listed anew: a watch that goes on where it broke
  // off tells what happened meanwhile piece by piece. 0: never.
  std::chrono::milliseconds list_after{0};
  // Two versions that count as one: no change is told (a status that nobody reads moved). Empty:
  // other resourceVersions are other objects.
  std::function<bool(const value::Value& before, const value::Value& now)> same;
};

// Called on the reflector's thread, after the store has changed. An empty Live: was not, or is not,
// there.
using OnChange = std::function<void(const Key& key, const Live& before, const Live& now)>;

class Reflector {
 public:
  Reflector(Client& client, Resource resource, Selector selector, OnChange on_change,
            ReflectOptions options = {});

  // Keeps the store up to date until `cancel`; on one thread only.
  void Run(const base::Cancel& cancel);

  const Store& store() const { return store_; }

  const Resource& resource() const { return resource_; }

  // Whether the store has been complete at least once: until then what is missing is not gone.
  bool synced() const;
  // Waits until synced() or until the first attempt failed or `cancel`; true if synced.
  bool WaitForSync(const base::Cancel& cancel) const;

  // What stands in the way now: kNotFound (the kind is absent), kDenied, kUnavailable …; no error
  // while the store follows.
  base::Result<void> health() const;
  // When the server was last heard of for this kind, monotonic; nothing: never. A watch that stood
  // and was silent counts up to the moment at which it broke.
  std::optional<std::chrono::steady_clock::time_point> last_heard() const;

 private:
  class Sink;
  base::Result<void> ListAll(const base::Cancel& cancel);
  base::Result<WatchEnd> WatchOnce(const base::Cancel& cancel);
  void Set(const value::Value& object);
  void Remove(const Key& key);
  void Note(base::Result<void> outcome);
  void Heard();

  Client& client_;
  const Resource resource_;
  const Selector selector_;
  const OnChange on_change_;
  const ReflectOptions options_;
  Store store_;
  std::string version_;  // this and the next: Run's thread only
  bool told_ = false;    // the watch under way told of something
  bool opened_ = false;  // the server took the watch under way
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool synced_ = false;
  bool tried_ = false;
  base::Result<void> health_;
  std::optional<std::chrono::steady_clock::time_point> last_heard_;
};

}  // namespace openchoreo::kube
