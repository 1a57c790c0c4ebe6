// Calls back at a point in time, on one thread of its own. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace openchoreo::service {

class Timer {
 public:
  using Clock = std::chrono::steady_clock;

  Timer() : thread_([this] { Run(); }) {}

  ~Timer();

  // `callback` must be short; it runs at most once, at or after `when`. It cannot be taken back:
  // let it hold a weak_ptr to what it is about.
  void At(Clock::time_point when, std::function<void()> callback);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<Clock::time_point, std::function<void()>> entries_;
  bool stopping_ = false;
  std::thread thread_;  // last: the thread uses everything above
};

}  // namespace openchoreo::service
