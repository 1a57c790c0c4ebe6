// The loop around a reconciler: workers take keys from a queue until told to end.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "common/base/cancel.h"
#include "common/base/result.h"
#include "common/platform/kube/work_queue.h"

namespace openchoreo::kube {

// When to look again though nothing happens; nothing: only when the key is added.
struct Next {
  std::optional<std::chrono::milliseconds> after;
};

class Reconciler {
 public:
  virtual ~Reconciler() = default;
  // Several at once, never two with one key. An error: again after the queue's backoff. `cancel` is
  // the one that ends the controller.
  virtual base::Result<Next> Reconcile(const Key& key, const base::Cancel& cancel) = 0;
};

struct ControllerOptions {
  unsigned workers = 4;
  unsigned jitter_percent = 5;  // added to Next::after
  // Told of every reconcile: "success", "error", "requeue_after", and how long it took.
  std::function<void(std::string_view result, double seconds)> reconciled;
};

class Controller {
 public:
  Controller(Reconciler& reconciler, WorkQueue& queue, ControllerOptions options = {});

  // Until `cancel`; work under way then ends first.
  void Run(const base::Cancel& cancel);

 private:
  void Work(const base::Cancel& cancel);

  Reconciler& reconciler_;
  WorkQueue& queue_;
  const ControllerOptions options_;
};

}  // namespace openchoreo::kube
