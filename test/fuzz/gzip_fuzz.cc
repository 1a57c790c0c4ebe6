// What is inflated, beside zlib: the same bytes of the same members, and an error where it has one.
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/artifact/gzip_reader.h"
#include "test/fuzz/require.h"

namespace {

namespace artifact = openchoreo::artifact;
namespace base = openchoreo::base;

constexpr std::size_t kMost = 4 << 20;

// In pieces of `size`. Nothing: an error; cut at about kMost bytes.
std::optional<std::string> Ours(std::string_view bytes, std::size_t size) {
  const artifact::ByteSource source = [&]() -> base::Result<std::string_view> {
    // Of its own on the heap, so that one byte too many is seen.
    static std::string piece;
    piece = std::string(bytes.substr(0, size));
    piece.shrink_to_fit();
    bytes.remove_prefix(piece.size());
    return std::string_view(piece);
  };
  artifact::GzipReader reader(source);
  std::string all;
  while (all.size() < kMost) {
    const auto piece = reader.Next();
    if (!piece) return std::nullopt;
    if (piece->empty()) break;
    all.append(*piece);
  }
  return all;
}

std::optional<std::string> Zlib(std::string_view bytes) {
  std::string all;
  while (all.size() < kMost && !bytes.empty() && bytes.front() == '\x1f') {
    z_stream stream{};
    if (inflateInit2(&stream, 31) != Z_OK) return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    int status = Z_OK;
    while (status == Z_OK && all.size() < kMost) {
      char out[65'536];
      stream.next_out = reinterpret_cast<Bytef*>(out);
      stream.avail_out = sizeof out;
      status = inflate(&stream, Z_NO_FLUSH);
      all.append(out, sizeof out - stream.avail_out);
    }
    bytes.remove_prefix(bytes.size() - stream.avail_in);
    inflateEnd(&stream);
    if (status != Z_STREAM_END && all.size() < kMost) return std::nullopt;
  }
  return all;
}

}  // namespace

// The first byte: how large the pieces are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || data[1] != 0x1f) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = Ours(bytes, size), pieces = Ours(bytes, data[0] + std::size_t{1});
  openchoreo::Require(whole.has_value() == pieces.has_value(), "pieces matter");
  const auto reference = Zlib(bytes);
  openchoreo::Require(whole.has_value() == reference.has_value(), "read by one of two");
  if (!whole || whole->size() >= kMost) return 0;
  openchoreo::Require(*whole == *pieces, "other bytes by pieces");
  openchoreo::Require(*whole == *reference, "other bytes than zlib's");
  return 0;
}
