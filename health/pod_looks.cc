#include "health/pod_looks.h"

#include <algorithm>

namespace openchoreo::mapper {

using std::chrono::milliseconds;

PodLooks::Decision PodLooks::Ask(const Workload& workload, Moment now) {
  Known& known = known_.try_emplace(workload, Known{now, now + after_, 0, ""}).first->second;
  if (now < known.due) {
    return {false, known.text,
            std::chrono::duration_cast<milliseconds>(known.due - now) + milliseconds(1)};
  }
  if (now - second_ > std::chrono::seconds(1)) {
    second_ = now;
    looks_ = 0;
  }
  if (++looks_ > kASecond) {
    known.due = now + every_;
    return {false, known.text, every_};
  }
  const milliseconds wait = every_ * (1 << std::min(known.looks++, 5));
  known.due = now + wait;
  return {true, known.text, wait};
}

std::string PodLooks::Found(const Workload& workload, std::string text) {
  const auto known = known_.find(workload);
  if (known == known_.end()) return text;
  // A container that is being started once more does not make its trouble go away.
  if (!text.empty()) known->second.text = std::move(text);
  return known->second.text;
}

void PodLooks::Forget(const Workload& workload) { known_.erase(workload); }

}  // namespace openchoreo::mapper
