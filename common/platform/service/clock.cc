#include "common/platform/service/clock.h"

#include <cstdio>
#include <ctime>

#include "common/base/rfc3339.h"

namespace openchoreo::service {

namespace {

class System final : public Clock {
 public:
  std::chrono::system_clock::time_point Now() const override {
    return std::chrono::system_clock::now();
  }

  std::chrono::milliseconds BootTime() const override {
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::milliseconds(time.tv_nsec / 1'000'000);
  }
};

base::Instant InstantOf(std::chrono::system_clock::time_point time) {
  return {std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count(), 0};
}

}  // namespace

const Clock& SystemClock() {
  static const System clock;
  return clock;
}

std::string Rfc3339(std::chrono::system_clock::time_point time) {
  return base::Rfc3339Text(InstantOf(time));
}

std::string Rfc3339Micro(std::chrono::system_clock::time_point time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time - whole).count();
  char fraction[16];
  std::snprintf(fraction, sizeof fraction, ".%06dZ", static_cast<int>(micros));
  std::string text = Rfc3339(time);
  text.pop_back();
  return text + fraction;
}

}  // namespace openchoreo::service
