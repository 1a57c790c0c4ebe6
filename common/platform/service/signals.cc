#include "common/platform/service/signals.h"

#include <pthread.h>

#include <ctime>

namespace openchoreo::service {

Signals::Signals() {
  sigemptyset(&set_);
  sigaddset(&set_, SIGINT);
  sigaddset(&set_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() {
  cancel_.Set();
  if (thread_.joinable()) thread_.join();
}

void Signals::Wait() const {
  int received = 0;
  sigwait(&set_, &received);
}

base::Cancel Signals::Cancelled() {
  if (!thread_.joinable()) {
    thread_ = std::thread([this] {
      // In turns, so that the destructor is heard too.
      const timespec turn{0, 100'000'000};
      while (!cancel_.is_set()) {
        if (sigtimedwait(&set_, nullptr, &turn) > 0) cancel_.Set();
      }
    });
  }
  return cancel_;
}

}  // namespace openchoreo::service
