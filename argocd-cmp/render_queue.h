// Who renders when: a few renderings at once, for each takes much memory and CPU.
//
// A received repository waits here without a thread of its own. Next is whoever is expected to take
// the least: an Application that was quick so far goes before one nobody knows, and that before one
// that has taken much lately; waiting makes up for it, so that everybody's turn comes. Of
// several threads one is kept for the quick: a rendering has all CPUs, so it costs the others
// little. Two of the same question never render together: the second finds the first one's answer
// cached. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/sha256.h"

namespace openchoreo::argocd {

class RenderQueue {
 public:
  struct Task {
    std::string tenant;         // whose it is: the Application
    base::Sha256Digest key{};   // what is asked
    std::function<void()> run;  // must not throw
    base::Cancel cancel;        // nobody waits for it any more: run at once, to be let go
  };

  // Takes as many threads as there are, up to `threads`.
  RenderQueue(unsigned threads, std::size_t max_waiting);

  ~RenderQueue() { Stop(); }

  // False, and nothing is run, when `max_waiting` tasks wait already or the queue was stopped.
  bool Submit(Task task);

  // Runs what waits, then joins the threads. Tasks should end soon once told to (base::Cancel).
  void Stop();

  std::size_t waiting() const;

  // 0: not one could be started.
  std::size_t threads() const { return threads_.size(); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Waiting {
    Task task;
    Clock::time_point since;
  };

  // What an Application's renderings took: the next one's guess, and the sum of late, which halves
  // every half minute.
  struct Usage {
    double expected = 0;
    double lately = 0;
    Clock::time_point at;
  };

  void Run();
  std::list<Waiting>::iterator Pick(Clock::time_point now);  // needs mutex_
  double Score(const Waiting& waiting, Clock::time_point now) const;
  bool IsQuick(const std::string& tenant) const;
  void Account(const std::string& tenant, double seconds, Clock::time_point now);

  const std::size_t max_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Waiting> waiting_;
  std::set<base::Sha256Digest> under_way_;
  std::map<std::string, Usage> usage_;
  bool stopping_ = false;
  const std::size_t max_slow_;  // renderings at once of Applications that were not quick so far
  std::size_t slow_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace openchoreo::argocd
