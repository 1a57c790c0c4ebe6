// Inside of FileCache: parsed files by digest, the most recently used first.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
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
      : parts_(max_bytes / kShare),
        files_(max_bytes - max_bytes / kShare * 2),
        ids_(max_bytes / kShare) {}

  // A load of a series (LoadOptions) begins. What it or the one before used makes no room for more:
  // of a tree that is too large to be kept whole a part is kept, where keeping what was read last
  // would keep nothing that is asked for again.
  base::CacheUse BeginLoad(std::uint64_t series);

  // It read everything.
  void EndLoad(const base::CacheUse& load);

  void EndSeries(std::uint64_t series);

  // By the SHA-256 of a file's bytes, and the limits that are in force.
  struct Key {
    Key(const base::Sha256Digest& content, const base::RenderLimits& limits);

    base::Sha256Digest digest;
  };

  // The parsed form of `text`, from the cache if its bytes were seen. Thread-safe.
  std::shared_ptr<const ParsedFile> Get(std::string_view text, const base::RenderLimits& limits,
                                        const Key& key, const base::CacheUse& load);

  // What is here, at once: of each key that is not null, what it finds into the place of the same
  // index. Thread-safe.
  void FindAll(std::span<const std::optional<Key>> keys, const base::CacheUse& load,
               std::span<std::shared_ptr<const ParsedFile>> found);

  Stats stats() const;

 private:
  // Part of the whole that is for identities, and as much for parts of files.
  static constexpr std::size_t kShare = 8;

  // mutex_ is held
  std::shared_ptr<const ParsedFile> Find(const Key& key, const base::CacheUse& load);

  SharedParts parts_;
  mutable std::mutex mutex_;
  base::LruCache<base::Sha256Digest, std::shared_ptr<const ParsedFile>, base::DigestHasher> files_;
  // The identity of a file's first object outlives its parsed form: what was rendered from it can
  // be found again. A file has the same objects whenever it is parsed.
  base::LruCache<base::Sha256Digest, std::uint64_t, base::DigestHasher> ids_;
  std::uint64_t last_id_ = 0;
  std::size_t hits_ = 0, misses_ = 0;
};

}  // namespace openchoreo::resource
