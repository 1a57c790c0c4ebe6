// What the server counts, for Prometheus. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "common/platform/service/metrics.h"

namespace openchoreo::argocd {

class Metrics {
 public:
  Metrics();

  void CallStarted();
  void CallEnded(std::string_view rpc, std::string_view code,
                 std::chrono::steady_clock::duration took);
  void Received(std::size_t archive_bytes, std::size_t inflated_bytes, std::size_t files);
  void Answered(bool cached, std::size_t manifests, std::size_t bytes);

  // A value that is asked for whenever the metrics are read.
  void AddGauge(const std::string& name, const std::string& help, std::function<double()> read);

  // Prometheus text format, version 0.0.4.
  std::string Text() const;

 private:
  service::Metrics registry_;
  const service::Counter calls_;
  const service::Histogram seconds_;
  const service::Gauge running_;
  const service::Counter bytes_in_, files_, answers_, manifests_, sent_;
};

}  // namespace openchoreo::argocd
