// Inside of FileCache: parsed files by digest, the most recently used first.
#pragma once

#include <cstring>
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
  explicit Impl(std::size_t max_bytes) : files_(max_bytes) {}

  // The parsed form of `text`, from the cache if its bytes were seen. Thread-safe.
  std::shared_ptr<const ParsedFile> Get(std::string_view text, const base::RenderLimits& limits);

  Stats stats() const;

 private:
  using Key = base::Sha256Digest;

  struct KeyHasher {
    std::size_t operator()(const Key& key) const {
      std::size_t hash;
      std::memcpy(&hash, key.data(), sizeof(hash));
      return hash;
    }
  };

  static Key KeyOf(std::string_view text, const base::RenderLimits& limits);

  mutable std::mutex mutex_;
  base::LruCache<Key, std::shared_ptr<const ParsedFile>, KeyHasher> files_;
  std::uint64_t last_id_ = 0;
  std::size_t hits_ = 0, misses_ = 0;
};

}  // namespace openchoreo::resource
