// Where files come from: a folder, a tar stream in memory, kustomize items, a test.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/limits.h"
#include "common/base/result.h"

namespace openchoreo::source {

// Bytes of one file, kept alive by whoever reads on.
using FileContent = std::shared_ptr<const std::string>;

// One source. Paths are relative, '/'-separated. Read may be called from several threads.
class FileTree {
 public:
  virtual ~FileTree() = default;

  // What messages put before a path: "" for the only source, else e.g. "platform/".
  virtual std::string_view display_name() const = 0;

  // Files that may hold resources (*.yaml, *.yml, *.json after the exclusions of the design),
  // sorted by path. Errors: kUnreadableSource.
  virtual base::Result<std::vector<std::string>> List() = 0;

  virtual base::Result<FileContent> Read(std::string_view path) = 0;
};

struct DirectoryOptions {
  std::vector<std::string> exclude;  // --exclude: lines of gitignore syntax
  std::size_t max_file_bytes = base::RenderLimits{}.max_file_bytes;
  bool links = true;  // false: symbolic links to files are left out, too, as in an archive
};

// A folder or a single file on disk. Left out: hidden folders, what .sourceignore names (gitignore
// syntax, also in subfolders), templates/ folders beside a Chart.yaml, whatever is neither file nor
// folder, and symbolic links, but for those to files within the folder. A single file is read
// whatever its name. Read gives kUnreadableSource, or kLimit for a file over max_file_bytes. List
// first; then Read from any number of threads.
std::unique_ptr<FileTree> OpenDirectory(std::string path, std::string display_name,
                                        DirectoryOptions options = {});

}  // namespace openchoreo::source
