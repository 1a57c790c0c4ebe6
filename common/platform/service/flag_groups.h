// Flags that mean the same in every long-running program of ours, said once: names, defaults and
// how they are read are those of Flux's controllers, which operators know.
//
// A program binds the groups it has to its CLI::App. A flag is given as --name=value or --name
// value, a switch also bare; the environment counts where a flag names a variable and is not given.
#pragma once

#include <chrono>
#include <string>

#include "common/base/result.h"

namespace CLI {
class App;
}

namespace openchoreo::service {

struct LogFlags {
  std::string level = "info", encoding = "json";

  void Bind(CLI::App& app);
  // StartLog by them.
  base::Result<void> Start() const;
};

// Where a program shows itself; "" turns a page off.
struct ServerFlags {
  std::string metrics_address = ":8080", health_address = ":9440";

  void Bind(CLI::App& app);
};

struct KubeFlags {
  std::string kubeconfig;
  double qps = 50;
  unsigned burst = 300;

  void Bind(CLI::App& app);
};

struct LeaderFlags {
  bool enabled = false;
  std::chrono::milliseconds lease_duration{35'000}, renew_deadline{30'000}, retry_period{5'000};
  bool release_on_cancel = true;

  void Bind(CLI::App& app);
  // Refuses times that cannot work: they must grow from retry_period to lease_duration. Errors:
  // kUsage.
  base::Result<void> Check() const;
};

struct WatchFlags {
  bool all_namespaces = true;
  std::string label_selector;
  std::string own_namespace;  // $RUNTIME_NAMESPACE

  // `objects` says what is watched ("bindings"), for the help.
  void Bind(CLI::App& app, const std::string& objects);
};

// A duration such as 30s or 1h30m.
void AddDuration(CLI::App& app, const std::string& name, std::chrono::milliseconds& into,
                 const std::string& help);
// "--name", "--name=false", "--name false".
void AddSwitch(CLI::App& app, const std::string& name, bool& into, const std::string& help);

}  // namespace openchoreo::service
