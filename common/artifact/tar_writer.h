// Files as a tar archive and its gzip form, always the same bytes for the same files.
//
// Takes paths and contents, gives the archive that Flux's own controllers would write of them:
// ustar headers without owners or times, folders 0750, files 0600, order of a walk. Nothing but the
// files decides the bytes: no clock, no locale, no machine; those of the gzip form also
// libdeflate's version.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/lru_cache.h"
#include "common/base/result.h"
#include "common/base/sha256.h"

namespace openchoreo::artifact {

// Relative paths ("a/b.yaml", '/'-separated, no empty or dot segments) and contents.
using Files = std::map<std::string, std::string>;

// A content as pieces one after the other, which are somebody else's.
struct FileView {
  FileView() = default;

  FileView(std::initializer_list<std::string_view> all) : pieces(all) {}

  explicit FileView(std::vector<std::string_view> all,
                    std::optional<base::Sha256Digest> known_as = std::nullopt)
      : pieces(std::move(all)), identity(known_as) {}

  std::size_t size() const;  // bytes

  std::vector<std::string_view> pieces;
  // Where the caller has one: contents of one identity are equal. Spares looking at the bytes.
  std::optional<base::Sha256Digest> identity;
};

// As Files, of views.
using FileViews = std::map<std::string, FileView>;

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

// An archive as it is announced.
struct PackedArchive {
  std::string bytes;       // tar.gz
  std::string digest;      // "sha256:<hex>" of `bytes`
  std::string tar_digest;  // "sha256:<hex>" of the tar: the same whatever compressed it
};

// What is known of archives piece by piece, by what the pieces hold, so that of an archive that
// changed a little only a little is hashed and compressed again. Thread-safe. Holds about
// `max_bytes`; what was longest unused goes first. Whether a piece is from here or not, the bytes
// are the same.
class PieceCache {
 public:
  explicit PieceCache(std::size_t max_bytes)
      : pieces_(max_bytes - max_bytes / 8), hashed_(max_bytes / 8) {}

  // Packings of a series (not 0) follow each other, as those of one object do with each commit:
  // what its last two did not use goes before there is need for room. A packing begins; all is
  // packed; there will be no other.
  base::CacheUse Begin(std::uint64_t series);
  void End(const base::CacheUse& use);
  void EndSeries(std::uint64_t series);

  // A piece as gzip members.
  std::shared_ptr<const std::string> Find(const base::Sha256Digest& piece,
                                          const base::CacheUse& use);
  void Put(const base::Sha256Digest& piece, std::shared_ptr<const std::string> made,
           const base::CacheUse& use);

  // The hash of an archive up to a place, by all the pieces before it.
  std::optional<base::Sha256Stream> FindHashed(const base::Sha256Digest& pieces,
                                               const base::CacheUse& use);
  void PutHashed(const base::Sha256Digest& pieces, const base::Sha256Stream& hash,
                 const base::CacheUse& use);

  struct Stats {
    std::size_t hits = 0, misses = 0, bytes = 0;
    std::size_t hashed_hits = 0, hashed_misses = 0;
  };

  Stats stats() const;

 private:
  mutable std::mutex mutex_;
  base::LruCache<base::Sha256Digest, std::shared_ptr<const std::string>, base::DigestHasher>
      pieces_;
  base::LruCache<base::Sha256Digest, base::Sha256Stream, base::DigestHasher> hashed_;
  Stats counts_;
};

struct PackOptions {
  std::size_t max_bytes;         // of the compressed archive
  unsigned jobs = 1;             // threads
  PieceCache* pieces = nullptr;  // nullptr: everything is hashed and compressed
};

struct TarEntry;

// The archive of files that outlive it. Not thread-safe.
class Packer {
 public:
  // `pieces` may be nullptr; it is asked by `use`. Errors: as WriteTar.
  static base::Result<Packer> Of(const FileViews& files, PieceCache* pieces,
                                 const base::CacheUse& use = {});

  Packer(Packer&&) noexcept;
  Packer& operator=(Packer&&) noexcept;
  ~Packer();

  // "sha256:<hex>" of the tar archive.
  const std::string& TarDigest();

  // The archive is not packed, since it is as it was: its pieces count as used.
  void Keep();

  // The archive, compressed piece by piece: which entries make a piece depends on their names
  // alone. Each is a gzip member or several, whose headers hold no time and no name. Errors: kLimit
  // as soon as the compressed archive is over its bound, or there is no memory for it.
  base::Result<PackedArchive> Pack(std::size_t max_bytes, unsigned jobs);

 private:
  struct Part {
    std::size_t begin, end;      // of entries_
    base::Sha256Digest key{};    // of what it holds; with a cache alone
    base::Sha256Digest until{};  // of it and all parts before it
  };

  Packer();

  std::vector<TarEntry> entries_;
  std::vector<Part> parts_;
  PieceCache* pieces_ = nullptr;
  base::CacheUse use_;
  std::string tar_digest_;
};

// Both at once. Errors: as Packer.
base::Result<PackedArchive> Pack(const FileViews& files, const PackOptions& options);

}  // namespace openchoreo::artifact
