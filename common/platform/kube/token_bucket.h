// A turn for each call: so many at once, so many per second after that. Thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>

namespace openchoreo::kube {

class TokenBucket {
 public:
  using Clock = std::chrono::steady_clock;

  // `rate` per second; 0: no bound.
  TokenBucket(double rate, unsigned burst)
      : rate_(rate), burst_(std::max(1u, burst)), tokens_(burst_) {}

  // Takes a turn and gives how long to wait for it. Whoever does not wait gives it back.
  std::chrono::milliseconds Reserve(Clock::time_point now) {
    if (rate_ <= 0) return std::chrono::milliseconds(0);
    std::lock_guard lock(mutex_);
    if (at_ == Clock::time_point()) at_ = now;
    const double passed = std::max(0.0, std::chrono::duration<double>(now - at_).count());
    at_ = std::max(at_, now);
    tokens_ = std::min(static_cast<double>(burst_), tokens_ + passed * rate_) - 1;
    if (tokens_ >= 0) return std::chrono::milliseconds(0);
    return std::chrono::milliseconds(static_cast<std::int64_t>(-tokens_ / rate_ * 1000) + 1);
  }

  void GiveBack() {
    std::lock_guard lock(mutex_);
    tokens_ = std::min(static_cast<double>(burst_), tokens_ + 1);
  }

 private:
  const double rate_;
  const unsigned burst_;
  std::mutex mutex_;
  double tokens_;
  Clock::time_point at_{};
};

}  // namespace openchoreo::kube
