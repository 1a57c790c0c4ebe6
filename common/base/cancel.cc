#include "common/base/cancel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace openchoreo::base {

struct Cancel::Hook::Entry {
  // Held while the callback runs: Release waits for it, but not for itself where the callback lets
  // go of what its own hook lies in (Below).
  std::recursive_mutex mutex;
  std::function<void()> callback;
  std::weak_ptr<State> state;

  void Call() {
    std::lock_guard lock(mutex);
    if (callback) std::exchange(callback, nullptr)();
  }
};

struct Cancel::State {
  std::atomic<bool> set{false};
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::shared_ptr<Hook::Entry>> hooks;
  Hook parent;
};

Cancel::Cancel() : state_(std::make_shared<State>()) {}

Cancel Cancel::Below(const Cancel& parent) {
  Cancel child;
  // Weak: the hook lies in the state it sets.
  std::weak_ptr<State> weak = child.state_;
  child.state_->parent = parent.OnSet([weak] {
    if (std::shared_ptr<State> state = weak.lock()) {
      Cancel held;
      held.state_ = std::move(state);
      held.Set();
    }
  });
  return child;
}

void Cancel::Set() const {
  std::vector<std::shared_ptr<Hook::Entry>> hooks;
  {
    std::lock_guard lock(state_->mutex);
    if (state_->set.exchange(true)) return;
    hooks.swap(state_->hooks);
  }
  state_->changed.notify_all();
  for (const auto& hook : hooks) hook->Call();
}

bool Cancel::is_set() const { return state_->set.load(std::memory_order_acquire); }

bool Cancel::WaitFor(std::chrono::milliseconds time) const {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(lock, time, [this] { return state_->set.load(); });
}

Cancel::Hook Cancel::OnSet(std::function<void()> callback) const {
  Hook hook;
  hook.entry_ = std::make_shared<Hook::Entry>();
  hook.entry_->callback = std::move(callback);
  hook.entry_->state = state_;
  {
    std::lock_guard lock(state_->mutex);
    if (!state_->set.load()) {
      state_->hooks.push_back(hook.entry_);
      return hook;
    }
  }
  hook.entry_->Call();
  return hook;
}

Cancel::Hook& Cancel::Hook::operator=(Hook&& other) noexcept {
  if (this != &other) {
    Release();
    entry_ = std::move(other.entry_);
  }
  return *this;
}

void Cancel::Hook::Release() {
  if (!entry_) return;
  {
    std::lock_guard lock(entry_->mutex);
    entry_->callback = nullptr;
  }
  if (std::shared_ptr<State> state = entry_->state.lock()) {
    std::lock_guard lock(state->mutex);
    std::erase(state->hooks, entry_);
  }
  entry_.reset();
}

}  // namespace openchoreo::base
