#include "common/platform/process/write_pieces.h"

#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace openchoreo::process {

namespace {

constexpr std::size_t kAtOnce = 1024;  // the most one writev takes

bool WriteSome(int descriptor, std::span<iovec> some) {
  while (!some.empty()) {
    const ssize_t written = ::writev(descriptor, some.data(), static_cast<int>(some.size()));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    auto left = static_cast<std::size_t>(written);
    while (!some.empty() && left >= some.front().iov_len) {
      left -= some.front().iov_len;
      some = some.subspan(1);
    }
    if (left == 0) continue;
    some.front().iov_base = static_cast<char*>(some.front().iov_base) + left;
    some.front().iov_len -= left;
  }
  return true;
}

}  // namespace

bool WritePieces(int descriptor, std::span<const std::string_view> pieces) {
  std::array<iovec, kAtOnce> some;
  while (!pieces.empty()) {
    std::size_t count = 0;
    for (; count < kAtOnce && !pieces.empty(); pieces = pieces.subspan(1)) {
      if (pieces.front().empty()) continue;
      some[count++] = {const_cast<char*>(pieces.front().data()), pieces.front().size()};
    }
    if (!WriteSome(descriptor, std::span(some).first(count))) return false;
  }
  return true;
}

}  // namespace openchoreo::process
