// As common/base/sha256.cc: not by way of EVP (docs/decisions/0016).
#define OPENSSL_SUPPRESS_DEPRECATED

#include "common/names/object_uid.h"

#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <span>

#include "common/base/hex.h"

namespace openchoreo::names {

namespace {

using Uuid = std::array<std::uint8_t, 16>;

constexpr Uuid kDnsNamespace = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                                0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};

Uuid Version5(const Uuid& space, std::string_view name) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, space.data(), space.size());
  SHA1_Update(&context, name.data(), name.size());
  SHA1_Final(digest.data(), &context);
  Uuid id;
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = digest[i];
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x50);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
  return id;
}

}  // namespace

std::string ObjectUid(std::string_view kind, std::string_view ns, std::string_view name) {
  static const Uuid kSpace = Version5(kDnsNamespace, "openchoreo.dev");
  std::string path(kind);
  path += '/';
  path += ns;
  path += '/';
  path += name;
  const Uuid id = Version5(kSpace, path);
  std::string text;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    base::AppendHex(text, std::span(id).subspan(i, 1));
  }
  return text;
}

}  // namespace openchoreo::names
