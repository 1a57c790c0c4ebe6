#include "flux-source/long_work.h"

namespace openchoreo::flux {

using Clock = std::chrono::steady_clock;

LongWork::LongWork(std::chrono::milliseconds after) : after_(after), thread_([this] { Run(); }) {}

LongWork::~LongWork() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

LongWork::Piece::Piece(LongWork& all, std::function<void()> tell)
    : all_(all), entry_(std::make_shared<Entry>()) {
  entry_->when = Clock::now() + all_.after_;
  entry_->tell = std::move(tell);
  const std::lock_guard lock(all_.mutex_);
  all_.entries_.push_back(entry_);
  all_.changed_.notify_all();
}

LongWork::Piece::~Piece() { End(); }

bool LongWork::Piece::End() {
  {
    const std::lock_guard lock(all_.mutex_);
    all_.entries_.remove(entry_);
  }
  const std::lock_guard lock(entry_->mutex);
  entry_->ended = true;
  return entry_->told;
}

void LongWork::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (entries_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const std::shared_ptr<Entry> first = entries_.front();
    if (Clock::now() < first->when) {
      changed_.wait_until(lock, first->when);
      continue;
    }
    entries_.pop_front();
    lock.unlock();
    {
      const std::lock_guard telling(first->mutex);
      if (!first->ended) {
        first->told = true;
        first->tell();
      }
    }
    lock.lock();
  }
}

}  // namespace openchoreo::flux
