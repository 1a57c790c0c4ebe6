// SHA-256 (OpenSSL).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace openchoreo::base {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest Sha256(std::string_view bytes);

// Lower-case hexadecimal.
std::string Hex(const Sha256Digest& digest);
inline std::string Sha256Hex(std::string_view bytes) { return Hex(Sha256(bytes)); }

// Over a stream of pieces. Not thread-safe.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void Update(std::string_view bytes);
  Sha256Digest Finish();

 private:
  void* context_;
};

}  // namespace openchoreo::base
