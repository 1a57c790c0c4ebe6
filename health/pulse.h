// Whether a cluster answers: a small question every few seconds. A watch tells nothing of that: it
// may be silent for minutes.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "common/base/cancel.h"
#include "common/platform/kube/client.h"

namespace openchoreo::mapper {

// Thread-safe. Starts a thread at once and ends it when destroyed.
class Pulse {
 public:
  // `client` must outlive it. No answer for longer than `grace` is none. `back` is called on the
  // thread when the cluster answers again.
  Pulse(kube::Client& client, std::chrono::milliseconds grace, std::function<void()> back);
  ~Pulse();

  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

  // Nothing while it answers, or may still; else when it did last, on the wall, or "" for never.
  std::optional<std::string> silent_since() const;

 private:
  void Run();

  kube::Client& client_;
  const std::chrono::milliseconds grace_;
  const std::function<void()> back_;
  base::Cancel cancel_;
  mutable std::mutex mutex_;
  bool asking_ = false, failed_ = false;
  std::chrono::steady_clock::time_point asked_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point answered_ = asked_;
  std::string answered_text_;  // on the wall
  std::thread thread_;
};

}  // namespace openchoreo::mapper
