#include "common/names/object_uid.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <span>

#include "common/base/hex.h"
#include "common/base/result.h"

namespace openchoreo::names {

namespace {

using Uuid = std::array<std::uint8_t, 16>;

constexpr Uuid kDnsNamespace = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                                0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};

Uuid Version5(const Uuid& space, std::string_view name) {
  std::string text(reinterpret_cast<const char*>(space.data()), space.size());
  text += name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  OC_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1);
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
