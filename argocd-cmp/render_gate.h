// Who may render when: a few renderings at once, for each takes every core and much memory, and
// never two of the same question, whose second asker would find the first one's answer cached.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>

#include "common/base/sha256.h"

namespace openchoreo::argocd {

class RenderGate {
 public:
  explicit RenderGate(unsigned at_once) : free_(at_once) {}

  // Leave to render, given back when it goes.
  class Pass {
   public:
    Pass(RenderGate* gate, const base::Sha256Digest& key) : gate_(gate), key_(key) {}

    Pass(Pass&& other) noexcept : gate_(other.gate_), key_(other.key_) { other.gate_ = nullptr; }

    Pass& operator=(Pass&&) = delete;

    ~Pass() {
      if (gate_ != nullptr) gate_->Leave(key_);
    }

    // False: the caller gave up while waiting.
    explicit operator bool() const { return gate_ != nullptr; }

   private:
    RenderGate* gate_;
    base::Sha256Digest key_;
  };

  // Waits for its turn; asks `cancelled` about ten times a second.
  Pass Enter(const base::Sha256Digest& key, const std::function<bool()>& cancelled);

 private:
  void Leave(const base::Sha256Digest& key);

  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned free_;
  std::set<base::Sha256Digest> under_way_;
};

}  // namespace openchoreo::argocd
