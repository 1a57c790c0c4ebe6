#include "common/artifact/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <span>

#include "common/base/hex.h"

namespace openchoreo::artifact {

namespace {

struct Known {
  DigestAlgorithm algorithm;
  std::string_view name;
  std::size_t hex_digits;
  const EVP_MD* (*evp)();
};

constexpr Known kKnown[] = {{DigestAlgorithm::kSha256, "sha256", 64, EVP_sha256},
                            {DigestAlgorithm::kSha384, "sha384", 96, EVP_sha384},
                            {DigestAlgorithm::kSha512, "sha512", 128, EVP_sha512}};

const Known& Of(DigestAlgorithm algorithm) { return kKnown[static_cast<std::size_t>(algorithm)]; }

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

base::Result<Digest> ParseDigest(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = colon == std::string_view::npos ? "sha256" : text.substr(0, colon);
  const std::string_view hex = colon == std::string_view::npos ? text : text.substr(colon + 1);
  for (const Known& known : kKnown) {
    if (known.name != name) continue;
    if (hex.size() == known.hex_digits && IsHex(hex))
      return Digest{known.algorithm, std::string(hex)};
    return base::Fail(
        base::ErrorCode::kUnreadableSource,
        "\"" + std::string(text.substr(0, 160)) + "\" is no " + std::string(name) + " digest");
  }
  return base::Fail(base::ErrorCode::kUnreadableSource, "unsupported digest algorithm \"" +
                                                            std::string(name.substr(0, 40)) +
                                                            "\" (sha256, sha384 and sha512 are)");
}

std::string ToString(const Digest& digest) {
  return std::string(Of(digest.algorithm).name) + ":" + digest.hex;
}

DigestStream::DigestStream(DigestAlgorithm algorithm)
    : algorithm_(algorithm), context_(EVP_MD_CTX_new()) {
  OC_CHECK(context_ != nullptr);
  OC_CHECK(EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), Of(algorithm).evp(), nullptr) ==
           1);
}

DigestStream::~DigestStream() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void DigestStream::Update(std::string_view bytes) {
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size());
}

Digest DigestStream::Finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw;
  unsigned size = 0;
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), raw.data(), &size);
  Digest digest{algorithm_, {}};
  base::AppendHex(digest.hex, std::span(raw).first(size));
  return digest;
}

}  // namespace openchoreo::artifact
