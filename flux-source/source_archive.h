// A source's archive as files in memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/source/content_store.h"

namespace openchoreo::flux {

using Deadline = std::chrono::steady_clock::time_point;

// What an archive held that may matter to rendering.
struct SourceFiles {
  std::vector<source::SourceFile> files;  // by path
  std::set<std::string> folders;          // that hold a file of the archive
  std::uint64_t bytes = 0;                // of `files`

  // Whether the archive has this folder: "" = the root, else "a/b".
  bool HasFolder(const std::string& path) const;
};

struct SourceArchiveLimits {
  std::uint64_t max_inflated_bytes;
  std::size_t max_files;
  Deadline deadline = Deadline::max();
};

// The files of `archive` (tar.gz, read by Flux's rules) that may matter to rendering. What did not
// change since `former` (or nullptr) is shared with it, and neither copied nor hashed; what is new
// is interned in `contents`. Errors: kUnreadableSource; kLimit, naming the largest folders;
// kCancelled past the deadline.
base::Result<std::shared_ptr<const SourceFiles>> ReadSourceArchive(
    std::string_view archive, const SourceFiles* former, source::ContentStore& contents,
    const SourceArchiveLimits& bounds);

}  // namespace openchoreo::flux
