#include "common/platform/service/clock.h"

#include <cstdio>
#include <ctime>

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

std::string Date(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  return text;
}

}  // namespace

const Clock& SystemClock() {
  static const System clock;
  return clock;
}

std::string Rfc3339(std::chrono::system_clock::time_point time) { return Date(time) + "Z"; }

std::string Rfc3339Micro(std::chrono::system_clock::time_point time) {
  const auto micros =
      std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count() %
      1'000'000;
  char fraction[16];
  std::snprintf(fraction, sizeof fraction, ".%06dZ", static_cast<int>(micros));
  return Date(time) + fraction;
}

}  // namespace openchoreo::service
