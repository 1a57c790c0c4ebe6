#include "common/resource/file_cache.h"

#include "common/resource/parsed_file_cache.h"

namespace openchoreo::resource {

FileCache::FileCache(std::size_t max_bytes) : impl_(std::make_unique<Impl>(max_bytes)) {}

FileCache::~FileCache() = default;

FileCache::Stats FileCache::stats() const { return impl_->stats(); }

std::shared_ptr<const ParsedFile> FileCache::Impl::Get(std::string_view text,
                                                       const base::RenderLimits& limits) {
  const Key key = KeyOf(text, limits);
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end()) {
      ++hits_;
      recent_.splice(recent_.begin(), recent_, found->second);
      return found->second->file;
    }
    ++misses_;
  }
  // Parsed outside the lock: two threads with the same new bytes both do the work, one result is
  // kept.
  const std::shared_ptr<ParsedFile> file = ParseFile(text, limits);
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(key); found != entries_.end()) return found->second->file;
  for (ParsedObject& object : file->objects) object.content_id = ++last_id_;
  const std::size_t bytes = file->bytes() + sizeof(Entry);
  std::list<Entry> made;  // linked in once nothing can fail for lack of memory any more
  made.push_front({key, file, bytes});
  entries_.emplace(key, made.begin());
  recent_.splice(recent_.begin(), made);
  bytes_ += bytes;
  while (bytes_ > max_bytes_ && !recent_.empty()) {
    bytes_ -= recent_.back().bytes;
    entries_.erase(recent_.back().key);
    recent_.pop_back();
  }
  return file;
}

FileCache::Impl::Key FileCache::Impl::KeyOf(std::string_view text,
                                            const base::RenderLimits& limits) {
  base::Sha256Stream stream;
  const std::size_t bounds[] = {limits.max_depth, limits.max_file_bytes, limits.max_nodes,
                                limits.max_scalar_bytes};
  stream.Update({reinterpret_cast<const char*>(bounds), sizeof(bounds)});
  stream.Update(text);
  return stream.Finish();
}

FileCache::Stats FileCache::Impl::stats() const {
  const std::lock_guard lock(mutex_);
  return {hits_, misses_, entries_.size(), bytes_};
}

}  // namespace openchoreo::resource
