#include "argocd-cmp/render_gate.h"

#include <chrono>

namespace openchoreo::argocd {

RenderGate::Pass RenderGate::Enter(const base::Sha256Digest& key,
                                   const std::function<bool()>& cancelled) {
  std::unique_lock lock(mutex_);
  while (free_ == 0 || under_way_.contains(key)) {
    if (cancelled && cancelled()) return Pass(nullptr, key);
    changed_.wait_for(lock, std::chrono::milliseconds(100));
  }
  --free_;
  under_way_.insert(key);
  return Pass(this, key);
}

void RenderGate::Leave(const base::Sha256Digest& key) {
  {
    std::lock_guard lock(mutex_);
    ++free_;
    under_way_.erase(key);
  }
  changed_.notify_all();
}

}  // namespace openchoreo::argocd
