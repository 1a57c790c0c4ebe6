// When the pods of an unhealthy workload are looked at: not at once, ever more seldom, and of many
// at once only some, since it must not delay what the workloads say themselves.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/platform/kube/resource.h"
#include "health/kind_watch.h"

namespace openchoreo::mapper {

// Not thread-safe; without a clock of its own.
class PodLooks {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  using Workload = std::pair<KindName, kube::Key>;

  // The first look comes `after` a workload is unhealthy, the next `every`, doubled up to 32 times.
  PodLooks(std::chrono::milliseconds after, std::chrono::milliseconds every)
      : after_(after), every_(every) {}

  struct Decision {
    bool look = false;                // now
    std::string text;                 // what is known
    std::chrono::milliseconds again;  // when to ask again
  };

  Decision Ask(const Workload& workload, Moment now);
  // What a look found; "" = nothing, which does not undo what was known.
  std::string Found(const Workload& workload, std::string text);
  // It is healthy: should it be unhealthy again, that is another matter.
  void Forget(const Workload& workload);

 private:
  static constexpr int kASecond = 5;

  struct Known {
    Moment since, due;
    int looks = 0;
    std::string text;
  };

  const std::chrono::milliseconds after_, every_;
  std::map<Workload, Known> known_;
  Moment second_;  // looks are counted since
  int looks_ = 0;
};

}  // namespace openchoreo::mapper
