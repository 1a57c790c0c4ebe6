#include "common/platform/kube/work_queue.h"

#include <algorithm>

namespace openchoreo::kube {

using std::chrono::milliseconds;

WorkQueue::WorkQueue(BackoffOptions backoff, std::uint64_t seed, ShareOptions share)
    : backoff_(backoff), share_(share), random_(seed) {}

void WorkQueue::Add(const Key& key) {
  std::lock_guard lock(mutex_);
  AddLocked(key);
}

void WorkQueue::AddLocked(const Key& key) {
  if (auto later = later_.find(key); later != later_.end()) {
    by_time_.erase({later->second, key});
    later_.erase(later);
  }
  if (!dirty_.insert(key).second) return;
  ++adds_;
  if (working_.contains(key)) return;  // Done puts it in
  ReadyLocked(key);
}

void WorkQueue::ReadyLocked(const Key& key) {
  std::deque<Key>& keys = ready_[key.ns];
  if (keys.empty()) turns_.push_back(key.ns);
  keys.push_back(key);
  ++waiting_;
  changed_.notify_one();
}

void WorkQueue::AddAfter(const Key& key, milliseconds wait) {
  std::lock_guard lock(mutex_);
  if (wait.count() <= 0) return AddLocked(key);
  LaterLocked(key, Clock::now() + wait);
}

void WorkQueue::LaterLocked(const Key& key, Clock::time_point when) {
  auto [entry, fresh] = later_.emplace(key, when);
  if (!fresh) {
    if (entry->second <= when) return;
    by_time_.erase({entry->second, key});
    entry->second = when;
  }
  by_time_.emplace(when, key);
  if (by_time_.begin()->second == key) changed_.notify_all();
}

void WorkQueue::Failed(const Key& key) {
  milliseconds wait = backoff_.shortest;
  {
    std::lock_guard lock(mutex_);
    const unsigned failures = failures_[key]++;
    for (unsigned i = 0; i < failures && wait < backoff_.longest; ++i) wait *= 2;
    ++retries_;
  }
  wait = Jitter(std::min(wait, backoff_.longest), backoff_.jitter_percent);
  AddAfter(key, wait);
}

void WorkQueue::Forget(const Key& key) {
  std::lock_guard lock(mutex_);
  failures_.erase(key);
}

milliseconds WorkQueue::Jitter(milliseconds time, unsigned percent) {
  const std::int64_t most = time.count() * percent / 100;
  if (most <= 0) return time;
  std::lock_guard lock(mutex_);
  return time + milliseconds(std::uniform_int_distribution<std::int64_t>(0, most)(random_));
}

void WorkQueue::MoveDue(Clock::time_point now) {
  while (!by_time_.empty() && by_time_.begin()->first <= now) {
    const Key key = by_time_.begin()->second;
    AddLocked(key);  // takes it out of by_time_
  }
}

// The key whose turn it is, if one may be worked on now. `again`, if it is later than that, becomes
// the time when one may be though nothing happens.
std::optional<Key> WorkQueue::NextLocked(Clock::time_point now, Clock::time_point& again) {
  unsigned young = 0;
  std::map<std::string_view, unsigned> busy;
  Clock::time_point grows_old = Clock::time_point::max();
  for (const auto& [key, since] : working_) {
    ++busy[key.ns];
    if (now - since >= share_.long_work) continue;
    ++young;
    grows_old = std::min(grows_old, since + share_.long_work);
  }
  if (waiting_ > 0 && share_.at_once > 0 && young >= share_.at_once) {
    again = std::min(again, grows_old);
    return std::nullopt;
  }
  for (std::size_t i = turns_.size(); i > 0; --i) {
    std::string ns = std::move(turns_.front());
    turns_.pop_front();
    if (share_.per_namespace > 0 && busy[ns] >= share_.per_namespace) {
      turns_.push_back(std::move(ns));
      continue;
    }
    const auto keys = ready_.find(ns);
    Key key = std::move(keys->second.front());
    keys->second.pop_front();
    --waiting_;
    if (keys->second.empty()) {
      ready_.erase(keys);
    } else {
      turns_.push_back(std::move(ns));
    }
    return key;
  }
  return std::nullopt;
}

std::optional<Key> WorkQueue::Take(const base::Cancel& cancel) {
  const base::Cancel::Hook hook = cancel.OnSet([this] {
    std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  for (;;) {
    if (cancel.is_set()) return std::nullopt;
    const Clock::time_point now = Clock::now();
    MoveDue(now);
    Clock::time_point again = by_time_.empty() ? Clock::time_point::max() : by_time_.begin()->first;
    if (std::optional<Key> key = NextLocked(now, again)) {
      dirty_.erase(*key);
      working_.emplace(*key, now);
      // The last to wake may have been the one that waits for the next time.
      if (waiting_ > 0 || !by_time_.empty()) changed_.notify_one();
      return key;
    }
    if (again == Clock::time_point::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, again);
    }
  }
}

void WorkQueue::Done(const Key& key) {
  std::lock_guard lock(mutex_);
  working_.erase(key);
  if (dirty_.contains(key)) ReadyLocked(key);
  changed_.notify_one();
}

WorkQueue::Figures WorkQueue::figures() const {
  std::lock_guard lock(mutex_);
  Figures figures;
  figures.waiting = waiting_;
  figures.working = working_.size();
  figures.later = later_.size();
  figures.adds = adds_;
  figures.retries = retries_;
  const auto now = Clock::now();
  for (const auto& [key, since] : working_) {
    figures.oldest_work_seconds =
        std::max(figures.oldest_work_seconds, std::chrono::duration<double>(now - since).count());
  }
  return figures;
}

unsigned WorkQueue::failures(const Key& key) const {
  std::lock_guard lock(mutex_);
  auto found = failures_.find(key);
  return found == failures_.end() ? 0 : found->second;
}

}  // namespace openchoreo::kube
