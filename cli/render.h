// `openchoreo-gitops render PATH...`
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/render/option_table.h"
#include "common/source/file_tree.h"

namespace openchoreo::cli {

struct RenderCommand {
  std::vector<std::string> paths;    // one source each
  std::vector<std::string> sources;  // more of them, read only
  std::vector<std::string> exclude;  // globs
  std::string output_dir;            // "" = standard output
  bool kustomize = false;            // the one path holds a kustomization
  render::Options options;
};

struct RenderResult {
  int exit_code = 0;  // an ExitCode
  // Everything the run has made: a process that ends right away need not free it, the system does
  // that faster.
  std::shared_ptr<const void> held;
};

// Data goes to standard output (or the folder), everything for people to standard error.
RenderResult RunRender(const RenderCommand& command);

// Renders `trees` for what is wrong in them alone: findings go to standard error, nothing is
// written. Returns an ExitCode.
int RunValidate(std::span<const std::unique_ptr<source::FileTree>> trees,
                const render::Options& options);

}  // namespace openchoreo::cli
