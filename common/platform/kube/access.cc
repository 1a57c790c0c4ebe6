#include "common/platform/kube/access.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include "common/base/base64.h"

namespace openchoreo::kube {

using base::ErrorCode;
using base::Fail;

namespace {

constexpr std::size_t kMaxFileBytes = 1u << 20;

base::Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return Fail(ErrorCode::kUnreadableSource, "cannot read " + path);
  if (text.view().size() > kMaxFileBytes)
    return Fail(ErrorCode::kLimit, path + " is larger than 1 MiB");
  return text.str();
}

// Changes whenever a file was written or replaced; "" if it is not there.
std::string StampOf(const std::string& path) {
  struct stat info {};

  if (stat(path.c_str(), &info) != 0) return "";
  return std::to_string(info.st_ino) + "/" + std::to_string(info.st_size) + "/" +
         std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
}

std::string TrimEnd(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  return text;
}

std::string Environment(const char* name) {
  const char* text = std::getenv(name);
  return text != nullptr ? text : "";
}

}  // namespace

base::Result<Access> InClusterAccess(const std::string& folder) {
  std::string host = Environment("KUBERNETES_SERVICE_HOST");
  const std::string port = Environment("KUBERNETES_SERVICE_PORT");
  if (host.empty() || port.empty() || StampOf(folder + "/token").empty()) {
    return Fail(ErrorCode::kUnreadableSource,
                "not in a cluster: no KUBERNETES_SERVICE_HOST, or no token in " + folder);
  }
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  Access access;
  access.server = "https://" + host + ":" + port;
  access.token_file = folder + "/token";
  access.authorities_file = folder + "/ca.crt";
  if (auto ns = ReadFile(folder + "/namespace")) access.ns = TrimEnd(*ns);
  return access;
}

namespace {

base::Result<Access> AccessOfFile(const std::string& path, std::string_view context) {
  OC_TRY(std::string text, ReadFile(path));
  const std::size_t slash = path.rfind('/');
  auto access =
      KubeconfigAccess(text, slash == std::string::npos ? "." : path.substr(0, slash), context);
  if (!access) return base::Wrap(path + ": ", std::move(access).error());
  return access;
}

// The first of the files of $KUBECONFIG that has what is asked for.
base::Result<Access> AccessOfList(const std::string& list, std::string_view context) {
  base::Error first;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t colon = std::min(list.find(':', at), list.size());
    const std::string path = list.substr(at, colon - at);
    at = colon + 1;
    if (path.empty()) continue;
    auto access = AccessOfFile(path, context);
    if (access) return access;
    if (first.code == ErrorCode::kNone) first = std::move(access).error();
  }
  if (first.code == ErrorCode::kNone) return Fail(ErrorCode::kUsage, "KUBECONFIG names no file");
  return Fail(std::move(first));
}

}  // namespace

base::Result<Access> FindAccess(const std::string& kubeconfig_flag,
                                const std::string& in_cluster_folder) {
  if (auto in_cluster = InClusterAccess(in_cluster_folder)) return in_cluster;
  if (!kubeconfig_flag.empty()) return AccessOfFile(kubeconfig_flag, "");
  if (const std::string list = Environment("KUBECONFIG"); !list.empty()) {
    return AccessOfList(list, "");
  }
  return Fail(ErrorCode::kUsage,
              "no API server is named: give --kubeconfig, set KUBECONFIG or run in a cluster");
}

base::Result<Access> FindUserAccess(const std::string& kubeconfig, const std::string& context) {
  if (!kubeconfig.empty()) return AccessOfFile(kubeconfig, context);
  if (const std::string list = Environment("KUBECONFIG"); !list.empty()) {
    return AccessOfList(list, context);
  }
  if (const std::string home = Environment("HOME"); !home.empty()) {
    const std::string path = home + "/.kube/config";
    if (!StampOf(path).empty()) return AccessOfFile(path, context);
  }
  if (context.empty()) {
    if (auto in_cluster = InClusterAccess()) return in_cluster;
  }
  return Fail(ErrorCode::kUsage,
              "no API server is named: give --kubeconfig, set KUBECONFIG or write ~/.kube/config");
}

Credentials::Credentials(Access access) : access_(std::move(access)) {
  if (access_.token.empty()) token_.path = access_.token_file;
  if (access_.tls.authorities.empty()) authorities_.path = access_.authorities_file;
  if (access_.tls.certificate.empty()) certificate_.path = access_.certificate_file;
  if (access_.tls.key.empty()) key_.path = access_.key_file;
}

base::Result<bool> Credentials::Refresh(File& file) {
  if (file.path.empty()) return false;
  std::string stamp = StampOf(file.path);
  if (stamp == file.stamp && !stamp.empty()) return false;
  auto content = ReadFile(file.path);
  if (!content || content->empty()) {
    if (!file.stamp.empty()) return false;  // being replaced: as it was
    return Fail(ErrorCode::kUnreadableSource,
                content ? file.path + " is empty" : std::move(content).error().message);
  }
  file.content = std::move(*content);
  file.stamp = std::move(stamp);
  return true;
}

base::Result<Credentials::Current> Credentials::Get() {
  std::lock_guard lock(mutex_);
  OC_TRY(bool authorities, Refresh(authorities_));
  OC_TRY(bool certificate, Refresh(certificate_));
  OC_TRY(bool key, Refresh(key_));
  if (!tls_ || authorities || certificate || key) {
    auto tls = std::make_shared<http::Tls>(access_.tls);
    if (!authorities_.path.empty()) tls->authorities = authorities_.content;
    if (!certificate_.path.empty()) tls->certificate = certificate_.content;
    if (!key_.path.empty()) tls->key = key_.content;
    tls_ = std::move(tls);
  }
  OC_TRY(bool token, Refresh(token_));
  (void)token;
  Current current{tls_, ""};
  if (!access_.token.empty()) {
    current.authorization = "Bearer " + access_.token;
  } else if (!token_.path.empty()) {
    current.authorization = "Bearer " + TrimEnd(token_.content);
  } else if (!access_.user.empty()) {
    current.authorization = "Basic ";
    base::AppendBase64(current.authorization, access_.user + ":" + access_.password);
  }
  return current;
}

}  // namespace openchoreo::kube
