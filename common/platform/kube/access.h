// How an API server is reached and as whom: in-cluster, by kubeconfig, or told by a test.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/platform/http/client.h"

namespace openchoreo::kube {

// Files are named, not read: they are read again whenever they change (token rotation, renewed
// certificates). A text and a file for one thing: the text counts.
struct Access {
  std::string server;  // "https://10.0.0.1:443", no slash at the end
  std::string ns;      // the namespace to use where none is given; "" = "default"
  std::string proxy;   // "" = as the environment says
  std::string token;
  std::string token_file;
  std::string user, password;  // basic authentication
  http::Tls tls;
  std::string authorities_file, certificate_file, key_file;
};

// The service account of a pod: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and the files
// below `folder`. Errors: kUnreadableSource (not in a cluster).
base::Result<Access> InClusterAccess(
    const std::string& folder = "/var/run/secrets/kubernetes.io/serviceaccount");

// A kubeconfig's text; `context` "" takes current-context. Relative file names count from `folder`.
// Programs that would have to be run for credentials (exec, auth-provider) are refused. Errors:
// kUsage, with what is wrong; never with a secret in it.
base::Result<Access> KubeconfigAccess(std::string_view text, const std::string& folder,
                                      std::string_view context = "");

// As our programs choose: in-cluster, else the file of `--kubeconfig`, else those of $KUBECONFIG
// (the first that has what is asked for, as kubectl merges them).
base::Result<Access> FindAccess(
    const std::string& kubeconfig_flag,
    const std::string& in_cluster_folder = "/var/run/secrets/kubernetes.io/serviceaccount");

// As kubectl chooses, for commands of people: the file `kubeconfig`, else those of $KUBECONFIG,
// else
// ~/.kube/config, else in-cluster; in the file that context, "" the current one. Errors as
// KubeconfigAccess; kUsage, too, where nothing names an API server.
base::Result<Access> FindUserAccess(const std::string& kubeconfig, const std::string& context);

// What the calls carry, from an Access whose files may change. Thread-safe.
class Credentials {
 public:
  explicit Credentials(Access access);

  struct Current {
    std::shared_ptr<const http::Tls> tls;
    std::string authorization;  // value of the header; "" = none
  };

  // Looks at the files' times first: a few system calls. Errors: kUnreadableSource. A file that
  // cannot be read for the moment counts as it was.
  base::Result<Current> Get();

  const Access& access() const { return access_; }

 private:
  struct File {
    std::string path;
    std::string content;
    std::string stamp;  // inode, size, time
  };

  base::Result<bool> Refresh(File& file);

  const Access access_;
  std::mutex mutex_;
  File token_, authorities_, certificate_, key_;
  std::shared_ptr<const http::Tls> tls_;
};

}  // namespace openchoreo::kube
