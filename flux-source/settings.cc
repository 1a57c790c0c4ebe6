#include "flux-source/settings.h"

#include <unistd.h>

#include <charconv>
#include <thread>

#include "common/base/sha256.h"

namespace openchoreo::flux {

using base::ErrorCode;
using base::Fail;

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
  if (settings.runtime_namespace.empty()) settings.runtime_namespace = "flux-system";
  if (settings.storage_adv_addr.empty()) {
    char host[256] = "localhost";
    ::gethostname(host, sizeof host - 1);
    const std::size_t colon = settings.storage_addr.rfind(':');
    if (colon == std::string::npos) {
      return Fail(ErrorCode::kUsage, "--storage-addr " + settings.storage_addr + " names no port");
    }
    const std::string listens_on = settings.storage_addr.substr(0, colon);
    const bool anywhere = listens_on.empty() || listens_on == "0.0.0.0" || listens_on == "[::]";
    settings.storage_adv_addr =
        (anywhere ? std::string(host) : listens_on) + settings.storage_addr.substr(colon);
  }
  if (settings.storage_adv_addr.ends_with('/')) settings.storage_adv_addr.pop_back();
  if (settings.concurrent == 0) return Fail(ErrorCode::kUsage, "--concurrent must be at least 1");
  if (settings.renew_deadline >= settings.lease_duration ||
      settings.retry_period >= settings.renew_deadline) {
    return Fail(ErrorCode::kUsage,
                "--leader-election-lease-duration must be longer than -renew-deadline, and that "
                "longer than -retry-period");
  }
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
