#include "common/platform/kube/controller.h"

#include <thread>
#include <vector>

namespace openchoreo::kube {

Controller::Controller(Reconciler& reconciler, WorkQueue& queue, ControllerOptions options)
    : reconciler_(reconciler), queue_(queue), options_(std::move(options)) {}

void Controller::Run(const base::Cancel& cancel) {
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < options_.workers; ++i)
    workers.emplace_back([this, &cancel] { Work(cancel); });
  Work(cancel);
  for (std::thread& worker : workers) worker.join();
}

void Controller::Work(const base::Cancel& cancel) {
  while (std::optional<Key> key = queue_.Take(cancel)) {
    const auto begun = std::chrono::steady_clock::now();
    const base::Result<Next> next = reconciler_.Reconcile(*key, cancel);
    const char* result = "success";
    if (!next) {
      result = "error";
      queue_.Failed(*key);
    } else {
      queue_.Forget(*key);
      if (next->after) {
        result = "requeue_after";
        queue_.AddAfter(*key, queue_.Jitter(*next->after, options_.jitter_percent));
      }
    }
    queue_.Done(*key);
    if (options_.reconciled) {
      options_.reconciled(
          result, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    }
  }
}

}  // namespace openchoreo::kube
