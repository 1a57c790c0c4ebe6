// The status verb: what became of every binding, as a cluster has it now.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/health/state.h"
#include "health/snapshot.h"

namespace openchoreo::cli {

struct StatusCommand {
  std::string kubeconfig, context;  // "": as kubectl finds them
  health::Mode mode = health::Mode::kStrict;
  std::string format = "text";  // text, wide or json
  // Empty: all. Components and resources together: those that are among either.
  std::vector<std::string> organizations, environments, projects, components, resources;
};

// Reads the cluster, prints what it has to `out` and what is for people to `err`. Returns the exit
// code: 0; 2 a flag, or a name that the cluster lacks; 3 the cluster, or a kind of what was
// rendered in it, cannot be read; 4 a release record is none.
int RunStatus(const StatusCommand& command, std::ostream& out, std::ostream& err);

// The rows that the selection names. Errors: kUsage, a name that no row has.
base::Result<std::vector<mapper::SnapshotRow>> SelectRows(
    const StatusCommand& command, const std::vector<mapper::SnapshotRow>& rows);

// In one of the formats. What steers a terminal is made harmless in texts.
std::string StatusText(const std::vector<mapper::SnapshotRow>& rows, const std::string& format);

}  // namespace openchoreo::cli
