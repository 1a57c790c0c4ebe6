// What the controller counts, for Prometheus. Thread-safe.
//
// Follows controller-runtime (controller_runtime_*, workqueue_*, rest_client_*, leader_election_*)
// and fluxcd/pkg runtime/metrics (gotk_*) in the names that Flux's dashboards read.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "common/platform/kube/resource.h"
#include "common/platform/service/metrics.h"

namespace openchoreo::flux {

class Metrics {
 public:
  Metrics();

  // `result` as controller-runtime has it: success, error, requeue_after.
  void ReconcileEnded(std::string_view result, double seconds);
  void Reconciled(const kube::Key& object, double seconds);
  void Forget(const kube::Key& object);
  void Called(std::string_view method, int status);  // the API server; 0: no answer
  void Fetched(double seconds, std::uint64_t bytes);
  void Rendered(double seconds);
  void Packed();
  void Announced();
  void Served(int status, std::uint64_t bytes);

  // For values that are asked for when the metrics are read.
  service::Metrics& registry() { return registry_; }

 private:
  service::Metrics registry_;
  service::Counter reconciles_, errors_;
  service::Histogram reconcile_seconds_, by_object_, work_seconds_;
  service::Counter calls_;
  service::Histogram fetch_seconds_;
  service::Counter fetched_bytes_;
  service::Histogram render_seconds_;
  service::Counter packed_, announced_, requests_, sent_bytes_;
  std::mutex mutex_;
  std::set<kube::Key> objects_;  // that have a series of their own
};

}  // namespace openchoreo::flux
