// What the controller knows of the cluster: copies of the kinds it reads, and who is concerned by a
// change.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/platform/kube/reflect.h"

namespace openchoreo::flux {

struct ClusterOptions {
  std::string ns;      // "" = all namespaces
  std::string labels;  // which OpenChoreoSources are ours; sources and artifacts are never filtered
};

class Cluster {
 public:
  // `changed` is told each OpenChoreoSource that something of its own, a source of its or an
  // ExternalArtifact of its changed for; `lost` the name of each that is gone. Both on threads of
  // the cluster.
  Cluster(kube::Client& client, const ClusterOptions& options,
          std::function<void(const kube::Key&)> changed,
          std::function<void(const kube::Key& object, const std::string& artifact)> lost);
  ~Cluster();

  // Follows the API server on threads of its own until `cancel` is set; once.
  void Start(const base::Cancel& cancel);

  // Whether objects and artifacts have been listed.
  bool synced() const;

  const kube::Reflector& objects() const { return *objects_; }

  const kube::Reflector& artifacts() const { return *kinds_.at("ExternalArtifact"); }

  // Of a kind that spec.sources may name.
  const kube::Reflector& sources(const std::string& kind) const { return *kinds_.at(kind); }

  // The object that controls an ExternalArtifact, if it is one of ours now.
  std::optional<kube::Key> OwnerOf(const kube::Live& artifact) const;

  // ExternalArtifacts that the object of that uid controls.
  std::vector<kube::Key> ArtifactsOf(std::string_view uid) const;

 private:
  void SourceChanged(const std::string& kind, const kube::Key& key);
  void ArtifactChanged(const kube::Key& key, const kube::Live& before, const kube::Live& now);

  const std::function<void(const kube::Key&)> changed_;
  const std::function<void(const kube::Key&, const std::string&)> lost_;
  std::unique_ptr<kube::Reflector> objects_;
  std::map<std::string, std::unique_ptr<kube::Reflector>> kinds_;
  mutable std::mutex mutex_;
  std::map<std::string, std::set<kube::Key>, std::less<>> owned_;  // by the owner's uid
  std::vector<std::thread> threads_;
};

}  // namespace openchoreo::flux
