// A listener small enough to read in one sitting: GET /metrics and GET /healthz over HTTP/1.1, one
// request per connection, one connection at a time, a second for each. For a Prometheus inside the
// cluster, not for the world.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "common/base/result.h"

namespace openchoreo::argocd {

class MetricsListener {
 public:
  ~MetricsListener();

  // Binds "host:port" (numeric; port 0 takes a free one) and starts no thread yet. Errors: kUsage.
  base::Result<bool> Bind(const std::string& address);

  // Answers from now on: `metrics` gives the text, `healthy` the state of /healthz (200 or 503).
  // After Bind.
  void Start(std::function<std::string()> metrics, std::function<bool()> healthy);

  // No more answers; what Start was given is not called again.
  void Stop();

  int port() const { return port_; }

 private:
  void Serve();
  void Answer(int connection);

  std::function<std::string()> metrics_;
  std::function<bool()> healthy_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace openchoreo::argocd
