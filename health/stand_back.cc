#include "health/stand_back.h"

#include <algorithm>

namespace openchoreo::mapper {

StandBack::Decision StandBack::Look(const BindingId& id, const std::optional<Writer>& other,
                                    base::Instant now) {
  Decision decision;
  std::lock_guard lock(mutex_);
  const auto known = bindings_.find(id);
  if (!other) {
    if (known != bindings_.end()) {
      decision.ended = known->second.standing;
      known->second.standing = false;
    }
    return decision;
  }
  Standing& standing = bindings_[id];
  if (standing.times == 0 || standing.last < other->last) {
    // While we stand back anyway it may write as often as it likes.
    if (!standing.standing) ++standing.times;
    standing.last = other->last;
  }
  const auto silence = silence_ * (1u << std::min(std::max(standing.times, 1u) - 1, 4u));
  const base::Instant until = base::PlusSeconds(other->last, silence.count());
  if (until <= now) {
    decision.ended = standing.standing;
    standing.standing = false;
    return decision;
  }
  decision.until = until;
  decision.began = !standing.standing;
  if (decision.began) ++stood_back_;
  standing.standing = true;
  return decision;
}

void StandBack::Forget(const BindingId& id) {
  std::lock_guard lock(mutex_);
  bindings_.erase(id);
}

std::size_t StandBack::standing() const {
  std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      bindings_.begin(), bindings_.end(), [](const auto& entry) { return entry.second.standing; }));
}

std::uint64_t StandBack::stood_back() const {
  std::lock_guard lock(mutex_);
  return stood_back_;
}

}  // namespace openchoreo::mapper
