// A fixed number of threads and a bounded queue. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace openchoreo::service {

class WorkerPool {
 public:
  // Takes as many threads as there are, up to `threads`.
  WorkerPool(unsigned threads, std::size_t max_waiting);

  ~WorkerPool() { Stop(); }

  // `task` must not throw. False, and nothing is run, when `max_waiting` tasks wait already or the
  // pool was stopped.
  bool Submit(std::function<void()> task);

  // Runs what waits, then joins the threads. Tasks should end soon once told to (base::Cancel).
  void Stop();

  std::size_t waiting() const;

  // 0: not one could be started.
  unsigned threads() const { return static_cast<unsigned>(threads_.size()); }

 private:
  void Run();

  const std::size_t max_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace openchoreo::service
