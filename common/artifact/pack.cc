#include <zlib.h>

#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "common/artifact/tar_entries.h"
#include "common/artifact/tar_writer.h"
#include "common/base/fan_out.h"
#include "common/base/sha256.h"

namespace openchoreo::artifact {

namespace {

using Piece = PieceCache::Piece;

constexpr std::string_view kGzipHeader("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);

// One entry in so many begins a piece, whatever stands around it.
constexpr std::uint32_t kEntriesOfPiece = 32;

// Raw deflate of one piece. What was compressed before is not looked back at.
class Deflater {
 public:
  Deflater() {
    ok_ = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8,
                       Z_DEFAULT_STRATEGY) == Z_OK;
  }

  ~Deflater() { deflateEnd(&stream_); }

  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void Add(std::string_view bytes) {
    piece_.crc = crc32_z(piece_.crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    piece_.length += bytes.size();
    // zlib counts in unsigned int.
    while (!bytes.empty()) {
      const std::string_view part = bytes.substr(0, std::size_t{1} << 30);
      Deflate(part, Z_NO_FLUSH);
      bytes.remove_prefix(part.size());
    }
  }

  // nullptr if zlib failed.
  std::shared_ptr<const Piece> Finish(bool last) && {
    Deflate({}, last ? Z_FINISH : Z_FULL_FLUSH);
    return ok_ ? std::make_shared<const Piece>(std::move(piece_)) : nullptr;
  }

 private:
  void Deflate(std::string_view bytes, int flush) {
    if (!ok_) return;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      if (deflate(&stream_, flush) == Z_STREAM_ERROR) {
        ok_ = false;
        return;
      }
      piece_.deflated.append(buffer_.data(), buffer_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_{};
  std::array<char, 64 << 10> buffer_;
  Piece piece_{{}, 0, 0};
  bool ok_ = false;
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

std::shared_ptr<const Piece> Compressed(std::span<const TarEntry> entries,
                                        const base::Sha256Digest& key, PieceCache* cache) {
  if (cache != nullptr) {
    if (auto known = cache->Find(key)) return known;
  }
  Deflater deflater;
  WriteEntries(entries, [&](std::string_view bytes) { deflater.Add(bytes); });
  auto piece = std::move(deflater).Finish(false);
  if (cache != nullptr && piece) cache->Put(key, piece);
  return piece;
}

std::string Joined(const std::vector<std::shared_ptr<const Piece>>& pieces) {
  std::size_t bytes = kGzipHeader.size() + 8;
  for (const auto& piece : pieces) bytes += piece->deflated.size();
  std::string joined;
  joined.reserve(bytes);
  joined = kGzipHeader;
  unsigned long crc = 0;
  std::uint64_t length = 0;
  for (const auto& piece : pieces) {
    joined += piece->deflated;
    crc = crc32_combine(crc, piece->crc, static_cast<z_off_t>(piece->length));
    length += piece->length;
  }
  for (const std::uint64_t number : {std::uint64_t{crc}, length}) {
    for (int shift = 0; shift < 32; shift += 8) {
      joined.push_back(static_cast<char>((number >> shift) & 0xff));
    }
  }
  return joined;
}

}  // namespace

std::shared_ptr<const Piece> PieceCache::Find(const base::Sha256Digest& piece) {
  const std::lock_guard lock(mutex_);
  const auto* found = pieces_.Find(piece);
  ++(found ? counts_.hits : counts_.misses);
  return found ? *found : nullptr;
}

void PieceCache::Put(const base::Sha256Digest& piece, std::shared_ptr<const Piece> made) {
  const std::size_t bytes = made->deflated.capacity() + sizeof(Piece) + 160;
  const std::lock_guard lock(mutex_);
  pieces_.Put(piece, std::move(made), bytes);
}

std::optional<base::Sha256Stream> PieceCache::FindHashed(const base::Sha256Digest& pieces) {
  const std::lock_guard lock(mutex_);
  const auto* found = hashed_.Find(pieces);
  ++(found ? counts_.hashed_hits : counts_.hashed_misses);
  return found ? std::optional(*found) : std::nullopt;
}

void PieceCache::PutHashed(const base::Sha256Digest& pieces, const base::Sha256Stream& hash) {
  const std::lock_guard lock(mutex_);
  hashed_.Put(pieces, hash, sizeof hash + 160);
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

base::Result<Packer> Packer::Of(const FileViews& files, PieceCache* pieces) {
  Packer packer;
  packer.pieces_ = pieces;
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
    const auto hashed = pieces_->FindHashed(parts_[known].until);
    if (!hashed) break;
    tar = *hashed;
    ++known;
  }
  for (const Part& part : std::span(parts_).subspan(known)) {
    WriteEntries(std::span(entries_).subspan(part.begin, part.end - part.begin), sink);
    if (pieces_ != nullptr) pieces_->PutHashed(part.until, tar);
  }
  WriteEnd(sink);
  return tar_digest_ = "sha256:" + base::Hex(tar.Finish());
}

base::Result<PackedArchive> Packer::Pack(std::size_t max_bytes, unsigned jobs) {
  std::vector<std::shared_ptr<const Piece>> pieces(parts_.size() + 1);
  std::atomic<std::size_t> next{0}, bytes{0};
  std::atomic<bool> failed = false;
  // The first to come hashes it all, the others compress.
  OC_TRY_DONE(base::FanOut(jobs, [&] {
    for (std::size_t i = next++; i <= parts_.size(); i = next++) {
      if (bytes > max_bytes || failed) return;
      if (i == 0) {
        TarDigest();
        continue;
      }
      const Part& part = parts_[i - 1];
      pieces[i - 1] = Compressed(std::span(entries_).subspan(part.begin, part.end - part.begin),
                                 part.key, pieces_);
      if (pieces[i - 1]) {
        bytes += pieces[i - 1]->deflated.size();
      } else {
        failed = true;
      }
    }
  }));
  Deflater end;
  WriteEnd([&](std::string_view zeros) { end.Add(zeros); });
  pieces.back() = std::move(end).Finish(true);
  if (failed || !pieces.back()) {
    return base::Fail(base::ErrorCode::kInternal, "cannot compress the archive");
  }
  const auto too_large = [&] {
    return base::Fail(
        base::ErrorCode::kLimit,
        "the archive takes more than " + std::to_string(max_bytes) + " bytes, compressed");
  };
  if (bytes > max_bytes) return too_large();
  PackedArchive packed;
  packed.tar_digest = tar_digest_;
  packed.bytes = Joined(pieces);
  if (packed.bytes.size() > max_bytes) return too_large();
  packed.digest = "sha256:" + base::Sha256Hex(packed.bytes);
  return packed;
}

base::Result<PackedArchive> Pack(const FileViews& files, const PackOptions& options) {
  OC_TRY(Packer packer, Packer::Of(files, options.pieces));
  return packer.Pack(options.max_bytes, options.jobs);
}

}  // namespace openchoreo::artifact
