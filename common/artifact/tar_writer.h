// Files as a tar archive and its gzip form, always the same bytes for the same files.
//
// Takes paths and contents, gives the archive that Flux's own controllers would write of them:
// ustar headers without owners or times, folders 0750, files 0600, order of a walk. Nothing but the
// files decides the bytes: no clock, no locale, no machine.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace openchoreo::artifact {

// Relative paths ("a/b.yaml", '/'-separated, no empty or dot segments) and contents.
using Files = std::map<std::string, std::string>;

// Takes the next piece of an archive; the view lives until it returns.
using ByteSink = std::function<void(std::string_view)>;

// Writes the tar archive of `files` and of the folders they are in: the root as ".", then a
// folder's names in byte order, each folder followed by what is in it ("a/b" before "a.yaml"). Ends
// after two zero blocks. pax headers are used only for names that ustar cannot hold. Follows
// fluxcd/pkg artifact/storage/archive.go (entries, header fields) and Go archive/tar/writer.go
// (bytes). Errors: kUsage for a path that is not relative and clean, or that is both a file and a
// folder.
base::Result<void> WriteTar(const Files& files, const ByteSink& sink);

// "sha256:<hex>" of the archive, without making it. Errors: as WriteTar.
base::Result<std::string> TarDigest(const Files& files);

// An archive as it is announced.
struct PackedArchive {
  std::string bytes;       // tar.gz
  std::string digest;      // "sha256:<hex>" of `bytes`
  std::string tar_digest;  // "sha256:<hex>" of the tar: the same whatever compressed it
};

// WriteTar, compressed. The gzip header holds no time and no name. Errors: as WriteTar; kLimit as
// soon as the compressed archive is over `max_bytes`.
base::Result<PackedArchive> Pack(const Files& files, std::size_t max_bytes);

}  // namespace openchoreo::artifact
