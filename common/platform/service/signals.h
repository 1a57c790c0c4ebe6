// SIGTERM and SIGINT, waited for instead of handled.
#pragma once

#include <signal.h>

#include <thread>

#include "common/base/cancel.h"

namespace openchoreo::service {

// Make one before any other thread exists: it blocks the two for this thread and all it starts, and
// ignores SIGPIPE, so that a write to a client that is gone fails instead of ending the program.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Waits for the first of them.
  void Wait() const;

  // Set by the first of them, from a thread of its own. Instead of Wait.
  base::Cancel Cancelled();

 private:
  sigset_t set_;
  base::Cancel cancel_;
  std::thread thread_;
};

}  // namespace openchoreo::service
