// Where files come from: a folder, a tar stream in memory, kustomize items, a test.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/base/sha256.h"

namespace openchoreo::source {

// Bytes of one file, kept alive by whoever reads on.
using FileContent = std::shared_ptr<const std::string>;

// Why a tree has something that is not read.
enum class LeftOutReason : std::uint8_t {
  kHiddenFolder,
  kIgnored,           // by a .sourceignore file
  kExcluded,          // by an exclude option
  kChartTemplate,     // in a templates/ folder beside a Chart.yaml
  kFileEnding,        // .YAML, .yml misspelt: meant to be read, perhaps
  kLinkOutside,       // a symbolic link, or a file below one, that leads out of the tree
  kLinkToFolder,      // a symbolic link to a folder of the tree, which is read where it lies
  kBrokenLink,        // a symbolic link to nothing
  kSpecialFile,       // neither file, folder nor link
  kUnreadableFolder,  // may not be listed
};

struct LeftOut {
  std::string path;
  LeftOutReason reason;

  bool operator==(const LeftOut&) const = default;
};

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

  // SHA-256 of what Read gives of each of `paths`, as List gave them, where the tree knows it
  // without reading; they live as long as the tree. Else empty.
  virtual std::vector<const base::Sha256Digest*> Digests(
      std::span<const std::string> /*paths*/) const {
    return {};
  }

  // What List left out and somebody may miss, sorted by path. Known once List has run.
  virtual std::vector<LeftOut> LeftOutPaths() const { return {}; }

  // As Read, but a file over the limit gives its beginning, as much as the limit allows; also for
  // what was left out as kChartTemplate, kFileEnding or kLinkOutside.
  virtual base::Result<FileContent> ReadStart(std::string_view path) { return Read(path); }
};

struct DirectoryOptions {
  std::vector<std::string> exclude;  // --exclude: lines of gitignore syntax
  std::size_t max_file_bytes = base::RenderLimits{}.max_file_bytes;
  bool links = true;  // false: symbolic links to files are left out, too, as in an archive
};

// A folder or a single file on disk. Left out: hidden folders, what .sourceignore names (gitignore
// syntax, also in subfolders), templates/ folders beside a Chart.yaml, whatever is neither file nor
// folder, and symbolic links, but for those to files within the folder; LeftOutPaths tells (of a
// hidden folder its name alone, of a linked folder elsewhere its first 1,000 files). A single file
// is read whatever its name. Read gives kUnreadableSource, or kLimit for a file over
// max_file_bytes. List first; then Read from any number of threads.
std::unique_ptr<FileTree> OpenDirectory(std::string path, std::string display_name,
                                        DirectoryOptions options = {});

}  // namespace openchoreo::source
