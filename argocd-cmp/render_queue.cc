#include "argocd-cmp/render_queue.h"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

namespace openchoreo::argocd {

namespace {

constexpr double kUnknown = 1;      // seconds guessed for an Application that never rendered
constexpr double kQuick = 0.1;      // seconds
constexpr double kHalfLife = 30;    // seconds
constexpr double kPatience = 0.25;  // of the time waited is taken off
constexpr std::size_t kMaxKnown = 10'000;

double Seconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

RenderQueue::RenderQueue(unsigned threads, std::size_t max_waiting)
    : max_waiting_(max_waiting), max_slow_(std::max(threads, 2u) - 1) {
  try {
    threads_.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
  } catch (const std::system_error&) {
    // Those there are do the work.
  }
}

bool RenderQueue::Submit(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= max_waiting_) return false;
    waiting_.push_back({std::move(task), Clock::now()});
  }
  changed_.notify_one();
  return true;
}

void RenderQueue::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t RenderQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void RenderQueue::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const Clock::time_point start = Clock::now();
    const auto next = Pick(start);
    if (next == waiting_.end()) {
      if (stopping_ && waiting_.empty()) return;
      changed_.wait(lock);
      continue;
    }
    const auto [key, first] = under_way_.insert(next->task.key);
    Task task = std::move(next->task);
    waiting_.erase(next);
    const bool slow = !IsQuick(task.tenant);
    if (slow) ++slow_;
    lock.unlock();
    task.run();
    task.run = nullptr;
    lock.lock();
    if (first) under_way_.erase(key);
    if (slow) --slow_;
    Account(task.tenant, Seconds(Clock::now() - start), Clock::now());
    changed_.notify_all();
  }
}

std::list<RenderQueue::Waiting>::iterator RenderQueue::Pick(Clock::time_point now) {
  auto best = waiting_.end();
  double best_score = 0;
  for (auto candidate = waiting_.begin(); candidate != waiting_.end(); ++candidate) {
    if (candidate->task.cancel.is_set()) return candidate;
    if (under_way_.contains(candidate->task.key)) continue;
    if (slow_ >= max_slow_ && !IsQuick(candidate->task.tenant)) continue;
    const double score = Score(*candidate, now);
    if (best != waiting_.end() && score >= best_score) continue;
    best = candidate;
    best_score = score;
  }
  return best;
}

double RenderQueue::Score(const Waiting& waiting, Clock::time_point now) const {
  const auto known = usage_.find(waiting.task.tenant);
  double seconds = kUnknown;
  if (known != usage_.end()) {
    const Usage& usage = known->second;
    seconds = usage.expected + usage.lately * std::exp2(-Seconds(now - usage.at) / kHalfLife);
  }
  return seconds - kPatience * Seconds(now - waiting.since);
}

bool RenderQueue::IsQuick(const std::string& tenant) const {
  const auto known = usage_.find(tenant);
  return known != usage_.end() && known->second.expected < kQuick;
}

void RenderQueue::Account(const std::string& tenant, double seconds, Clock::time_point now) {
  if (usage_.size() >= kMaxKnown && !usage_.contains(tenant)) {
    // Whoever asked least recently is unknown again.
    usage_.erase(std::min_element(usage_.begin(), usage_.end(), [](const auto& a, const auto& b) {
      return a.second.at < b.second.at;
    }));
  }
  Usage& usage = usage_[tenant];
  const bool first = usage.at == Clock::time_point();
  usage.expected = first ? seconds : (usage.expected + seconds) / 2;
  usage.lately = seconds + usage.lately * std::exp2(-Seconds(now - usage.at) / kHalfLife);
  usage.at = now;
}

}  // namespace openchoreo::argocd
