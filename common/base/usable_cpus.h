// How many CPUs this process may use: the default number of threads, in every front door.
//
// The smaller of its affinity mask and its control groups' CPU quota, as a container's limit sets
// it (cgroup v2 cpu.max, v1 cpu.cfs_quota_us; that of every group above counts, too). In this room,
// because the Kustomize function links no other that reads the system.
#pragma once

#include <string>

namespace openchoreo::base {

// At least 1; a quota of a part of a CPU counts as a whole one. What cannot be read does not limit.
unsigned UsableCpus();

// The quota alone, in whole CPUs; 0: there is none. `root` stands before /proc and /sys (tests).
unsigned CpuQuota(const std::string& root);

}  // namespace openchoreo::base
