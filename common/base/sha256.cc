// The one-shot function of OpenSSL 3 looks its algorithm up in tables on every call, which takes
// five times as long as hashing a name; the functions it deprecates do not (docs/decisions/0016).
#define OPENSSL_SUPPRESS_DEPRECATED

#include "common/base/sha256.h"

#include <openssl/sha.h>

#include <type_traits>

#include "common/base/hex.h"

namespace openchoreo::base {

Sha256Digest Sha256(std::string_view bytes) {
  Sha256Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

Sha256Digest Sha256OfJoined(std::span<const std::string_view> parts, char separator,
                            std::string_view last) {
  Sha256Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) SHA256_Update(&context, &separator, 1);
    SHA256_Update(&context, parts[i].data(), parts[i].size());
  }
  if (!last.empty()) {
    SHA256_Update(&context, &separator, 1);
    SHA256_Update(&context, last.data(), last.size());
  }
  SHA256_Final(digest.data(), &context);
  return digest;
}

std::string Hex(const Sha256Digest& digest) {
  std::string text;
  AppendHex(text, digest);
  return text;
}

namespace {

SHA256_CTX* ContextIn(std::array<unsigned char, sizeof(SHA256_CTX)>& bytes) {
  static_assert(std::is_trivially_copyable_v<SHA256_CTX> &&
                alignof(SHA256_CTX) <= alignof(std::uint64_t));
  return reinterpret_cast<SHA256_CTX*>(bytes.data());
}

}  // namespace

Sha256Stream::Sha256Stream() { SHA256_Init(ContextIn(context_)); }

void Sha256Stream::Update(std::string_view bytes) {
  SHA256_Update(ContextIn(context_), bytes.data(), bytes.size());
}

Sha256Digest Sha256Stream::Finish() {
  Sha256Digest digest;
  SHA256_Final(digest.data(), ContextIn(context_));
  return digest;
}

}  // namespace openchoreo::base
