#include "common/resource/file_cache.h"

#include "common/resource/parsed_file_cache.h"

namespace openchoreo::resource {

namespace {
constexpr std::size_t kIdBytes = 160;  // of an identity in the cache, about
}

FileCache::FileCache(std::size_t max_bytes) : impl_(std::make_unique<Impl>(max_bytes)) {}

FileCache::~FileCache() = default;

FileCache::Stats FileCache::stats() const { return impl_->stats(); }

void FileCache::Impl::BeginLoad() {
  const std::lock_guard lock(mutex_);
  ++loads_;
}

std::shared_ptr<const ParsedFile> FileCache::Impl::Get(std::string_view text,
                                                       const base::RenderLimits& limits) {
  const Key key = KeyOf(text, limits);
  {
    const std::lock_guard lock(mutex_);
    if (Kept* found = files_.Find(key)) {
      ++hits_;
      found->used = loads_;
      return found->file;
    }
    ++misses_;
  }
  // Parsed outside the lock: two threads with the same new bytes both do the work, one result is
  // kept.
  const std::shared_ptr<ParsedFile> file = ParseFile(text, limits);
  const std::lock_guard lock(mutex_);
  if (const Kept* found = files_.Find(key)) return found->file;
  std::uint64_t id = 0;
  if (const std::uint64_t* former = ids_.Find(key)) {
    id = *former;
  } else {
    id = last_id_ + 1;
    last_id_ += file->objects.size();
    ids_.Put(key, id, kIdBytes);
  }
  for (ParsedObject& object : file->objects) object.content_id = id++;
  const std::size_t bytes = file->bytes() + sizeof(Kept);
  const Kept* oldest = files_.ToGoFor(bytes);
  if (oldest == nullptr || oldest->used + 1 < loads_) files_.Put(key, {file, loads_}, bytes);
  return file;
}

FileCache::Impl::Key FileCache::Impl::KeyOf(std::string_view text,
                                            const base::RenderLimits& limits) {
  const std::size_t bounds[] = {limits.max_depth, limits.max_file_bytes, limits.max_nodes,
                                limits.max_scalar_bytes};
  const std::string_view parts[] = {{reinterpret_cast<const char*>(bounds), sizeof(bounds)}, text};
  return base::Sha256OfJoined(parts, '\0');
}

FileCache::Stats FileCache::Impl::stats() const {
  const std::lock_guard lock(mutex_);
  return {hits_, misses_, files_.size(), files_.bytes()};
}

}  // namespace openchoreo::resource
