// What time it is. Programs have the system's clock, tests one that they move (test/support).
#pragma once

#include <chrono>
#include <string>

namespace openchoreo::service {

class Clock {
 public:
  virtual ~Clock() = default;
  // Of the world.
  virtual std::chrono::system_clock::time_point Now() const = 0;
  // Since the machine's start; goes on while the process or the machine is stopped or asleep.
  virtual std::chrono::milliseconds BootTime() const = 0;
};

// Lives as long as the program.
const Clock& SystemClock();

// "2026-11-29T17:40:00Z": metav1.Time.
std::string Rfc3339(std::chrono::system_clock::time_point time);
// With six digits of a second: metav1.MicroTime.
std::string Rfc3339Micro(std::chrono::system_clock::time_point time);

}  // namespace openchoreo::service
