#include "common/platform/service/flag_groups.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "common/platform/service/duration.h"
#include "common/platform/service/log.h"

namespace openchoreo::service {

void AddDuration(CLI::App& app, const std::string& name, std::chrono::milliseconds& into,
                 const std::string& help) {
  app.add_option_function<std::string>(
      name,
      [&into, name](const std::string& text) {
        const auto duration = ParseDuration(text);
        if (!duration)
          throw CLI::ValidationError(name, "\"" + text + "\" is no duration such as 30s");
        into = *duration;
      },
      help);
}

void AddSwitch(CLI::App& app, const std::string& name, bool& into, const std::string& help) {
  app.add_option_function<std::vector<std::string>>(
         name,
         [&into, name](const std::vector<std::string>& given) {
           if (given.empty() || given[0].empty() || given[0] == "true") {
             into = true;
           } else if (given[0] == "false") {
             into = false;
           } else {
             throw CLI::ValidationError(name, "\"" + given[0] + "\" is neither true nor false");
           }
         },
         help)
      ->expected(0, 1)
      ->type_name("BOOL");
}

void LogFlags::Bind(CLI::App& app) {
  app.add_option("--log-level", level, "trace, debug, info, warn or error (info)")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}));
  app.add_option("--log-encoding", encoding, "json or console (json)")
      ->check(CLI::IsMember({"json", "console"}));
}

base::Result<void> LogFlags::Start() const { return StartLog(level, encoding); }

void ServerFlags::Bind(CLI::App& app) {
  // expected(0, 1): also --metrics-addr= with nothing behind it, which then is the default_str.
  app.add_option("--metrics-addr", metrics_address,
                 "Where /metrics is served (" + metrics_address + "); '' turns it off")
      ->expected(0, 1)
      ->default_str("");
  app.add_option("--health-addr", health_address,
                 "Where /healthz and /readyz are served (" + health_address + "); '' turns it off")
      ->expected(0, 1)
      ->default_str("");
}

void KubeFlags::Bind(CLI::App& app) {
  app.add_option("--kubeconfig", kubeconfig, "How the API server is reached outside a cluster")
      ->expected(0, 1);
  app.add_option("--kube-api-qps", qps, "Calls of an API server a second (50); 0: no bound")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--kube-api-burst", burst, "Calls at once beyond that (300)");
}

void LeaderFlags::Bind(CLI::App& app) {
  AddSwitch(app, "--enable-leader-election", enabled, "One of several replicas writes (false)");
  AddDuration(app, "--leader-election-lease-duration", lease_duration,
              "How long a lease counts that is not renewed (35s)");
  AddDuration(app, "--leader-election-renew-deadline", renew_deadline,
              "How long renewing is tried (30s)");
  AddDuration(app, "--leader-election-retry-period", retry_period, "Between two tries (5s)");
  AddSwitch(app, "--leader-election-release-on-cancel", release_on_cancel,
            "Give the lease up at the end (true)");
}

base::Result<void> LeaderFlags::Check() const {
  if (retry_period.count() > 0 && retry_period < renew_deadline && renew_deadline < lease_duration)
    return {};
  return base::Fail(base::ErrorCode::kUsage,
                    "--leader-election-retry-period must be shorter than --leader-election-renew-"
                    "deadline, and that shorter than --leader-election-lease-duration");
}

void WatchFlags::Bind(CLI::App& app, const std::string& objects) {
  AddSwitch(app, "--watch-all-namespaces", all_namespaces,
            "The " + objects + " of all namespaces, not of $RUNTIME_NAMESPACE alone (true)");
  app.add_option("--watch-label-selector", label_selector,
                 "Labels of the " + objects + " to look after: for shards")
      ->expected(0, 1);
  if (const char* ns = std::getenv("RUNTIME_NAMESPACE")) own_namespace = ns;
}

}  // namespace openchoreo::service
