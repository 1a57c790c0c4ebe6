#include <libdeflate.h>

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/artifact/tar_entries.h"
#include "common/artifact/tar_writer.h"
#include "common/base/fan_out.h"
#include "common/base/sha256.h"

namespace openchoreo::artifact {

namespace {

// One entry in so many begins a piece, whatever stands around it.
constexpr std::uint32_t kEntriesOfPiece = 32;

// Bytes of a gzip member at most, so that a large file costs no memory of its size.
constexpr std::size_t kMemberBytes = std::size_t{1} << 20;
constexpr int kLevel = 6;

// Pieces of an archive as gzip members, which stand for what they hold one after the other. On one
// thread.
class Compressor {
 public:
  void Add(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::string_view part = bytes.substr(0, kMemberBytes - input_.size());
      input_ += part;
      bytes.remove_prefix(part.size());
      if (input_.size() == kMemberBytes) EndMember();
    }
  }

  // What was added since the last piece; nullptr if there was no memory for it or one before.
  std::shared_ptr<const std::string> Piece() {
    if (!input_.empty()) EndMember();
    if (failed_) return nullptr;
    return std::make_shared<const std::string>(std::exchange(members_, {}));
  }

 private:
  void EndMember() {
    std::size_t bytes = 0;
    if (!deflate_) deflate_.reset(libdeflate_alloc_compressor(kLevel));
    if (deflate_) {
      output_.resize(libdeflate_gzip_compress_bound(deflate_.get(), input_.size()));
      bytes = libdeflate_gzip_compress(deflate_.get(), input_.data(), input_.size(), output_.data(),
                                       output_.size());
    }
    if (bytes == 0) failed_ = true;
    members_.append(output_, 0, bytes);
    input_.clear();
  }

  struct Free {
    void operator()(libdeflate_compressor* compressor) const {
      libdeflate_free_compressor(compressor);
    }
  };

  std::unique_ptr<libdeflate_compressor, Free> deflate_;  // once there is something to compress
  std::string input_, output_, members_;
  bool failed_ = false;
};

// FNV-1a: the same everywhere.
std::uint32_t HashOf(std::string_view path) {
  std::uint32_t hash = 2166136261u;
  for (const char c : path) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash ^ (hash >> 15);
}

// Names what the entries hold, in as many bytes as need be looked at.
base::Sha256Digest KeyOf(std::span<const TarEntry> entries) {
  base::Sha256Stream hash;
  const auto add_size = [&hash](std::uint64_t size) {
    hash.Update({reinterpret_cast<const char*>(&size), sizeof size});
  };
  const auto add = [&hash](const base::Sha256Digest& digest) {
    hash.Update({reinterpret_cast<const char*>(digest.data()), digest.size()});
  };
  for (const TarEntry& entry : entries) {
    add_size(entry.path.size());
    hash.Update(entry.path);
    hash.Update(entry.content == nullptr ? "d" : entry.content->identity ? "i" : "f");
    if (entry.content == nullptr) continue;
    if (entry.content->identity) {
      add(*entry.content->identity);
      continue;
    }
    base::Sha256Stream content;
    for (const std::string_view piece : entry.content->pieces) content.Update(piece);
    add(content.Finish());
  }
  return hash.Finish();
}

std::shared_ptr<const std::string> Compressed(std::span<const TarEntry> entries,
                                              const base::Sha256Digest& key, Compressor& compressor,
                                              PieceCache* cache, const base::CacheUse& use) {
  if (cache != nullptr) {
    if (auto known = cache->Find(key, use)) return known;
  }
  WriteEntries(entries, [&](std::string_view bytes) { compressor.Add(bytes); });
  auto piece = compressor.Piece();
  if (cache != nullptr && piece) cache->Put(key, piece, use);
  return piece;
}

}  // namespace

base::CacheUse PieceCache::Begin(std::uint64_t series) {
  const std::lock_guard lock(mutex_);
  hashed_.Begin(series);  // both count alike
  return pieces_.Begin(series);
}

void PieceCache::End(const base::CacheUse& use) {
  const std::lock_guard lock(mutex_);
  pieces_.End(use);
  hashed_.End(use);
}

void PieceCache::EndSeries(std::uint64_t series) {
  const std::lock_guard lock(mutex_);
  pieces_.EndSeries(series);
  hashed_.EndSeries(series);
}

std::shared_ptr<const std::string> PieceCache::Find(const base::Sha256Digest& piece,
                                                    const base::CacheUse& use) {
  const std::lock_guard lock(mutex_);
  const auto* found = pieces_.Find(piece, use);
  ++(found ? counts_.hits : counts_.misses);
  return found ? *found : nullptr;
}

void PieceCache::Put(const base::Sha256Digest& piece, std::shared_ptr<const std::string> made,
                     const base::CacheUse& use) {
  const std::size_t bytes = made->capacity() + sizeof(std::string) + 160;
  const std::lock_guard lock(mutex_);
  pieces_.Put(piece, std::move(made), bytes, use);
}

