// The one-shot function of OpenSSL 3 looks its algorithm up in tables on every call, which takes
// five times as long as hashing a name; the functions it deprecates do not (docs/decisions/0016).
#define OPENSSL_SUPPRESS_DEPRECATED

#include "common/base/sha256.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "common/base/hex.h"
#include "common/base/result.h"

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

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  OC_CHECK(EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr) == 1);
}

Sha256Stream::~Sha256Stream() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Sha256Stream::Update(std::string_view bytes) {
  OC_CHECK(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size()) == 1);
}

Sha256Digest Sha256Stream::Finish() {
  Sha256Digest digest;
  unsigned int size = 0;
  OC_CHECK(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), digest.data(), &size) == 1);
  return digest;
}

}  // namespace openchoreo::base
