#include "flux-source/cluster.h"

#include "common/value/unbudgeted.h"
#include "flux-source/external_artifact.h"
#include "flux-source/spec.h"

namespace openchoreo::flux {

namespace {

using value::Value;

constexpr const char* kSourceKinds[] = {"GitRepository", "OCIRepository", "Bucket"};

// The OpenChoreoSource that controls an ExternalArtifact; null if none does.
Value OwnerReference(const kube::Live& artifact) {
  const Value owners = artifact.object().Get("metadata", "ownerReferences");
  if (!owners.is_list()) return Value();
  for (const Value& owner : owners.as_list()) {
    if (owner.Get("kind").string_or_empty() == kKind &&
        owner.Get("apiVersion").string_or_empty().starts_with(kGroup)) {
      return owner;
    }
  }
  return Value();
}

kube::Selector SourceSelector(const std::string& ns) {
  kube::Selector selector;
  selector.ns = ns;
  selector.keep = std::make_shared<const value::FieldMask>(value::FieldMask::Only(
      {"/apiVersion", "/kind", "/metadata/name", "/metadata/namespace", "/metadata/uid",
       "/metadata/resourceVersion", "/metadata/deletionTimestamp", "/status/artifact"}));
  return selector;
}

}  // namespace

Cluster::Cluster(kube::Client& client, const ClusterOptions& options,
                 std::function<void(const kube::Key&)> changed,
                 std::function<void(const kube::Key&, const std::string&)> lost)
    : changed_(std::move(changed)), lost_(std::move(lost)) {
  kube::Selector ours;
  ours.ns = options.ns;
  ours.labels = options.labels;
  objects_ = std::make_unique<kube::Reflector>(
      client, OpenChoreoSources(), ours,
      [this](const kube::Key& key, const kube::Live&, const kube::Live&) { changed_(key); });
  // Sources may lie in other namespaces than the watched one: their readers are told apart by spec.
  kube::ReflectOptions by_artifact;
  by_artifact.same = [](const Value& before, const Value& now) {
    return value::JsonEquals(before.Get("status", "artifact"), now.Get("status", "artifact"));
  };
  for (const char* kind : kSourceKinds) {
    kinds_[kind] = std::make_unique<kube::Reflector>(
        client, SourceResource(kind), SourceSelector(options.ns),
        [this, kind](const kube::Key& key, const kube::Live&, const kube::Live&) {
          SourceChanged(kind, key);
        },
        by_artifact);
  }
  kube::Selector artifacts;
  artifacts.ns = options.ns;
  kinds_["ExternalArtifact"] = std::make_unique<kube::Reflector>(
      client, ExternalArtifacts(), artifacts,
      [this](const kube::Key& key, const kube::Live& before, const kube::Live& now) {
        ArtifactChanged(key, before, now);
      });
}

Cluster::~Cluster() {
  for (std::thread& thread : threads_) thread.join();
}

void Cluster::Start(const base::Cancel& cancel) {
  const auto follow = [&](kube::Reflector* reflector) {
    threads_.emplace_back([reflector, cancel] { reflector->Run(cancel); });
  };
  for (const auto& [kind, reflector] : kinds_) follow(reflector.get());
  follow(objects_.get());
}

bool Cluster::synced() const { return objects_->synced() && artifacts().synced(); }

std::optional<kube::Key> Cluster::OwnerOf(const kube::Live& artifact) const {
  const Value owner = OwnerReference(artifact);
  if (owner.is_null()) return std::nullopt;
  const kube::Key key{std::string(artifact.ns()), std::string(owner.Get("name").string_or_empty()),
                      ""};
  const kube::Live object = objects_->store().Get(key);
  if (!object || object.uid() != owner.Get("uid").string_or_empty()) return std::nullopt;
  return key;
}

std::vector<kube::Key> Cluster::ArtifactsOf(std::string_view uid) const {
  const std::lock_guard lock(mutex_);
  const auto found = owned_.find(uid);
  if (found == owned_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

void Cluster::SourceChanged(const std::string& kind, const kube::Key& key) {
  for (const kube::Live& object : objects_->store().All()) {
    const Value sources = object.object().Get("spec", "sources");
    if (!sources.is_list()) continue;
    for (const Value& source : sources.as_list()) {
      const std::string_view named = source.Get("namespace").string_or_empty();
      if (source.Get("kind").string_or_empty() == kind &&
          source.Get("name").string_or_empty() == key.name &&
          (named.empty() ? object.ns() : named) == key.ns) {
        changed_(object.key());
        break;
      }
    }
  }
}

void Cluster::ArtifactChanged(const kube::Key& key, const kube::Live& before,
                              const kube::Live& now) {
  const Value old_owner = before ? OwnerReference(before) : Value(),
              owner = now ? OwnerReference(now) : Value();
  {
    const std::lock_guard lock(mutex_);
    if (!old_owner.is_null()) {
      const auto found = owned_.find(old_owner.Get("uid").string_or_empty());
      if (found != owned_.end() && found->second.erase(key) > 0 && found->second.empty()) {
        owned_.erase(found);
      }
    }
    if (!owner.is_null()) owned_[std::string(owner.Get("uid").string_or_empty())].insert(key);
  }
  if (before && !now) {
    if (const auto object = OwnerOf(before)) lost_(*object, key.name);
  }
  for (const Value& who : {old_owner, owner}) {
    if (!who.is_null()) changed_({key.ns, std::string(who.Get("name").string_or_empty()), ""});
  }
  // It may also be an input.
  const bool same = before && now &&
                    value::JsonEquals(before.object().Get("status", "artifact"),
                                      now.object().Get("status", "artifact"));
  if (!same) SourceChanged("ExternalArtifact", key);
}

}  // namespace openchoreo::flux
