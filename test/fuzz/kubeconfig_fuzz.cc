// Any bytes as a kubeconfig: an access whose parts can go into a request, or an error that says
// what is wrong without quoting the file.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "common/platform/kube/access.h"
#include "test/fuzz/require.h"

namespace {

constexpr std::string_view kSecret = "secret-";

// Whether `word` is a name in the file: those may be quoted.
bool IsName(std::string_view text, std::string_view word) {
  constexpr std::string_view kKeys[] = {"name:", "cluster:", "user:", "context:", "namespace:"};
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::string_view before =
        text.substr(0, text.find_last_not_of(" \t'\"", at == 0 ? 0 : at - 1) + 1);
    if (std::any_of(std::begin(kKeys), std::end(kKeys),
                    [&](std::string_view key) { return before.ends_with(key); })) {
      return true;
    }
  }
  return false;
}

// Whether a message quotes what may be a credential.
bool QuotesASecret(std::string_view text, std::string_view message) {
  for (std::size_t at = message.find(kSecret); at != std::string_view::npos;
       at = message.find(kSecret, at + 1)) {
    const std::size_t begin = message.rfind('"', at), end = message.find('"', at);
    if (begin == std::string_view::npos || end == std::string_view::npos) return true;
    if (!IsName(text, message.substr(begin + 1, end - begin - 1))) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace openchoreo;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto access = kube::KubeconfigAccess(text, "/folder");
  if (!access) {
    Require(access.error().code == base::ErrorCode::kUsage, "another error than of usage");
    Require(!access.error().message.empty(), "an error that says nothing");
    Require(!QuotesASecret(text, access.error().message), "a secret in a message");
    return 0;
  }
  Require(access->server.starts_with("http://") || access->server.starts_with("https://"),
          "a server that is no URL");
  for (const std::string& part : {access->server, access->token}) {
    Require(std::none_of(part.begin(), part.end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
            "a line break would get into a request");
  }
  for (const std::string& path :
       {access->token_file, access->authorities_file, access->certificate_file, access->key_file}) {
    Require(path.empty() || path[0] == '/', "a file relative to nothing");
  }
  kube::Access alone = *access;  // without files: nothing of the machine is read
  alone.token_file = alone.authorities_file = alone.certificate_file = alone.key_file = "";
  Require(kube::Credentials(alone).Get().has_value(), "credentials without files need none");
  return 0;
}
