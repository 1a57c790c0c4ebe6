// Inside of the archive writer: an archive as a row of entries, so that parts of it can be written.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "common/artifact/tar_writer.h"
#include "common/base/result.h"

namespace openchoreo::artifact {

struct TarEntry {
  std::string_view path;
  const FileView* content;  // nullptr: a folder
};

// Whether a relative path has no NUL, and no part that is empty, "." or "..".
bool IsCleanPath(std::string_view path);

// The entries of WriteTar's archive in its order; they point into `files`. Errors: as WriteTar.
base::Result<std::vector<TarEntry>> EntriesOf(const FileViews& files);

void WriteEntries(std::span<const TarEntry> entries, const ByteSink& sink);

// What stands behind the last entry.
void WriteEnd(const ByteSink& sink);

}  // namespace openchoreo::artifact
