// `openchoreo-gitops render PATH...`
#pragma once

#include <string>
#include <vector>

#include "common/render/renderer.h"

namespace openchoreo::cli {

struct RenderCommand {
  std::vector<std::string> paths;    // one source each
  std::vector<std::string> exclude;  // globs
  std::string output_dir;            // "" = standard output
  bool kustomize = false;            // the one path holds a kustomization
  render::Options options;
};

// Data goes to standard output (or the folder), everything for people to standard error.
// Ends the process with an ExitCode, without freeing what it holds: the system does that faster.
[[noreturn]] void RunRender(const RenderCommand& command);

}  // namespace openchoreo::cli
