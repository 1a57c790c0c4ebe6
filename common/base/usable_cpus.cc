#include "common/base/usable_cpus.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>
#include <thread>

namespace openchoreo::base {

namespace {

std::string FirstLine(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

// `quota` and `period` in microseconds, as the kernel writes them; 0: no limit.
unsigned Cpus(const std::string& quota, const std::string& period) {
  long long allowed = 0, each = 0;
  if (!(std::istringstream(quota) >> allowed) || !(std::istringstream(period) >> each)) return 0;
  if (allowed <= 0 || each <= 0) return 0;
  return static_cast<unsigned>(std::min((allowed + each - 1) / each, 1LL << 20));
}

unsigned QuotaV2(const std::string& folder) {
  std::istringstream line(FirstLine(folder + "/cpu.max"));  // "200000 100000" or "max 100000"
  std::string quota, period;
  line >> quota >> period;
  return Cpus(quota, period);
}

unsigned QuotaV1(const std::string& folder) {
  return Cpus(FirstLine(folder + "/cpu.cfs_quota_us"), FirstLine(folder + "/cpu.cfs_period_us"));
}

// The smallest quota of the group `path` and those above it. Inside a container the path of the
// host may not exist; the groups that do are asked.
unsigned Smallest(const std::string& mount, std::string path,
                  unsigned (*quota_of)(const std::string&)) {
  unsigned smallest = 0;
  for (;;) {
    const unsigned quota = quota_of(mount + path);
    if (quota != 0 && (smallest == 0 || quota < smallest)) smallest = quota;
    if (path.empty()) return smallest;
    path.resize(std::min(path.size() - 1, path.rfind('/')));
  }
}

bool Lists(std::string_view controllers, std::string_view name) {
  while (!controllers.empty()) {
    const std::size_t comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == name) return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
}

}  // namespace

unsigned CpuQuota(const std::string& root) {
  unsigned smallest = 0;
  const auto take = [&](unsigned quota) {
    if (quota != 0 && (smallest == 0 || quota < smallest)) smallest = quota;
  };
  std::ifstream groups(root + "/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "0::/path" or "4:cpu,cpuacct:/path"
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    std::string path = line.substr(second + 1);
    if (!path.starts_with('/') || path == "/") path.clear();
    if (controllers.empty()) {
      take(Smallest(root + "/sys/fs/cgroup", path, QuotaV2));
      take(Smallest(root + "/sys/fs/cgroup/unified", path, QuotaV2));
    } else if (Lists(controllers, "cpu")) {
      take(Smallest(root + "/sys/fs/cgroup/" + controllers, path, QuotaV1));
      if (controllers != "cpu") take(Smallest(root + "/sys/fs/cgroup/cpu", path, QuotaV1));
    }
  }
  return smallest;
}

unsigned UsableCpus() {
  unsigned cpus = std::max(1u, std::thread::hardware_concurrency());
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    const int count = CPU_COUNT(&allowed);
    if (count > 0) cpus = std::min(cpus, static_cast<unsigned>(count));
  }
  const unsigned quota = CpuQuota("");
  return quota == 0 ? cpus : std::min(cpus, quota);
}

}  // namespace openchoreo::base