std::optional<base::Sha256Stream> PieceCache::FindHashed(const base::Sha256Digest& pieces,
                                                         const base::CacheUse& use) {
  const std::lock_guard lock(mutex_);
  const auto* found = hashed_.Find(pieces, use);
  ++(found ? counts_.hashed_hits : counts_.hashed_misses);
  return found ? std::optional(*found) : std::nullopt;
}

void PieceCache::PutHashed(const base::Sha256Digest& pieces, const base::Sha256Stream& hash,
                           const base::CacheUse& use) {
  const std::lock_guard lock(mutex_);
  hashed_.Put(pieces, hash, sizeof hash + 160, use);
}

PieceCache::Stats PieceCache::stats() const {
  const std::lock_guard lock(mutex_);
  Stats stats = counts_;
  stats.bytes = pieces_.bytes() + hashed_.bytes();
  return stats;
}

Packer::Packer() = default;
Packer::Packer(Packer&&) noexcept = default;
Packer& Packer::operator=(Packer&&) noexcept = default;
Packer::~Packer() = default;

base::Result<Packer> Packer::Of(const FileViews& files, PieceCache* pieces,
                                const base::CacheUse& use) {
  Packer packer;
  packer.pieces_ = pieces;
  packer.use_ = use;
  OC_TRY(packer.entries_, EntriesOf(files));
  const std::vector<TarEntry>& entries = packer.entries_;
  base::Sha256Digest until{};
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= entries.size(); ++i) {
    if (i < entries.size() && HashOf(entries[i].path) % kEntriesOfPiece != 0) continue;
    Part& part = packer.parts_.emplace_back(Part{begin, i});
    begin = i;
    if (pieces == nullptr) continue;
    part.key = KeyOf(std::span(entries).subspan(part.begin, part.end - part.begin));
    base::Sha256Stream chain;
    for (const base::Sha256Digest* digest : {&until, &part.key})
      chain.Update({reinterpret_cast<const char*>(digest->data()), digest->size()});
    part.until = until = chain.Finish();
  }
  return packer;
}

const std::string& Packer::TarDigest() {
  if (!tar_digest_.empty()) return tar_digest_;
  base::Sha256Stream tar;
  const ByteSink sink = [&](std::string_view bytes) { tar.Update(bytes); };
  std::size_t known = 0;
  while (pieces_ != nullptr && known < parts_.size()) {
    const auto hashed = pieces_->FindHashed(parts_[known].until, use_);
    if (!hashed) break;
    tar = *hashed;
    ++known;
  }
  for (const Part& part : std::span(parts_).subspan(known)) {
    WriteEntries(std::span(entries_).subspan(part.begin, part.end - part.begin), sink);
    if (pieces_ != nullptr) pieces_->PutHashed(part.until, tar, use_);
  }
  WriteEnd(sink);
  return tar_digest_ = "sha256:" + base::Hex(tar.Finish());
}

void Packer::Keep() {
  if (pieces_ == nullptr) return;
  for (const Part& part : parts_) pieces_->Find(part.key, use_);
}

base::Result<PackedArchive> Packer::Pack(std::size_t max_bytes, unsigned jobs) {
  std::vector<std::shared_ptr<const std::string>> pieces(parts_.size() + 1);
  std::atomic<std::size_t> next{0}, bytes{0};
  std::atomic<bool> failed = false;
  // The first to come hashes it all, the others compress.
  OC_TRY_DONE(base::FanOut(jobs, [&] {
    Compressor compressor;
    for (std::size_t i = next++; i <= parts_.size(); i = next++) {
      if (bytes > max_bytes || failed) return;
      if (i == 0) {
        TarDigest();
        continue;
      }
      const Part& part = parts_[i - 1];
      pieces[i - 1] = Compressed(std::span(entries_).subspan(part.begin, part.end - part.begin),
                                 part.key, compressor, pieces_, use_);
      if (pieces[i - 1]) {
        bytes += pieces[i - 1]->size();
      } else {
        failed = true;
      }
    }
  }));
  Compressor end;
  WriteEnd([&](std::string_view zeros) { end.Add(zeros); });
  pieces.back() = end.Piece();
  if (failed || !pieces.back()) {
    return base::Fail(base::ErrorCode::kLimit, "no memory to compress the archive");
  }
  const auto too_large = [&] {
    return base::Fail(
        base::ErrorCode::kLimit,
        "the archive takes more than " + std::to_string(max_bytes) + " bytes, compressed");
  };
  bytes += pieces.back()->size();
  if (bytes > max_bytes) return too_large();
  PackedArchive packed;
  packed.tar_digest = tar_digest_;
  packed.bytes.reserve(bytes);
  for (const auto& piece : pieces) packed.bytes += *piece;
  packed.digest = "sha256:" + base::Sha256Hex(packed.bytes);
  return packed;
}

base::Result<PackedArchive> Pack(const FileViews& files, const PackOptions& options) {
  OC_TRY(Packer packer, Packer::Of(files, options.pieces));
  return packer.Pack(options.max_bytes, options.jobs);
}

}  // namespace openchoreo::artifact
