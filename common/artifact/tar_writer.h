// Files as a tar archive and its gzip form, always the same bytes for the same files.
//
// Takes paths and contents, gives the archive that Flux's own controllers would write of them:
// ustar headers without owners or times, folders 0750, files 0600, order of a walk. Nothing but the
// files decides the bytes: no clock, no locale, no machine.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/lru_cache.h"
#include "common/base/result.h"
#include "common/base/sha256.h"

namespace openchoreo::artifact {

// Relative paths ("a/b.yaml", '/'-separated, no empty or dot segments) and contents.
using Files = std::map<std::string, std::string>;

// The same, each content as pieces one after the other, which are somebody else's.
using FileViews = std::map<std::string, std::vector<std::string_view>>;

// `files` as they are; it outlives the result.
FileViews ViewsOf(const Files& files);

// Takes the next piece of an archive; the view lives until it returns.
using ByteSink = std::function<void(std::string_view)>;

// Writes the tar archive of `files` and of the folders they are in: the root as ".", then a
// folder's names in byte order, each folder followed by what is in it ("a/b" before "a.yaml"). Ends
// after two zero blocks. pax headers are used only for names that ustar cannot hold. Follows
// fluxcd/pkg artifact/storage/archive.go (entries, header fields) and Go archive/tar/writer.go
// (bytes). Errors: kUsage for a path that is not relative and clean, or that is both a file and a
// folder.
base::Result<void> WriteTar(const FileViews& files, const ByteSink& sink);

// "sha256:<hex>" of the archive, without making it. Errors: as WriteTar.
base::Result<std::string> TarDigest(const FileViews& files);

// An archive as it is announced.
struct PackedArchive {
  std::string bytes;       // tar.gz
  std::string digest;      // "sha256:<hex>" of `bytes`
  std::string tar_digest;  // "sha256:<hex>" of the tar: the same whatever compressed it
};

// Compressed pieces of archives by what they hold, so that of an archive that changed a little only
// a little is compressed again. Thread-safe. Holds about `max_bytes`; what was longest unused goes
// first. Whether a piece is from here or not, the bytes are the same.
class PieceCache {
 public:
  explicit PieceCache(std::size_t max_bytes) : pieces_(max_bytes) {}

  struct Piece {
    std::string deflated;  // ends at a byte, and needs nothing that stands before it
    unsigned long crc = 0;
    std::uint64_t length = 0;  // inflated
  };

  std::shared_ptr<const Piece> Find(const base::Sha256Digest& tar_bytes);
  void Put(const base::Sha256Digest& tar_bytes, std::shared_ptr<const Piece> piece);

  struct Stats {
    std::size_t hits = 0, misses = 0, bytes = 0;
  };

  Stats stats() const;

 private:
  mutable std::mutex mutex_;
  base::LruCache<base::Sha256Digest, std::shared_ptr<const Piece>, base::DigestHasher> pieces_;
  std::size_t hits_ = 0, misses_ = 0;
};

struct PackOptions {
  std::size_t max_bytes;         // of the compressed archive
  unsigned jobs = 1;             // threads
  PieceCache* pieces = nullptr;  // nullptr: everything is compressed
  std::string tar_digest = {};   // what TarDigest gave, where that was asked before
};

// WriteTar, compressed piece by piece: which entries make a piece depends on their names alone. The
// gzip header holds no time and no name. Errors: as WriteTar; kLimit as soon as the compressed
// archive is over its bound, or there is no memory for it.
base::Result<PackedArchive> Pack(const FileViews& files, const PackOptions& options);

}  // namespace openchoreo::artifact
