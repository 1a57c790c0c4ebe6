// One of several replicas writes: the one that holds a Lease of coordination.k8s.io.
//
// Follows client-go tools/leaderelection: another holder's lease counts as expired when it did not
// change for its duration by our own clock; clocks of two machines are never compared.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/cancel.h"
#include "common/platform/kube/client.h"
#include "common/platform/service/clock.h"
#include "common/platform/service/timer.h"

namespace openchoreo::kube {

struct LeaseOptions {
  Key key;
  std::string identity;  // begins with the host name; see LeaseIdentity
  std::chrono::milliseconds duration{35'000};
  std::chrono::milliseconds renew_deadline{30'000};
  std::chrono::milliseconds retry_period{5'000};
  bool release_on_cancel = true;
  std::chrono::milliseconds release_time{5'000};   // the most an end waits for the release
  std::map<std::string, std::string> annotations;  // what the holder tells the others on the lease
};

// "<host>_<random hex>".
std::string LeaseIdentity();

class Lease {
 public:
  // `client` must not ask this lease whether it may write. Both must outlive the lease.
  Lease(Client& client, LeaseOptions options, const service::Clock& clock);

  // Until `cancel`: gets the lease, keeps it, gets it again. `term` is called with each time it is
  // got and told a Cancel that is set as soon as it is lost or expired; `lost` follows, when what
  // was under way with the API server has ended. Both are called on this thread and must be short.
  void Run(const base::Cancel& cancel, const std::function<void(const base::Cancel& term)>& term,
           const std::function<void()>& lost);

  // Whether it is ours and not expired, by a clock that also counts while the process or the
  // machine was stopped. To be asked before every write. Thread-safe.
  bool held() const;

  // Who holds it, as last seen; "" if nobody is known to. Thread-safe.
  std::string holder() const;

  // An annotation of the lease as last seen, "" without one or where nobody holds it. Thread-safe.
  std::string annotation(const std::string& name) const;

 private:
  enum class Attempt : std::uint8_t { kMine, kTheirs, kFailed };

  Attempt TryOnce(const base::Cancel& cancel);
  Attempt Write(base::Result<Live> written, std::int64_t begun_ms);
  void Note(Live seen);
  void Release();
  value::Value Body(base::Arena& arena, std::string_view holder, std::int64_t seconds,
                    std::string_view acquired, std::int64_t transitions,
                    std::string_view version) const;

  Client& client_;
  const LeaseOptions options_;
  const service::Clock& clock_;
  std::atomic<std::int64_t> held_until_ms_{0};  // by the clock's boot time
  Live seen_;                                   // this and the next two: Run's thread only
  std::int64_t seen_at_ms_ = 0;
  base::Cancel term_;
  mutable std::mutex mutex_;
  std::string holder_;
  std::map<std::string, std::string> annotations_;
  service::Timer expiry_;  // last: its callbacks use what is above
};

}  // namespace openchoreo::kube
