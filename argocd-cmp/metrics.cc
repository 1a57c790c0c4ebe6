#include "argocd-cmp/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>

namespace openchoreo::argocd {

namespace {

const prometheus::Histogram::BucketBoundaries kSeconds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                                          1,     2.5,  5,     10,   30,  60};
constexpr const char* kPrefix = "openchoreo_argocd_cmp_";

}  // namespace

struct Metrics::State {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& calls =
      prometheus::BuildCounter()
          .Name(std::string(kPrefix) + "calls_total")
          .Help("Calls answered, by RPC and status code.")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name(std::string(kPrefix) + "call_seconds")
          .Help("Time from a call's start to its answer.")
          .Register(registry);
  prometheus::Gauge& running = prometheus::BuildGauge()
                                   .Name(std::string(kPrefix) + "calls_running")
                                   .Help("Calls that have no answer yet.")
                                   .Register(registry)
                                   .Add({});
  prometheus::Family<prometheus::Counter>& bytes_in =
      prometheus::BuildCounter()
          .Name(std::string(kPrefix) + "received_bytes_total")
          .Help("Archive bytes received, as sent and inflated.")
          .Register(registry);
  prometheus::Counter& compressed = bytes_in.Add({{"form", "compressed"}});
  prometheus::Counter& inflated = bytes_in.Add({{"form", "inflated"}});
  prometheus::Counter& files = prometheus::BuildCounter()
                                   .Name(std::string(kPrefix) + "received_files_total")
                                   .Help("Files kept for rendering.")
                                   .Register(registry)
                                   .Add({});
  prometheus::Family<prometheus::Counter>& answers =
      prometheus::BuildCounter()
          .Name(std::string(kPrefix) + "answers_total")
          .Help("Manifest answers, by where they came from.")
          .Register(registry);
  prometheus::Counter& from_cache = answers.Add({{"source", "cache"}});
  prometheus::Counter& rendered = answers.Add({{"source", "rendered"}});
  prometheus::Counter& manifests = prometheus::BuildCounter()
                                       .Name(std::string(kPrefix) + "manifests_total")
                                       .Help("Manifests sent.")
                                       .Register(registry)
                                       .Add({});
  prometheus::Counter& sent = prometheus::BuildCounter()
                                  .Name(std::string(kPrefix) + "sent_bytes_total")
                                  .Help("Bytes of manifest answers.")
                                  .Register(registry)
                                  .Add({});
  std::vector<std::pair<prometheus::Gauge*, std::function<double()>>> gauges;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}

Metrics::~Metrics() = default;

void Metrics::CallStarted() { state_->running.Increment(); }

void Metrics::CallEnded(std::string_view rpc, std::string_view code,
                        std::chrono::steady_clock::duration took) {
  state_->running.Decrement();
  state_->calls.Add({{"rpc", std::string(rpc)}, {"code", std::string(code)}}).Increment();
  state_->seconds.Add({{"rpc", std::string(rpc)}}, kSeconds)
      .Observe(std::chrono::duration<double>(took).count());
}

void Metrics::Received(std::size_t archive_bytes, std::size_t inflated_bytes, std::size_t files) {
  state_->compressed.Increment(static_cast<double>(archive_bytes));
  state_->inflated.Increment(static_cast<double>(inflated_bytes));
  state_->files.Increment(static_cast<double>(files));
}

void Metrics::Answered(bool cached, std::size_t manifests, std::size_t bytes) {
  (cached ? state_->from_cache : state_->rendered).Increment();
  state_->manifests.Increment(static_cast<double>(manifests));
  state_->sent.Increment(static_cast<double>(bytes));
}

void Metrics::AddGauge(const std::string& name, const std::string& help,
                       std::function<double()> read) {
  auto& gauge =
      prometheus::BuildGauge().Name(kPrefix + name).Help(help).Register(state_->registry).Add({});
  state_->gauges.emplace_back(&gauge, std::move(read));
}

std::string Metrics::Text() const {
  for (auto& [gauge, read] : state_->gauges) gauge->Set(read());
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace openchoreo::argocd
