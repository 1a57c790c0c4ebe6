#include "argocd-cmp/response_cache.h"

#include <utility>

namespace openchoreo::argocd {

std::optional<EncodedResponse> ResponseCache::Find(const base::Sha256Digest& key) {
  std::lock_guard lock(mutex_);
  const EncodedResponse* found = responses_.Find(key);
  return found ? std::optional(*found) : std::nullopt;
}

void ResponseCache::Insert(const base::Sha256Digest& key, EncodedResponse response) {
  const std::size_t bytes = response.bytes->size();
  std::lock_guard lock(mutex_);
  responses_.Put(key, std::move(response), bytes);
}

std::size_t ResponseCache::bytes() const {
  std::lock_guard lock(mutex_);
  return responses_.bytes();
}

}  // namespace openchoreo::argocd
