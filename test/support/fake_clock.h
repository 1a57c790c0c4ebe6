// A clock that a test moves.
#pragma once

#include <mutex>

#include "common/platform/service/clock.h"

namespace openchoreo::test {

// Thread-safe.
class FakeClock final : public service::Clock {
 public:
  std::chrono::system_clock::time_point Now() const override {
    std::lock_guard lock(mutex_);
    return std::chrono::system_clock::time_point(std::chrono::seconds(1'796'000'400)) + passed_;
  }

  std::chrono::milliseconds BootTime() const override {
    std::lock_guard lock(mutex_);
    return std::chrono::hours(24) + passed_;
  }

  void Advance(std::chrono::milliseconds time) {
    std::lock_guard lock(mutex_);
    passed_ += time;
  }

 private:
  mutable std::mutex mutex_;
  std::chrono::milliseconds passed_{0};
};

}  // namespace openchoreo::test
