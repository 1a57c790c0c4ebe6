#include "health/cluster.h"

#include "common/health/rules.h"
#include "common/names/k8s_name.h"
#include "common/names/labels.h"

namespace openchoreo::mapper {

namespace labels = names::labels;
using value::Value;

namespace {

kube::Selector ObjectSelector(const KindName& kind) {
  static const auto kKeep = std::make_shared<const value::FieldMask>(value::FieldMask::Without(
      {"/metadata/managedFields", "/spec/template", "/spec/jobTemplate",
       "/spec/volumeClaimTemplates", "/data", "/binaryData", "/stringData"}));
  kube::Selector selector;
  selector.labels = std::string(labels::kManagedBy) + "=" + std::string(labels::kManager);
  selector.metadata_only = kind.api_version == "v1" && kind.kind == "Secret";
  selector.keep = kKeep;
  return selector;
}

kube::Selector RecordSelector() {
  kube::Selector selector;
  selector.labels = labels::kRecord;
  return selector;
}

std::string LabelOf(std::string_view name) {
  return name.size() <= names::kMaxLabelName ? std::string(name)
                                             : names::GenerateK8sName(names::kMaxLabelName, {name});
}

}  // namespace

Cluster::Cluster(std::string name, std::unique_ptr<kube::Client> client, ClusterEvents events,
                 std::shared_ptr<const health::OwnRules> rules, WatchOptions options)
    : name_(std::move(name)),
      client_(std::move(client)),
      events_(std::move(events)),
      rules_(std::move(rules)),
      options_(options) {
  records_ = std::make_unique<KindWatch>(
      *client_, KindName{"v1", "ConfigMap"}, RecordSelector(),
      [this](const kube::Key& key, const kube::Live&, const kube::Live& now) {
        events_.record(name_, key, now);
      },
      options_);
}

void Cluster::Use(const std::set<KindName>& kinds) {
  std::map<KindName, std::shared_ptr<KindWatch>> unused;
  {
    std::lock_guard lock(mutex_);
    for (auto watch = watches_.begin(); watch != watches_.end();) {
      if (kinds.contains(watch->first)) {
        ++watch;
      } else {
        unused.insert(watches_.extract(watch++));
      }
    }
    for (const KindName& kind : kinds) {
      if (watches_.contains(kind)) continue;
      watches_[kind] = std::make_shared<KindWatch>(
          *client_, kind, ObjectSelector(kind),
          [this, kind](const kube::Key& key, const kube::Live&, const kube::Live&) {
            events_.object(name_, kind, key);
          },
          options_);
    }
  }
  // Their threads end here, without the lock.
}

std::shared_ptr<KindWatch> Cluster::WatchOf(const KindName& kind) const {
  std::lock_guard lock(mutex_);
  const auto found = watches_.find(kind);
  return found == watches_.end() ? nullptr : found->second;
}

std::string Cluster::Troubles() const {
  std::string all = records().trouble;
  std::map<KindName, std::shared_ptr<KindWatch>> watches;
  {
    std::lock_guard lock(mutex_);
    watches = watches_;
  }
  for (const auto& [kind, watch] : watches) {
    const KindWatch::Standing standing = watch->standing(name_);
    if (standing.starting) all += "\n" + kind.kind + " is being listed";
    if (!standing.trouble.empty()) all += "\n" + kind.kind + ": " + standing.trouble;
  }
  return all;
}

Cluster::Seen Cluster::Look(const record::RecordedObject& object,
                            const health::Terms& terms) const {
  Seen seen;
  const auto watch = WatchOf({std::string(object.api_version), std::string(object.kind)});
  const KindWatch::Standing standing =
      watch ? watch->standing(name_) : KindWatch::Standing{true, ""};
  if (standing.starting || !standing.trouble.empty()) {
    seen.sight.kind = standing.starting ? Sight::Kind::kStarting : Sight::Kind::kBlind;
    seen.sight.why = standing.trouble;
    return seen;
  }
  seen.owner = watch->Get({std::string(object.ns), std::string(object.name), ""});
  if (!seen.owner) {
    seen.sight.kind = Sight::Kind::kAbsent;
    return seen;
  }
  seen.sight.kind = Sight::Kind::kSeen;
  seen.sight.object = seen.owner.object();
  if (rules_) {
    base::Arena arena;
    base::RenderLimits limits;
    limits.max_cel_steps = 1'000'000;
    limits.max_cel_bytes = 8u << 20;
    seen.sight.judgement =
        rules_->Judge(object.api_version, object.kind, seen.sight.object, terms, arena, limits);
  } else {
    seen.sight.judgement =
        health::JudgeObject(object.api_version, object.kind, seen.sight.object, terms);
  }
  seen.sight.digest =
      seen.sight.object.Get("metadata", "annotations", labels::kDigest).string_or_empty();
  return seen;
}

std::size_t Cluster::Remaining(std::string_view release, std::string_view ns) const {
  const std::string name = LabelOf(release), space = LabelOf(ns);
  std::map<KindName, std::shared_ptr<KindWatch>> watches;
  {
    std::lock_guard lock(mutex_);
    watches = watches_;
  }
  std::size_t count = 0;
  for (const auto& [kind, watch] : watches) {
    for (const kube::Live& live : watch->All()) {
      const Value given = live.object().Get("metadata", "labels");
      const auto is = [&](std::string_view name_key, std::string_view ns_key) {
        return given.Get(name_key).string_or_empty() == name &&
               given.Get(ns_key).string_or_empty() == space;
      };
      if (is(labels::kReleaseName, labels::kReleaseNamespace) ||
          is(labels::kOldReleaseName, labels::kOldReleaseNamespace)) {
        ++count;
      }
    }
  }
  return count;
}

}  // namespace openchoreo::mapper
