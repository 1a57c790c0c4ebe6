#include "flux-source/settings.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <thread>

#include "common/base/sha256.h"

namespace openchoreo::flux {

using base::ErrorCode;
using base::Fail;

namespace {

bool IsAnywhere(std::string_view host) {
  return host.empty() || host == "0.0.0.0" || host == "[::]";
}

bool ListensAnywhere(const Settings& settings) {
  return IsAnywhere(
      std::string_view(settings.storage_addr).substr(0, settings.storage_addr.rfind(':')));
}

// Host and port by which this very process is reached, of an address it listens on.
base::Result<std::string> OwnAddress(const std::string& listens_on) {
  const std::size_t colon = listens_on.rfind(':');
  if (colon == std::string::npos) {
    return Fail(ErrorCode::kUsage, "--storage-addr " + listens_on + " names no port");
  }
  std::string host = listens_on.substr(0, colon);
  if (IsAnywhere(host)) {
    char name[256] = "localhost";
    ::gethostname(name, sizeof name - 1);
    const char* ip = std::getenv("POD_IP");
    host = ip != nullptr && *ip != '\0' ? ip : name;
    if (ip != nullptr && host.find(':') != std::string::npos) host = "[" + host + "]";
  }
  return host + listens_on.substr(colon);
}

}  // namespace

base::Result<std::uint64_t> ParseBytes(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));

  struct Unit {
    std::string_view suffix;
    std::uint64_t bytes;
  };

  static constexpr Unit kUnits[] = {
      {"", 1},      {"Ki", 1ull << 10}, {"Mi", 1ull << 20},  {"Gi", 1ull << 30},
      {"k", 1'000}, {"M", 1'000'000},   {"G", 1'000'000'000}};
  for (const Unit& unit : kUnits) {
    if (error == std::errc() && unit.suffix == suffix && number <= (1ull << 50) / unit.bytes) {
      return number * unit.bytes;
    }
  }
  return Fail(ErrorCode::kUsage, "\"" + std::string(text) + "\" is no size such as 128Mi");
}

base::Result<Settings> Complete(Settings settings) {
  if (settings.render_jobs == 0) {
    settings.render_jobs = std::max(1u, std::thread::hardware_concurrency());
  }
  OC_TRY(const std::string own, OwnAddress(settings.storage_addr));
  settings.own_url = UrlPrefix(own);
  if (settings.storage_adv_addr.empty()) {
    // In a pod, that of the Service; the dot at the end spares resolvers their search lists.
    const bool in_pod = !settings.watch.own_namespace.empty() && ListensAnywhere(settings);
    settings.storage_adv_addr =
        in_pod ? "openchoreo-flux-source." + settings.watch.own_namespace + ".svc.cluster.local."
               : own;
  }
  if (settings.watch.own_namespace.empty()) settings.watch.own_namespace = "flux-system";
  if (settings.storage_adv_addr.ends_with('/')) settings.storage_adv_addr.pop_back();
  if (settings.concurrent == 0) return Fail(ErrorCode::kUsage, "--concurrent must be at least 1");
  OC_TRY_DONE(settings.leader.Check());
  return settings;
}

std::string UrlPrefix(const std::string& advertised) {
  const bool scheme = advertised.starts_with("http://") || advertised.starts_with("https://");
  return (scheme ? "" : "http://") + advertised + "/";
}

std::string LeaseName(const std::string& label_selector) {
  std::string name = "openchoreo-flux-source-leader-election";
  if (!label_selector.empty()) name += "-" + base::Sha256Hex(label_selector).substr(0, 8);
  return name;
}

}  // namespace openchoreo::flux
