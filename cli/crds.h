// The crds verb: CRDs of OpenChoreo's kinds, for clusters where OpenChoreo has none.
#pragma once

#include <ostream>
#include <string>

namespace openchoreo::cli {

struct CrdsCommand {
  bool bindings_only = false;
  std::string dialect;  // "v1", "v0.12", or "": both
};

// Prints them as one YAML stream, in the order of the kinds. Returns the exit code.
int RunCrds(const CrdsCommand& command, std::ostream& out);

}  // namespace openchoreo::cli
