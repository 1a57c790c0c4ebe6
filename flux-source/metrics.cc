#include "flux-source/metrics.h"

#include <cmath>
#include <vector>

#include "flux-source/spec.h"

namespace openchoreo::flux {

namespace {

const service::Labels& OfController() {
  static const service::Labels kLabels = {{"controller", "openchoreosource"}};
  return kLabels;
}

service::Labels OfObject(const kube::Key& object) {
  return {{"kind", std::string(kKind)}, {"name", object.name}, {"namespace", object.ns}};
}

std::vector<double> Seconds() {
  return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300};
}

// Ten from 10 ms to 30 min, each the same factor above the one before.
std::vector<double> GotkSeconds() {
  std::vector<double> seconds;
  seconds.reserve(10);
  const double factor = std::pow(1800 / 0.01, 1.0 / 9);
  for (int i = 0; i < 10; ++i) seconds.push_back(0.01 * std::pow(factor, i));
  return seconds;
}

std::string CodeText(int status) { return status == 0 ? "<error>" : std::to_string(status); }

constexpr bool kForeign = true;

}  // namespace

Metrics::Metrics()
    : registry_("openchoreo_flux_source_"),
      reconciles_(registry_.AddCounter("controller_runtime_reconcile_total",
                                       "Reconciliations, by result.", kForeign)),
      errors_(registry_.AddCounter("controller_runtime_reconcile_errors_total",
                                   "Reconciliations that failed.", kForeign)),
      reconcile_seconds_(registry_.AddHistogram("controller_runtime_reconcile_time_seconds",
                                                "Time of a reconciliation.", Seconds(), kForeign)),
      by_object_(registry_.AddHistogram("gotk_reconcile_duration_seconds",
                                        "Time of a reconciliation, by object.", GotkSeconds(),
                                        kForeign)),
      work_seconds_(registry_.AddHistogram("workqueue_work_duration_seconds",
                                           "Time of work on one key.", Seconds(), kForeign)),
      calls_(registry_.AddCounter("rest_client_requests_total",
                                  "Calls of the API server, by status code and method.", kForeign)),
      fetch_seconds_(
          registry_.AddHistogram("fetch_seconds", "Time of a source's download.", Seconds())),
      fetched_bytes_(registry_.AddCounter("fetched_bytes_total", "Bytes of sources downloaded.")),
      render_seconds_(registry_.AddHistogram("render_seconds", "Time of a rendering.", Seconds())),
      packed_(registry_.AddCounter("archives_packed_total", "Archives made.")),
      announced_(registry_.AddCounter("artifacts_announced_total", "New revisions announced.")),
      requests_(registry_.AddCounter("artifact_requests_total",
                                     "Requests for artifacts, by status code.")),
      sent_bytes_(registry_.AddCounter("artifact_sent_bytes_total", "Bytes of artifacts sent.")) {
  // Series that dashboards ask for before anything has happened.
  for (const char* result : {"success", "error", "requeue_after"}) {
    reconciles_.Add(0, {{"controller", "openchoreosource"}, {"result", result}});
  }
  errors_.Add(0, OfController());
  requests_.Add(0, {{"code", "200"}});
  for (const service::Counter& counter : {fetched_bytes_, packed_, announced_, sent_bytes_})
    counter.Add(0);
  fetch_seconds_.Show();
  render_seconds_.Show();
}

void Metrics::ReconcileEnded(std::string_view result, double seconds) {
  reconciles_.Add(1, {{"controller", "openchoreosource"}, {"result", std::string(result)}});
  if (result == "error") errors_.Add(1, OfController());
  reconcile_seconds_.Observe(seconds, OfController());
  work_seconds_.Observe(seconds,
                        {{"controller", "openchoreosource"}, {"name", "openchoreosource"}});
}

void Metrics::Reconciled(const kube::Key& object, double seconds) {
  const std::lock_guard lock(mutex_);
  objects_.insert(object);
  by_object_.Observe(seconds, OfObject(object));
}

void Metrics::Forget(const kube::Key& object) {
  const std::lock_guard lock(mutex_);
  if (objects_.erase(object) > 0) by_object_.Remove(OfObject(object));
}

void Metrics::Called(std::string_view method, int status) {
  calls_.Add(1, {{"code", CodeText(status)}, {"method", std::string(method)}});
}

void Metrics::Fetched(double seconds, std::uint64_t bytes) {
  fetch_seconds_.Observe(seconds);
  fetched_bytes_.Add(static_cast<double>(bytes));
}

void Metrics::Rendered(double seconds) { render_seconds_.Observe(seconds); }

void Metrics::Packed() { packed_.Add(); }

void Metrics::Announced() { announced_.Add(); }

void Metrics::Served(int status, std::uint64_t bytes) {
  requests_.Add(1, {{"code", std::to_string(status)}});
  sent_bytes_.Add(static_cast<double>(bytes));
}

}  // namespace openchoreo::flux
