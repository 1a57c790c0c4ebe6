// What the controller counts, for Prometheus. Thread-safe.
//
// Follows controller-runtime (controller_runtime_*, workqueue_*, rest_client_*, leader_election_*)
// and fluxcd/pkg runtime/metrics (gotk_*) in the names that Flux's dashboards read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/platform/kube/resource.h"

namespace openchoreo::flux {

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // `result` as controller-runtime has it: success, error, requeue_after.
  void ReconcileEnded(std::string_view result, double seconds);
  void Reconciled(const kube::Key& object, double seconds);
  void Forget(const kube::Key& object);
  void Called(std::string_view method, int status);  // the API server; 0: no answer
  void Fetched(double seconds, std::uint64_t bytes);
  void Rendered(double seconds);
  void Announced();
  void Served(int status, std::uint64_t bytes);

  // A value that is asked for whenever the metrics are read; `counter`: it only grows.
  void Add(const std::string& name, const std::map<std::string, std::string>& labels,
           const std::string& help, bool counter, std::function<double()> read);

  // Prometheus text format, version 0.0.4.
  std::string Text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace openchoreo::flux
