#include "argocd-cmp/metrics.h"

#include <utility>

namespace openchoreo::argocd {

Metrics::Metrics()
    : registry_("openchoreo_argocd_cmp_"),
      calls_(registry_.AddCounter("calls_total", "Calls answered, by RPC and status code.")),
      seconds_(registry_.AddHistogram("call_seconds", "Time from a call's start to its answer.")),
      running_(registry_.AddGauge("calls_running", "Calls that have no answer yet.")),
      bytes_in_(registry_.AddCounter("received_bytes_total",
                                     "Archive bytes received, as sent and inflated.")),
      files_(registry_.AddCounter("received_files_total", "Files kept for rendering.")),
      answers_(registry_.AddCounter("answers_total", "Manifest answers, by where they came from.")),
      manifests_(registry_.AddCounter("manifests_total", "Manifests sent.")),
      sent_(registry_.AddCounter("sent_bytes_total", "Bytes of manifest answers.")) {
  // Shown before anything has happened.
  running_.Set(0);
  for (const char* form : {"compressed", "inflated"}) bytes_in_.Add(0, {{"form", form}});
  for (const char* source : {"cache", "rendered"}) answers_.Add(0, {{"source", source}});
  for (const service::Counter& counter : {files_, manifests_, sent_}) counter.Add(0);
}

void Metrics::CallStarted() { running_.Add(1); }

void Metrics::CallEnded(std::string_view rpc, std::string_view code,
                        std::chrono::steady_clock::duration took) {
  running_.Add(-1);
  calls_.Add(1, {{"rpc", std::string(rpc)}, {"code", std::string(code)}});
  seconds_.Observe(std::chrono::duration<double>(took).count(), {{"rpc", std::string(rpc)}});
}

void Metrics::Received(std::size_t archive_bytes, std::size_t inflated_bytes, std::size_t files) {
  bytes_in_.Add(static_cast<double>(archive_bytes), {{"form", "compressed"}});
  bytes_in_.Add(static_cast<double>(inflated_bytes), {{"form", "inflated"}});
  files_.Add(static_cast<double>(files));
}

void Metrics::Answered(bool cached, std::size_t manifests, std::size_t bytes) {
  answers_.Add(1, {{"source", cached ? "cache" : "rendered"}});
  manifests_.Add(static_cast<double>(manifests));
  sent_.Add(static_cast<double>(bytes));
}

void Metrics::AddGauge(const std::string& name, const std::string& help,
                       std::function<double()> read) {
  registry_.Ask(name, help, std::move(read));
}

std::string Metrics::Text() const { return registry_.Text(); }

}  // namespace openchoreo::argocd
