// `openchoreo-flux-source doctor`: what of a cluster keeps artifacts from being applied, each with
// the line to change.
#pragma once

#include <string>
#include <vector>

#include "common/platform/kube/live.h"
#include "flux-source/settings.h"

namespace openchoreo::flux {

// What was found of a cluster.
struct ClusterView {
  bool our_kind = false, artifact_kind = false;  // whether the API server has them
  std::vector<kube::Live> deployments;           // of all namespaces
  std::vector<kube::Live> kustomizations;        // Flux's
  std::vector<kube::Live> objects;               // OpenChoreoSources
  std::vector<kube::Live> network_policies;
};

struct DoctorFinding {
  std::string what;    // is wrong
  std::string change;  // the line or command that mends it
};

// Pure.
std::vector<DoctorFinding> Diagnose(const ClusterView& view);

// Prints findings on standard output. 0: nothing is in the way, 1: something is, 3: the API server
// cannot be read.
int RunDoctor(const Settings& settings);

}  // namespace openchoreo::flux
