#include "common/platform/service/timer.h"

#include <utility>

namespace openchoreo::service {

Timer::~Timer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Timer::At(Clock::time_point when, std::function<void()> callback) {
  bool first = false;
  {
    std::lock_guard lock(mutex_);
    auto added = entries_.emplace(when, std::move(callback));
    first = added == entries_.begin();
  }
  if (first) wake_.notify_one();
}

void Timer::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (entries_.empty()) {
      wake_.wait(lock);
      continue;
    }
    auto first = entries_.begin();
    if (first->first > Clock::now()) {
      Clock::time_point until = first->first;
      wake_.wait_until(lock, until);
      continue;
    }
    std::function<void()> callback = std::move(first->second);
    entries_.erase(first);
    lock.unlock();
    callback();
    callback = nullptr;
    lock.lock();
  }
}

}  // namespace openchoreo::service
