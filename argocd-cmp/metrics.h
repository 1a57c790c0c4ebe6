// What the server counts, for Prometheus. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace openchoreo::argocd {

class Metrics {
 public:
  Metrics();
  ~Metrics();

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
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace openchoreo::argocd
