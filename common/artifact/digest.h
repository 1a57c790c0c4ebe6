// Digests as Flux writes them: "sha256:<hex>", of what is announced and of what is downloaded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace openchoreo::artifact {

enum class DigestAlgorithm : std::uint8_t { kSha256, kSha384, kSha512 };

struct Digest {
  DigestAlgorithm algorithm = DigestAlgorithm::kSha256;
  std::string hex;  // lower case

  bool operator==(const Digest&) const = default;
};

// Reads "<algorithm>:<hex>"; hex digits alone are sha256. Errors (kUnreadableSource): another
// algorithm, a wrong number of digits. Follows fluxcd/pkg http/fetch (which algorithms are
// accepted); differs: blake3 is not.
base::Result<Digest> ParseDigest(std::string_view text);

std::string ToString(const Digest& digest);

// A digest over pieces. Not thread-safe.
class DigestStream {
 public:
  explicit DigestStream(DigestAlgorithm algorithm);
  ~DigestStream();
  DigestStream(const DigestStream&) = delete;
  DigestStream& operator=(const DigestStream&) = delete;

  void Update(std::string_view bytes);
  Digest Finish();

 private:
  DigestAlgorithm algorithm_;
  void* context_;
};

}  // namespace openchoreo::artifact
