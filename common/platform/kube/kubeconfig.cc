// The kubeconfig file: what kubectl reads of it, but for programs that would have to be run.
#include <algorithm>
#include <string>
#include <utility>

#include "common/base/base64.h"
#include "common/platform/kube/access.h"
#include "common/yaml/reader.h"

namespace openchoreo::kube {

using base::ErrorCode;
using base::Fail;
using value::Value;

namespace {

constexpr std::size_t kMaxConfigBytes = 4u << 20;

// The `part` of the entry `name` of a list like [{name: x, cluster: {…}}]; the first of a name
// counts.
const Value* Entry(const Value& root, std::string_view list, std::string_view name,
                   std::string_view part) {
  const Value entries = root.Get(list);
  if (!entries.is_list()) return nullptr;
  for (const Value& entry : entries.as_list()) {
    if (entry.Get("name").string_or_empty() == name) return entry.Find(part);
  }
  return nullptr;
}

base::Result<std::string> Data(const Value& map, const char* field) {
  std::string decoded;
  if (!base::DecodeBase64(map.Get(field).string_or_empty(), decoded))
    return Fail(ErrorCode::kUsage, std::string(field) + " is no base64");
  return decoded;
}

std::string Path(const Value& map, std::string_view field, const std::string& folder) {
  const std::string path(map.Get(field).string_or_empty());
  return path.empty() || path[0] == '/' ? path : folder + "/" + path;
}

// A line break would begin another header.
bool IsOneLine(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
}

base::Result<void> ReadCluster(const Value& cluster, const std::string& folder, Access& access) {
  access.server = cluster.Get("server").string_or_empty();
  while (access.server.ends_with('/')) access.server.pop_back();
  const bool secure = access.server.starts_with("https://");
  if ((!secure && !access.server.starts_with("http://")) || !IsOneLine(access.server))
    return Fail(ErrorCode::kUsage, "the cluster's server is no http or https URL");
  OC_TRY(access.tls.authorities, Data(cluster, "certificate-authority-data"));
  access.authorities_file = Path(cluster, "certificate-authority", folder);
  access.tls.server_name = cluster.Get("tls-server-name").string_or_empty();
  const Value skip = cluster.Get("insecure-skip-tls-verify");
  access.tls.skip_verification = skip.is_bool() && skip.as_bool();
  access.proxy = cluster.Get("proxy-url").string_or_empty();
  return {};
}

base::Result<void> ReadUser(const Value& user, const std::string& folder, Access& access) {
  for (const char* program : {"exec", "auth-provider"}) {
    if (user.Find(program) != nullptr) {
      return Fail(ErrorCode::kUsage,
                  std::string("the user's credentials come from a program (") + program +
                      "), which is not run: use a token or a client certificate");
    }
  }
  for (const char* field : {"as", "as-uid", "as-groups", "as-user-extra"}) {
    if (user.Find(field) != nullptr)
      return Fail(ErrorCode::kUsage, std::string("impersonation (") + field + ") is not supported");
  }
  OC_TRY(access.tls.certificate, Data(user, "client-certificate-data"));
  OC_TRY(access.tls.key, Data(user, "client-key-data"));
  access.certificate_file = Path(user, "client-certificate", folder);
  access.key_file = Path(user, "client-key", folder);
  access.token = user.Get("token").string_or_empty();
  access.token_file = Path(user, "tokenFile", folder);
  access.user = user.Get("username").string_or_empty();
  access.password = user.Get("password").string_or_empty();
  if (!IsOneLine(access.token)) return Fail(ErrorCode::kUsage, "the user's token has a line break");
  const bool certificate = !access.tls.certificate.empty() || !access.certificate_file.empty();
  const bool key = !access.tls.key.empty() || !access.key_file.empty();
  if (certificate != key)
    return Fail(ErrorCode::kUsage, "a client certificate needs its key, and a key its certificate");
  return {};
}

}  // namespace

base::Result<Access> KubeconfigAccess(std::string_view text, const std::string& folder,
                                      std::string_view context) {
  base::Arena arena;
  base::RenderLimits limits;
  limits.max_file_bytes = kMaxConfigBytes;
  limits.max_nodes = 200'000;
  yaml::ReadResult read = yaml::Read(text, arena, limits);
  if (!read.errors.empty() || read.documents.empty() || !read.documents[0].root.is_map()) {
    // Not the reader's message: it may quote the text, and with it a secret.
    return Fail(ErrorCode::kUsage, "this is no kubeconfig: it cannot be read as a YAML map");
  }
  const Value& root = read.documents[0].root;
  const std::string wanted(context.empty() ? root.Get("current-context").string_or_empty()
                                           : context);
  if (wanted.empty()) return Fail(ErrorCode::kUsage, "no current-context is set");
  const Value* chosen = Entry(root, "contexts", wanted, "context");
  if (chosen == nullptr) return Fail(ErrorCode::kUsage, "there is no context \"" + wanted + "\"");
  const std::string cluster_name(chosen->Get("cluster").string_or_empty());
  const Value* cluster = Entry(root, "clusters", cluster_name, "cluster");
  if (cluster == nullptr)
    return Fail(ErrorCode::kUsage, "there is no cluster \"" + cluster_name + "\"");
  Access access;
  access.ns = chosen->Get("namespace").string_or_empty();
  OC_TRY_DONE(ReadCluster(*cluster, folder, access));
  const std::string user_name(chosen->Get("user").string_or_empty());
  if (const Value* user = Entry(root, "users", user_name, "user")) {
    OC_TRY_DONE(ReadUser(*user, folder, access));
  } else if (!user_name.empty()) {
    return Fail(ErrorCode::kUsage, "there is no user \"" + user_name + "\"");
  }
  return access;
}

}  // namespace openchoreo::kube
