// Two writers of one list of conditions would never end: where another keeps writing, as an
// OpenChoreo control plane does, we wait until it is silent.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/rfc3339.h"
#include "health/record_shelf.h"
#include "health/status.h"

namespace openchoreo::mapper {

// Thread-safe; without a clock of its own.
class StandBack {
 public:
  // `silence`: how long the other must not have written; doubled each time it comes back, up to 16
  // times.
  explicit StandBack(std::chrono::seconds silence) : silence_(silence) {}

  struct Decision {
    std::optional<base::Instant> until;  // not to be written before
    bool began = false;                  // it made us stand back just now: to be told once
    bool ended = false;                  // it was silent for long enough: to be told once
  };

  // Asked before each write.
  Decision Look(const BindingId& id, const std::optional<Writer>& other, base::Instant now);
  void Forget(const BindingId& id);

  std::size_t standing() const;      // bindings that are another's now
  std::uint64_t stood_back() const;  // times it began

 private:
  struct Standing {
    unsigned times = 0;  // how often the other came back
    base::Instant last;  // its write that made us stand back last
    bool standing = false;
  };

  const std::chrono::seconds silence_;
  mutable std::mutex mutex_;
  std::map<BindingId, Standing> bindings_;
  std::uint64_t stood_back_ = 0;
};

}  // namespace openchoreo::mapper
