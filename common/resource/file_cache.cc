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
    if (const auto* found = files_.Find(key)) {
      ++hits_;
      return *found;
    }
    ++misses_;
  }
  // Parsed outside the lock: two threads with the same new bytes both do the work, one result is
  // kept.
  const std::shared_ptr<ParsedFile> file = ParseFile(text, limits);
  const std::lock_guard lock(mutex_);
  if (const auto* found = files_.Find(key)) return *found;
  for (ParsedObject& object : file->objects) object.content_id = ++last_id_;
  files_.Put(key, file, file->bytes() + sizeof(std::shared_ptr<const ParsedFile>));
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
  return {hits_, misses_, files_.size(), files_.bytes()};
}

}  // namespace openchoreo::resource
