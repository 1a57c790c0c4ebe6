// A tar archive, gzip-compressed or plain, read as it arrives: names and bytes, nothing on disk.
//
// Takes a source of compressed bytes and gives each regular file that the caller wants. Entries are
// never extracted. Refused as a whole, with one error: names that leave the archive ("../x", "/x"),
// names that are not UTF-8, symlinks that point out of the archive, anything beyond TarLimits, and
// anything that is no tar.gz or tar. Hard links, devices and fifos are passed over, and so are
// symlinks: what they point to is in the archive under its own name. TarRules::kFlux differs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/artifact/byte_source.h"
#include "common/base/limits.h"
#include "common/base/result.h"

namespace openchoreo::artifact {

// Whose archives: the two controllers that send them refuse different things.
enum class TarRules : std::uint8_t {
  kArgo,
  // Follows fluxcd/pkg tar/tar.go: gzip only; names with "../" anywhere or a backslash are refused,
  // and so are devices and fifos; symlinks are passed over wherever they point. Differs: a name
  // that is not UTF-8 or holds control characters is refused where its file is wanted.
  kFlux,
};

struct TarLimits {
  TarRules rules = TarRules::kArgo;
  std::size_t max_entries = base::kLimits.max_archive_entries;        // of every type
  std::size_t max_name_bytes = base::kLimits.max_archive_name_bytes;  // one entry's name
  std::size_t max_names_bytes = 256u << 20;                           // all names together
  std::size_t max_file_bytes = base::kLimits.max_file_bytes;          // one file that is kept
  // A larger one is no error: its beginning is kept, one byte more than it may have, so that the
  // reader sees that it is too large and what it is.
  bool keep_start_of_large = false;
  std::uint64_t max_kept_bytes = base::kLimits.max_archive_kept_bytes;  // all files that are kept
  std::uint64_t max_inflated_bytes = base::kLimits.max_archive_inflated_bytes;
  // everything, kept or not, headers included
  std::uint64_t max_inflation_ratio = base::kLimits.max_archive_ratio;
  // inflated per compressed byte, once past 256 MiB
};

struct TarVisitor {
  // Asked for each regular file, by cleaned name ("a/b.yaml", no leading "./"). False: its bytes
  // are skipped.
  std::function<bool(std::string_view name, std::uint64_t size)> wanted;
  // Each wanted file, in archive order. The visitor owns the bytes.
  std::function<void(std::string name, std::string bytes)> file;
  // Optional: the bytes the file had in an archive read before; they live until ReadTar returns.
  // Where it has them still, `same` is called in place of `file`, and nothing was copied.
  std::function<std::optional<std::string_view>(std::string_view name)> earlier = {};
  std::function<void(std::string name)> same = {};
};

struct TarSummary {
  std::size_t entries = 0;
  std::size_t regular_files = 0;
  std::size_t kept_files = 0;
  std::uint64_t compressed_bytes = 0;
  std::uint64_t inflated_bytes = 0;  // tar stream, headers and padding included
};

// Reads `source` to its end. Errors: kUnreadableSource (not an archive, cut off, hostile names),
// kLimit, and whatever `source` returned. TarRules::kArgo follows argo-cd util/io/files/tar.go
// (what is refused and passed over).
base::Result<TarSummary> ReadTar(const ByteSource& source, const TarLimits& limits,
                                 const TarVisitor& visitor);

// `name` as a clean relative path: "./a//b" → "a/b", "a/../b" → "b", "." → "".
// Errors (kUnreadableSource): absolute names, names that leave the root, not UTF-8, control
// characters.
base::Result<std::string> CleanRelativePath(std::string_view name);

}  // namespace openchoreo::artifact
