// Inside of FileCache: parsed files by digest, the most recently used first.
#pragma once

#include <cstring>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "common/base/limits.h"
#include "common/base/sha256.h"
#include "common/resource/file_cache.h"
#include "common/resource/parsed_file.h"

namespace openchoreo::resource {

struct FileCache::Impl {
 public:
  explicit Impl(std::size_t max_bytes) : max_bytes_(max_bytes) {}

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

  struct Entry {
    Key key;
    std::shared_ptr<const ParsedFile> file;
    std::size_t bytes;
  };

  static Key KeyOf(std::string_view text, const base::RenderLimits& limits);

  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::list<Entry> recent_;
  std::unordered_map<Key, std::list<Entry>::iterator, KeyHasher> entries_;
  std::uint64_t last_id_ = 0;
  std::size_t bytes_ = 0, hits_ = 0, misses_ = 0;
};

}  // namespace openchoreo::resource
