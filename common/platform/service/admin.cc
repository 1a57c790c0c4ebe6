#include "common/platform/service/admin.h"

#include <utility>

namespace openchoreo::service {

namespace {

void ServeProbe(http::Server& server, const char* path, Probe probe) {
  server.Handle(path, [probe = std::move(probe)](const http::Request&) {
    http::Response response;
    const base::Result<void> state = probe();
    response.status = state ? 200 : 503;
    response.body = state ? "ok\n" : state.error().message + "\n";
    return response;
  });
}

}  // namespace

void ServeMetrics(http::Server& server, std::function<std::string()> text) {
  server.Handle("/metrics", [text = std::move(text)](const http::Request&) {
    http::Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = text();
    return response;
  });
}

void ServeProbes(http::Server& server, Probe healthy, Probe ready) {
  ServeProbe(server, "/healthz", std::move(healthy));
  ServeProbe(server, "/readyz", std::move(ready));
}

}  // namespace openchoreo::service
