// What a run of a fuzz target may take: a budget that does not hold is a finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>

#include "common/base/limits.h"
#include "test/fuzz/require.h"
#include "test/support/heap_meter.h"

namespace openchoreo {

// From its making to its end: twice the limits' memory, and the processor's time for twice their
// steps, as slow as sanitizers make them.
class Ceilings {
 public:
  // `input_bytes` is what is read or compiled meanwhile, which has bounds of its own; 0: nothing.
  Ceilings(std::uint64_t steps, std::size_t bytes, std::size_t input_bytes)
      : seconds_(kBaseSeconds + 2e-9 * kNanosecondsPerStep * static_cast<double>(steps) +
                 1e-5 * static_cast<double>(input_bytes)),
        bytes_(2 * bytes + kBaseBytes + (input_bytes > 0 ? kReadingBytes + 4096 * input_bytes : 0)),
        before_(HeapMeter::held()),
        started_(Now()) {
    HeapMeter::Restart();
  }

  ~Ceilings() {
    Require(HeapMeter::peak() - before_ <= bytes_, "more than twice the budget's memory");
    Require(Now() - started_ <= seconds_, "more time than twice the budget's steps take");
  }

  Ceilings(const Ceilings&) = delete;
  Ceilings& operator=(const Ceilings&) = delete;

 private:
  static constexpr double kBaseSeconds = 2;
  static constexpr double kNanosecondsPerStep = 2000;
  static constexpr std::size_t kBaseBytes = std::size_t{1} << 20;
  static constexpr std::size_t kReadingBytes = std::size_t{8} << 20;

  static double Now() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }

  const double seconds_;
  const std::size_t bytes_;
  const std::size_t before_;
  const double started_;
};

}  // namespace openchoreo
