// Clusters that Secrets of the home cluster tell of: kubeconfigs by a label of ours, and Argo CD's
// cluster Secrets. A Secret that changes (its token or certificate rotates) makes the cluster anew.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/platform/http/client.h"
#include "common/platform/kube/access.h"
#include "common/platform/kube/client.h"
#include "common/value/value.h"
#include "health/kind_watch.h"
#include "health/mapper.h"

namespace openchoreo::mapper {

// `gitops.openchoreo.dev/data-plane` on a Secret with the key `kubeconfig`, `value` or `config`.
inline constexpr std::string_view kDataPlaneLabel = "gitops.openchoreo.dev/data-plane";

// The name and access a Secret tells of. Errors: kUsage, with what is wrong; never a secret's text.
struct DataPlane {
  std::string name;
  kube::Access access;
};

base::Result<DataPlane> ReadDataPlane(const value::Value& secret);

// Adds to `mapper` what the Secrets of a namespace tell of, and takes away what is gone.
// `home`, `http` and `mapper` must outlive it.
class DataPlanes {
 public:
  struct Options {
    std::string ns;     // of the Secrets; "" = the whole cluster
    bool argo = false;  // Argo CD's cluster Secrets as well
    kube::ClientOptions client;
    WatchOptions watch;
    std::function<void(std::string_view)> log;
  };

  // Whether the Secrets were listed, or it is known why they cannot be.
  bool known() const;

  DataPlanes(kube::Client& home, http::Client& http, Mapper& mapper, Options options);

 private:
  void Changed(const kube::Key& key, const kube::Live& before, const kube::Live& now);

  http::Client& http_;
  Mapper& mapper_;
  const Options options_;
  std::unique_ptr<KindWatch> ours_, argo_;
};

}  // namespace openchoreo::mapper
