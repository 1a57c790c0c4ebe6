// SHA-256 (OpenSSL).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace openchoreo::base {

using Sha256Digest = std::array<std::uint8_t, 32>;

// For tables by digest, whose bytes are as good as random: some of them are the hash.
struct DigestHasher {
  std::size_t operator()(const Sha256Digest& digest) const {
    std::size_t hash;
    static_assert(sizeof hash <= sizeof digest);
    std::memcpy(&hash, digest.data(), sizeof hash);
    return hash;
  }
};

Sha256Digest Sha256(std::string_view bytes);

// Of `parts` joined by `separator`, and `last` after another unless it is empty; nothing is joined
// for it.
Sha256Digest Sha256OfJoined(std::span<const std::string_view> parts, char separator,
                            std::string_view last = {});

// Lower-case hexadecimal.
std::string Hex(const Sha256Digest& digest);

inline std::string Sha256Hex(std::string_view bytes) { return Hex(Sha256(bytes)); }

// Over a stream of pieces. A copy goes on from where the original is. Not thread-safe.
class Sha256Stream {
 public:
  Sha256Stream();

  void Update(std::string_view bytes);

  // Once, at the end.
  Sha256Digest Finish();

 private:
  alignas(std::uint64_t) std::array<unsigned char, 112> context_;
};

}  // namespace openchoreo::base
