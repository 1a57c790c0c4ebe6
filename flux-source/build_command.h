// `openchoreo-flux-source build`: the artifact of files on disk, for CI and for tools that read
// folders.
#pragma once

#include <string>
#include <vector>

#include "common/render/options.h"

namespace openchoreo::flux {

struct BuildCommand {
  std::vector<std::string> paths;  // one source each
  std::string output;              // a file "….tar.gz", or a folder that is missing or empty
  std::vector<std::string> exclude;
  render::Options options;
};

// Writes the bytes the controller would announce for one artifact of everything selected, or their
// files, and says what is wrong on standard error, as `render` does. Returns a base::ExitCode.
int RunBuild(const BuildCommand& command);

}  // namespace openchoreo::flux
