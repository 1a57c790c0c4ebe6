#include "flux-source/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <cmath>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "flux-source/spec.h"

namespace openchoreo::flux {

namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;
using Labels = std::map<std::string, std::string>;

const std::string kPrefix = "openchoreo_flux_source_";
const Labels kController = {{"controller", "openchoreosource"}};

const Buckets& Seconds() {
  static const Buckets kSeconds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                   2.5,   5,    10,    30,   60,  120,  300};
  return kSeconds;
}

// Ten from 10 ms to 30 min, each the same factor above the one before.
const Buckets& GotkSeconds() {
  static const Buckets kSeconds = [] {
    Buckets seconds;
    const double factor = std::pow(1800 / 0.01, 1.0 / 9);
    for (int i = 0; i < 10; ++i) seconds.push_back(0.01 * std::pow(factor, i));
    return seconds;
  }();
  return kSeconds;
}

std::string CodeText(int status) { return status == 0 ? "<error>" : std::to_string(status); }

}  // namespace

struct Metrics::State {
  prometheus::Registry registry;

  prometheus::Family<prometheus::Counter>& Counters(const std::string& name,
                                                    const std::string& help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }

  prometheus::Family<prometheus::Histogram>& Histograms(const std::string& name,
                                                        const std::string& help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  }

  prometheus::Family<prometheus::Counter>& reconciles =
      Counters("controller_runtime_reconcile_total", "Reconciliations, by result.");
  prometheus::Counter& errors =
      Counters("controller_runtime_reconcile_errors_total", "Reconciliations that failed.")
          .Add(kController);
  prometheus::Histogram& reconcile_seconds =
      Histograms("controller_runtime_reconcile_time_seconds", "Time of a reconciliation.")
          .Add(kController, Seconds());
  prometheus::Family<prometheus::Histogram>& by_object =
      Histograms("gotk_reconcile_duration_seconds", "Time of a reconciliation, by object.");
  prometheus::Family<prometheus::Counter>& calls =
      Counters("rest_client_requests_total", "Calls of the API server, by status code and method.");
  prometheus::Histogram& fetch_seconds =
      Histograms(kPrefix + "fetch_seconds", "Time of a source's download.").Add({}, Seconds());
  prometheus::Counter& fetched_bytes =
      Counters(kPrefix + "fetched_bytes_total", "Bytes of sources downloaded.").Add({});
  prometheus::Histogram& render_seconds =
      Histograms(kPrefix + "render_seconds", "Time of a rendering.").Add({}, Seconds());
  prometheus::Counter& announced =
      Counters(kPrefix + "artifacts_announced_total", "New revisions announced.").Add({});
  prometheus::Family<prometheus::Counter>& requests =
      Counters(kPrefix + "artifact_requests_total", "Requests for artifacts, by status code.");
  prometheus::Counter& sent_bytes =
      Counters(kPrefix + "artifact_sent_bytes_total", "Bytes of artifacts sent.").Add({});

  std::mutex mutex;
  std::map<kube::Key, prometheus::Histogram*> objects;
  std::vector<std::pair<prometheus::Gauge*, std::function<double()>>> gauges;
  std::vector<std::pair<prometheus::Counter*, std::function<double()>>> counters;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {
  // Series that dashboards ask for before anything has happened.
  for (const char* result : {"success", "error", "requeue_after"}) {
    Labels labels = kController;
    labels["result"] = result;
    state_->reconciles.Add(labels);
  }
  state_->requests.Add({{"code", "200"}});
}

Metrics::~Metrics() = default;

void Metrics::ReconcileEnded(std::string_view result, double seconds) {
  Labels labels = kController;
  labels["result"] = result;
  state_->reconciles.Add(labels).Increment();
  if (result == "error") state_->errors.Increment();
  state_->reconcile_seconds.Observe(seconds);
}

void Metrics::Reconciled(const kube::Key& object, double seconds) {
  const std::lock_guard lock(state_->mutex);
  prometheus::Histogram*& histogram = state_->objects[object];
  if (histogram == nullptr) {
    histogram = &state_->by_object.Add(
        {{"kind", std::string(kKind)}, {"name", object.name}, {"namespace", object.ns}},
        GotkSeconds());
  }
  histogram->Observe(seconds);
}

void Metrics::Forget(const kube::Key& object) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->objects.find(object);
  if (found == state_->objects.end()) return;
  state_->by_object.Remove(found->second);
  state_->objects.erase(found);
}

void Metrics::Called(std::string_view method, int status) {
  state_->calls.Add({{"code", CodeText(status)}, {"method", std::string(method)}}).Increment();
}

void Metrics::Fetched(double seconds, std::uint64_t bytes) {
  state_->fetch_seconds.Observe(seconds);
  state_->fetched_bytes.Increment(static_cast<double>(bytes));
}

void Metrics::Rendered(double seconds) { state_->render_seconds.Observe(seconds); }

void Metrics::Announced() { state_->announced.Increment(); }

void Metrics::Served(int status, std::uint64_t bytes) {
  state_->requests.Add({{"code", std::to_string(status)}}).Increment();
  state_->sent_bytes.Increment(static_cast<double>(bytes));
}

void Metrics::Add(const std::string& name, const std::map<std::string, std::string>& labels,
                  const std::string& help, bool counter, std::function<double()> read) {
  const std::lock_guard lock(state_->mutex);
  if (counter) {
    state_->counters.emplace_back(&state_->Counters(name, help).Add(labels), std::move(read));
  } else {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
    state_->gauges.emplace_back(&family.Add(labels), std::move(read));
  }
}

std::string Metrics::Text() const {
  {
    const std::lock_guard lock(state_->mutex);
    for (auto& [gauge, read] : state_->gauges) gauge->Set(read());
    for (auto& [counter, read] : state_->counters) {
      const double more = read() - counter->Value();
      if (more > 0) counter->Increment(more);
    }
  }
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace openchoreo::flux
