#include "common/source/content_store.h"

#include <algorithm>
#include <utility>

namespace openchoreo::source {

SourceFile ContentStore::Intern(std::string path, std::string bytes) {
  SourceFile file{std::move(path), nullptr, base::Sha256(bytes)};
  std::lock_guard lock(mutex_);
  std::weak_ptr<const std::string>& known = contents_[file.digest];
  file.content = known.lock();
  if (!file.content) {
    // Separate from its control block, so that a dead entry holds no bytes.
    file.content = std::shared_ptr<const std::string>(new std::string(std::move(bytes)));
    known = file.content;
  }
  if (contents_.size() >= sweep_at_) {
    std::erase_if(contents_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = std::max<std::size_t>(4096, contents_.size() * 2);
  }
  return file;
}

std::size_t ContentStore::size() const {
  std::lock_guard lock(mutex_);
  return contents_.size();
}

}  // namespace openchoreo::source
