#include <zlib.h>

#include <array>
#include <cstring>

#include "common/artifact/tar_writer.h"
#include "common/base/sha256.h"

namespace openchoreo::artifact {

namespace {

// Raw deflate between a header without time or name and the trailer, as gzip has them.
class GzipWriter {
 public:
  GzipWriter() {
    ok_ = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8,
                       Z_DEFAULT_STRATEGY) == Z_OK;
    static constexpr char kHeader[] = "\x1f\x8b\x08\0\0\0\0\0\0\xff";
    bytes_.assign(kHeader, 10);
  }

  ~GzipWriter() { deflateEnd(&stream_); }

  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  void Add(std::string_view piece) {
    crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(piece.data()), piece.size());
    length_ += piece.size();
    // zlib counts in unsigned int.
    while (!piece.empty()) {
      const std::string_view part = piece.substr(0, std::size_t{1} << 30);
      Deflate(part, Z_NO_FLUSH);
      piece.remove_prefix(part.size());
    }
  }

  bool ok() const { return ok_; }

  std::size_t size() const { return bytes_.size(); }

  std::string Finish() && {
    Deflate({}, Z_FINISH);
    for (const std::uint64_t number : {std::uint64_t{crc_}, length_}) {
      for (int shift = 0; shift < 32; shift += 8) {
        bytes_.push_back(static_cast<char>((number >> shift) & 0xff));
      }
    }
    return std::move(bytes_);
  }

 private:
  void Deflate(std::string_view piece, int flush) {
    if (!ok_) return;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      if (deflate(&stream_, flush) == Z_STREAM_ERROR) {
        ok_ = false;
        return;
      }
      bytes_.append(buffer_.data(), buffer_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_{};
  std::array<char, 64 << 10> buffer_;
  std::string bytes_;
  uLong crc_ = 0;
  std::uint64_t length_ = 0;
  bool ok_ = false;
};

}  // namespace

base::Result<std::string> TarDigest(const Files& files) {
  base::Sha256Stream tar;
  OC_TRY_DONE(WriteTar(files, [&](std::string_view piece) { tar.Update(piece); }));
  return "sha256:" + base::Hex(tar.Finish());
}

base::Result<PackedArchive> Pack(const Files& files, std::size_t max_bytes) {
  GzipWriter gzip;
  base::Sha256Stream tar;
  bool within = true;
  OC_TRY_DONE(WriteTar(files, [&](std::string_view piece) {
    if (!within) return;
    tar.Update(piece);
    gzip.Add(piece);
    within = gzip.size() <= max_bytes;
  }));
  if (!gzip.ok()) return base::Fail(base::ErrorCode::kInternal, "cannot compress the archive");
  PackedArchive packed;
  packed.bytes = std::move(gzip).Finish();
  if (packed.bytes.size() > max_bytes) {
    return base::Fail(
        base::ErrorCode::kLimit,
        "the archive takes more than " + std::to_string(max_bytes) + " bytes, compressed");
  }
  packed.digest = "sha256:" + base::Sha256Hex(packed.bytes);
  packed.tar_digest = "sha256:" + base::Hex(tar.Finish());
  return packed;
}

}  // namespace openchoreo::artifact
