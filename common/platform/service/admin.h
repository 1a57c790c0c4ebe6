// The pages every long-running program of ours has: /metrics, /healthz and /readyz.
#pragma once

#include <functional>

#include "common/base/result.h"
#include "common/platform/http/server.h"

namespace openchoreo::service {

// An error is why not: 503 with its message. Asked on the server's threads.
using Probe = std::function<base::Result<void>()>;

// Tells `server` to answer /metrics; `text` gives the page.
void ServeMetrics(http::Server& server, std::function<std::string()> text);

// Tells `server` to answer /healthz and /readyz.
void ServeProbes(http::Server& server, Probe healthy, Probe ready);

}  // namespace openchoreo::service
