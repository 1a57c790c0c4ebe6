#include "common/artifact/gzip_header.h"

#include <isa-l/crc.h>

#include <cstdint>
#include <string>

namespace openchoreo::artifact {

namespace {

constexpr std::size_t kFixed = 10;
constexpr std::size_t kMost = 64 << 10;

enum Flag : unsigned { kChecksum = 2, kExtra = 4, kName = 8, kComment = 16, kReserved = 0xe0 };

unsigned Short(std::string_view bytes) {
  return static_cast<unsigned char>(bytes[0]) + 256u * static_cast<unsigned char>(bytes[1]);
}

}  // namespace

base::Result<std::size_t> GzipHeaderSize(std::string_view bytes) {
  constexpr std::string_view kBegins("\x1f\x8b\x08", 3);  // gzip, deflated
  const std::string_view begin = bytes.substr(0, kBegins.size());
  if (begin != kBegins.substr(0, begin.size())) return BrokenGzip("invalid header");
  bytes = bytes.substr(0, kMost);
  const auto unfinished = [&]() -> base::Result<std::size_t> {
    if (bytes.size() == kMost) return BrokenGzip("invalid header");
    return 0;
  };
  if (bytes.size() < kFixed) return unfinished();
  const auto flags = static_cast<unsigned char>(bytes[3]);
  if ((flags & kReserved) != 0) return BrokenGzip("invalid header");
  std::size_t size = kFixed;
  if ((flags & kExtra) != 0) {
    if (bytes.size() < size + 2) return unfinished();
    size += 2 + Short(bytes.substr(size));
  }
  for (const Flag text : {kName, kComment}) {
    if ((flags & text) == 0) continue;
    const std::size_t end = bytes.find('\0', size);
    if (end == std::string_view::npos) return unfinished();
    size = end + 1;
  }
  if ((flags & kChecksum) != 0) {
    if (bytes.size() < size + 2) return unfinished();
    const std::uint32_t sum =
        crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(bytes.data()), size);
    if (Short(bytes.substr(size)) != (sum & 0xffff)) return BrokenGzip("wrong checksum");
    size += 2;
  }
  return size <= bytes.size() ? size : unfinished();
}

tl::unexpected<base::Error> BrokenGzip(const char* why) {
  return base::Fail(base::ErrorCode::kUnreadableSource,
                    std::string("not a readable tar.gz archive: gzip: ") + why);
}

}  // namespace openchoreo::artifact
