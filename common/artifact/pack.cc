#include <zlib.h>

#include <array>
#include <atomic>
#include <cstring>
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

std::vector<std::span<const TarEntry>> PiecesOf(std::span<const TarEntry> entries) {
  std::vector<std::span<const TarEntry>> pieces;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= entries.size(); ++i) {
    if (i < entries.size() && HashOf(entries[i].path) % kEntriesOfPiece != 0) continue;
    pieces.push_back(entries.subspan(begin, i - begin));
    begin = i;
  }
  return pieces;
}

std::shared_ptr<const Piece> Compressed(std::span<const TarEntry> entries, PieceCache* cache) {
  base::Sha256Digest key{};
  if (cache != nullptr) {
    base::Sha256Stream hash;
    WriteEntries(entries, [&](std::string_view bytes) { hash.Update(bytes); });
    key = hash.Finish();
    if (auto known = cache->Find(key)) return known;
  }
  Deflater deflater;
  WriteEntries(entries, [&](std::string_view bytes) { deflater.Add(bytes); });
  auto piece = std::move(deflater).Finish(false);
  if (cache != nullptr && piece) cache->Put(key, piece);
  return piece;
}

std::string DigestOf(std::span<const TarEntry> entries) {
  base::Sha256Stream tar;
  const ByteSink sink = [&](std::string_view bytes) { tar.Update(bytes); };
  WriteEntries(entries, sink);
  WriteEnd(sink);
  return "sha256:" + base::Hex(tar.Finish());
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

std::shared_ptr<const Piece> PieceCache::Find(const base::Sha256Digest& tar_bytes) {
  const std::lock_guard lock(mutex_);
  const auto* found = pieces_.Find(tar_bytes);
  ++(found ? hits_ : misses_);
  return found ? *found : nullptr;
}

PieceCache::Stats PieceCache::stats() const {
  const std::lock_guard lock(mutex_);
  return {hits_, misses_, pieces_.bytes()};
}

void PieceCache::Put(const base::Sha256Digest& tar_bytes, std::shared_ptr<const Piece> piece) {
  const std::size_t bytes = piece->deflated.capacity() + sizeof(Piece) + 160;
  const std::lock_guard lock(mutex_);
  pieces_.Put(tar_bytes, std::move(piece), bytes);
}

base::Result<std::string> TarDigest(const FileViews& files) {
  OC_TRY(const std::vector<TarEntry> entries, EntriesOf(files));
  return DigestOf(entries);
}

base::Result<PackedArchive> Pack(const FileViews& files, const PackOptions& options) {
  OC_TRY(const std::vector<TarEntry> entries, EntriesOf(files));
  const std::vector<std::span<const TarEntry>> parts = PiecesOf(entries);
  std::vector<std::shared_ptr<const Piece>> pieces(parts.size() + 1);
  PackedArchive packed;
  packed.tar_digest = options.tar_digest;
  std::atomic<std::size_t> next{0}, bytes{0};
  std::atomic<bool> failed = false;
  // The first to come hashes it all, the others compress.
  OC_TRY_DONE(base::FanOut(options.jobs, [&] {
    for (std::size_t i = next++; i <= parts.size(); i = next++) {
      if (bytes > options.max_bytes || failed) return;
      if (i == 0) {
        if (options.tar_digest.empty()) packed.tar_digest = DigestOf(entries);
        continue;
      }
      pieces[i - 1] = Compressed(parts[i - 1], options.pieces);
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
        "the archive takes more than " + std::to_string(options.max_bytes) + " bytes, compressed");
  };
  if (bytes > options.max_bytes) return too_large();
  packed.bytes = Joined(pieces);
  if (packed.bytes.size() > options.max_bytes) return too_large();
  packed.digest = "sha256:" + base::Sha256Hex(packed.bytes);
  return packed;
}

}  // namespace openchoreo::artifact
