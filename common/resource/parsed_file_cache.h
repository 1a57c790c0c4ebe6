// Inside of FileCache: parsed files by digest, the most recently used first.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>

#include "common/base/limits.h"
#include "common/base/lru_cache.h"
#include "common/base/sha256.h"
#include "common/resource/file_cache.h"
#include "common/resource/parsed_file.h"

namespace openchoreo::resource {

struct FileCache::Impl {
 public:
  explicit Impl(std::size_t max_bytes)
      : files_(max_bytes - max_bytes / kIdsShare), ids_(max_bytes / kIdsShare) {}

  // A load begins. What it or the one before used makes no room for more: of a tree that is too
  // large to be kept whole a part is kept, where keeping what was read last would keep nothing that
  // is asked for again.
  void BeginLoad();

  // The parsed form of `text`, from the cache if its bytes were seen. Thread-safe.
  std::shared_ptr<const ParsedFile> Get(std::string_view text, const base::RenderLimits& limits);

  Stats stats() const;

 private:
  using Key = base::Sha256Digest;

  static Key KeyOf(std::string_view text, const base::RenderLimits& limits);

  // Part of the whole that is for identities.
  static constexpr std::size_t kIdsShare = 8;

  struct Kept {
    std::shared_ptr<const ParsedFile> file;
    std::uint64_t used;  // the last load that asked for it
  };

  mutable std::mutex mutex_;
  base::LruCache<Key, Kept, base::DigestHasher> files_;
  std::uint64_t loads_ = 0;
  // The identity of a file's first object outlives its parsed form: what was rendered from it can
  // be found again. A file has the same objects whenever it is parsed.
  base::LruCache<Key, std::uint64_t, base::DigestHasher> ids_;
  std::uint64_t last_id_ = 0;
  std::size_t hits_ = 0, misses_ = 0;
};

}  // namespace openchoreo::resource
