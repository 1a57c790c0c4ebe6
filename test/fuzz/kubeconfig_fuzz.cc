// Any bytes as a kubeconfig: an access whose parts can go into a request, or an error that says
// what is wrong without quoting the file.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/platform/kube/access.h"
#include "test/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace openchoreo;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto access = kube::KubeconfigAccess(text, "/folder");
  if (!access) {
    Require(access.error().code == base::ErrorCode::kUsage, "another error than of usage");
    Require(!access.error().message.empty(), "an error that says nothing");
    Require(access.error().message.find("secret-") == std::string::npos, "a secret in a message");
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
