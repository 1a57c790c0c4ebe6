// The wish that some work ends early: a caller that is gone, SIGTERM, a lost lease. One type for
// all.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace openchoreo::base {

// Set once, never taken back. A copy is the same wish. Thread-safe.
class Cancel {
 public:
  // Not set, and set by nobody but Set.
  Cancel();

  // A wish of its own that is also set as soon as `parent` is.
  static Cancel Below(const Cancel& parent);

  void Set() const;

  // One atomic load: cheap enough for inner loops.
  bool is_set() const;

  // Waits at most `time`; true at once when the wish is (or was) set.
  bool WaitFor(std::chrono::milliseconds time) const;

  // Keeps a callback; gone, it no longer calls, and a call that runs on another thread has ended.
  class Hook {
   public:
    Hook() = default;
    Hook(Hook&&) noexcept = default;
    Hook& operator=(Hook&& other) noexcept;

    ~Hook() { Release(); }

   private:
    friend class Cancel;
    struct Entry;
    void Release();
    std::shared_ptr<Entry> entry_;
  };

  // Calls `callback` once, on the thread that calls Set, or here if the wish is set already. It
  // must be short and must not destroy its own hook.
  [[nodiscard]] Hook OnSet(std::function<void()> callback) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace openchoreo::base
