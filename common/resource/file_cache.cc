#include "common/resource/file_cache.h"

#include "common/resource/parsed_file_cache.h"

namespace openchoreo::resource {

namespace {
constexpr std::size_t kIdBytes = 160;    // of an identity in the cache, about
constexpr std::size_t kEntryBytes = 24;  // of a file, beside what it takes itself
}  // namespace

FileCache::FileCache(std::size_t max_bytes) : impl_(std::make_unique<Impl>(max_bytes)) {}

FileCache::~FileCache() = default;

FileCache::Stats FileCache::stats() const { return impl_->stats(); }

void FileCache::EndSeries(std::uint64_t series) { impl_->EndSeries(series); }

base::CacheUse FileCache::Impl::BeginLoad(std::uint64_t series) {
  const std::lock_guard lock(mutex_);
  return files_.Begin(series);
}

void FileCache::Impl::EndLoad(const base::CacheUse& load) {
  const std::lock_guard lock(mutex_);
  files_.End(load);
}

void FileCache::Impl::EndSeries(std::uint64_t series) {
  const std::lock_guard lock(mutex_);
  files_.EndSeries(series);
}

FileCache::Impl::Key::Key(const base::Sha256Digest& content, const base::RenderLimits& limits)
    : digest(content) {
  // Other limits, another key: a bijection for each.
  const std::size_t bounds[] = {limits.max_depth, limits.max_file_bytes, limits.max_nodes,
                                limits.max_scalar_bytes};
  static_assert(sizeof bounds == sizeof digest);
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(bounds);
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] ^= bytes[i];
}

std::shared_ptr<const ParsedFile> FileCache::Impl::Find(const Key& key,
                                                        const base::CacheUse& load) {
  const auto* const found = files_.Find(key.digest, load);
  if (!found) return nullptr;
  ++hits_;
  return *found;
}

void FileCache::Impl::FindAll(std::span<const std::optional<Key>> keys, const base::CacheUse& load,
                              std::span<std::shared_ptr<const ParsedFile>> found) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i]) found[i] = Find(*keys[i], load);
  }
}

std::shared_ptr<const ParsedFile> FileCache::Impl::Get(std::string_view text,
                                                       const base::RenderLimits& limits,
                                                       const Key& key, const base::CacheUse& load) {
  {
    const std::lock_guard lock(mutex_);
    if (auto found = Find(key, load)) return found;
    ++misses_;
  }
  // Parsed outside the lock: two threads with the same new bytes both do the work, one result is
  // kept.
  const std::shared_ptr<ParsedFile> file = Compacted(ParseFile(text, limits), parts_);
  const std::lock_guard lock(mutex_);
  if (const auto* found = files_.Find(key.digest, load)) return *found;
  std::uint64_t id = 0;
  if (const std::uint64_t* former = ids_.Find(key.digest)) {
    id = *former;
  } else {
    id = last_id_ + 1;
    last_id_ += file->objects.size();
    ids_.Put(key.digest, id, kIdBytes);
  }
  for (ParsedObject& object : file->objects) object.content_id = id++;
  const std::size_t bytes = file->bytes() + kEntryBytes;
  const base::CacheUse* oldest = files_.ToGoFor(bytes);
  if (oldest == nullptr || oldest->build + 1 < files_.last_build())
    files_.Put(key.digest, file, bytes, load);
  return file;
}

FileCache::Stats FileCache::Impl::stats() const {
  const std::lock_guard lock(mutex_);
  return {hits_, misses_, files_.size(), files_.bytes()};
}

}  // namespace openchoreo::resource
