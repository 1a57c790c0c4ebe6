#include "argocd-cmp/response_cache.h"

#include <utility>

namespace openchoreo::argocd {

std::optional<EncodedResponse> ResponseCache::Find(const base::Sha256Digest& key) {
  std::lock_guard lock(mutex_);
  auto found = index_.find(key);
  if (found == index_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->second;
}

void ResponseCache::Insert(const base::Sha256Digest& key, EncodedResponse response) {
  std::size_t size = response.bytes->size();
  if (size > max_bytes_) return;
  std::lock_guard lock(mutex_);
  if (index_.contains(key)) return;
  decltype(entries_) made;  // linked in once nothing can fail for lack of memory any more
  made.emplace_front(key, std::move(response));
  index_[key] = made.begin();
  entries_.splice(entries_.begin(), made);
  bytes_ += size;
  while (bytes_ > max_bytes_) {
    bytes_ -= entries_.back().second.bytes->size();
    index_.erase(entries_.back().first);
    entries_.pop_back();
  }
}

std::size_t ResponseCache::bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace openchoreo::argocd
