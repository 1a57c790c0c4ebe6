// Whole answers by what they were made from. The key is a SHA-256 over every file's path and
// content digest and every parameter, so a hit can only ever be the answer to the very same
// question. Thread-safe.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>

#include "argocd-cmp/manifest_response.h"
#include "common/base/lru_cache.h"
#include "common/base/sha256.h"

namespace openchoreo::argocd {

class ResponseCache {
 public:
  // Holds at most `max_bytes` of answers; the least recently used goes first. 0 keeps none.
  explicit ResponseCache(std::size_t max_bytes) : responses_(max_bytes) {}

  std::optional<EncodedResponse> Find(const base::Sha256Digest& key);
  void Insert(const base::Sha256Digest& key, EncodedResponse response);

  std::size_t bytes() const;

 private:
  mutable std::mutex mutex_;
  base::LruCache<base::Sha256Digest, EncodedResponse, base::DigestHasher> responses_;
};

}  // namespace openchoreo::argocd
