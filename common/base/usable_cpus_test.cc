#include "common/base/usable_cpus.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace openchoreo::base {
namespace {

namespace fs = std::filesystem;

struct Case {
  const char* name;
  std::map<std::string, std::string> files;
  unsigned want;
};

TEST(UsableCpusTest, ReadsTheQuotaOfBothVersionsOfControlGroups) {
  const Case cases[] = {
      {"nothing to read", {}, 0},
      {"v2, own namespace",
       {{"proc/self/cgroup", "0::/\n"}, {"sys/fs/cgroup/cpu.max", "150000 100000\n"}},
       2},
      {"v2, none", {{"proc/self/cgroup", "0::/\n"}, {"sys/fs/cgroup/cpu.max", "max 100000\n"}}, 0},
      {"v2, less than one CPU",
       {{"proc/self/cgroup", "0::/\n"}, {"sys/fs/cgroup/cpu.max", "20000 100000\n"}},
       1},
      {"v2, the group above is tighter",
       {{"proc/self/cgroup", "0::/pod/app\n"},
        {"sys/fs/cgroup/pod/cpu.max", "300000 100000\n"},
        {"sys/fs/cgroup/pod/app/cpu.max", "800000 100000\n"}},
       3},
      {"v2, the host's path inside a container",
       {{"proc/self/cgroup", "0::/kubepods/x/y\n"}, {"sys/fs/cgroup/cpu.max", "400000 100000\n"}},
       4},
      {"v1, together with cpuacct",
       {{"proc/self/cgroup", "5:memory:/a\n4:cpu,cpuacct:/a\n"},
        {"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "250000\n"},
        {"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "50000\n"}},
       5},
      {"v1, by the link's name",
       {{"proc/self/cgroup", "4:cpuacct,cpu:/a\n"},
        {"sys/fs/cgroup/cpu/cpu.cfs_quota_us", "600000\n"},
        {"sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}},
       6},
      {"v1, none",
       {{"proc/self/cgroup", "1:cpu:/\n"},
        {"sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
        {"sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}},
       0},
      {"not what the kernel writes",
       {{"proc/self/cgroup", "0::/\nrubbish\n:\n"}, {"sys/fs/cgroup/cpu.max", "x y\n"}},
       0},
  };
  for (const Case& test : cases) {
    const fs::path root = fs::temp_directory_path() / ("cpus-test-" + std::to_string(::getpid()));
    fs::remove_all(root);
    for (const auto& [path, content] : test.files) {
      fs::create_directories((root / path).parent_path());
      std::ofstream(root / path) << content;
    }
    EXPECT_EQ(CpuQuota(root), test.want) << test.name;
    fs::remove_all(root);
  }
}

TEST(UsableCpusTest, FollowsTheAffinityMask) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_LE(UsableCpus(), static_cast<unsigned>(CPU_COUNT(&before)));
  int first = 0;
  while (!CPU_ISSET(first, &before)) ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(UsableCpus(), 1u);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

}  // namespace
}  // namespace openchoreo::base
