// What the cluster is told: ExternalArtifacts made, changed, held and deleted.
#include <algorithm>
#include <set>

#include "common/platform/service/log.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "flux-source/copy_archive.h"
#include "flux-source/metrics.h"
#include "flux-source/notifier.h"
#include "flux-source/parts.h"
#include "flux-source/reconciler.h"

namespace openchoreo::flux {

using base::ErrorCode;
using value::Value;

namespace {

constexpr std::size_t kManyObjects = 2'000;
constexpr std::string_view kLabelPrefix = "gitops.openchoreo.dev/";
constexpr std::string_view kSourceLabel = "gitops.openchoreo.dev/source";

// Labels of an ExternalArtifact that say which combination it is of.
std::map<std::string, std::string> CombinationOf(const Value& object) {
  std::map<std::string, std::string> labels;
  const Value all = object.Get("metadata", "labels");
  if (!all.is_map()) return labels;
  for (const value::MapEntry& entry : all.as_map()) {
    const std::string_view key = entry.key.as_string();
    if (key.starts_with(kLabelPrefix) && key != kSourceLabel) {
      labels.emplace(key, entry.value.string_or_empty());
    }
  }
  return labels;
}

Value WithMetadata(const Value& body, std::string_view key, std::string_view text,
                   base::Arena& arena) {
  const Value metadata = value::WithKey(arena, body.Get("metadata"), key, Value::String(text));
  return value::WithKey(arena, body, "metadata", metadata);
}

// `body` for the object of that uid and no other of its name.
Value WithUid(const Value& body, std::string_view uid, base::Arena& arena) {
  return WithMetadata(body, "uid", uid, arena);
}

// `body` for an object that is not there: an apply makes it whatever version is named, and is
// refused where one of another version is. No ExternalArtifact is a cluster's first write.
Value OnlyNew(const Value& body, base::Arena& arena) {
  return WithMetadata(body, "resourceVersion", "1", arena);
}

}  // namespace

void Reconciler::Note(Work& work, base::Error error) {
  if (!work.api_error) work.api_error = std::move(error);
}

// What was announced before this process knew of it.
void Reconciler::Recall(Work& work) {
  Memory& memory = work.memory;
  const std::vector<InventoryEntry> inventory = ReadInventory(work.object.object().Get("status"));
  for (const kube::Key& key : with_.cluster.ArtifactsOf(work.object.uid())) {
    if (memory.announced.contains(key.name)) continue;
    const kube::Live live = with_.cluster.artifacts().store().Get(key);
    if (!live) continue;
    auto artifact = ReadArtifact(live.object().Get("status", "artifact"));
    // Another's, or none of the store's: somebody changed it while nobody looked.
    if (!artifact || !IsStorePathOf({key.ns, key.name}, artifact->digest, artifact->path)) continue;
    Announced announced;
    announced.artifact = *std::move(artifact);
    announced.labels = CombinationOf(live.object());
    for (const InventoryEntry& entry : inventory) {
      if (entry.name == key.name) announced.bindings = entry.bindings;
    }
    memory.announced.emplace(key.name, std::move(announced));
  }
}

std::map<std::string, std::string> Reconciler::MetadataOf(const Work& work) const {
  std::map<std::string, std::string> metadata;
  for (std::size_t i = 0; i < work.sources.size(); ++i) {
    const Source& source = work.sources[i];
    metadata[std::string(kLabelPrefix) + "revision." + source.spec.alias] =
        source.artifact.revision;
    if (i != work.spec.origin) continue;
    const auto origin = source.artifact.metadata.find(std::string(kOriginRevision));
    metadata[std::string(kOriginRevision)] =
        origin == source.artifact.metadata.end() ? source.artifact.revision : origin->second;
  }
  return metadata;
}

std::string Reconciler::RevisionsOf(const Work& work) const {
  std::string text;
  for (const Source& source : work.sources) {
    text += (text.empty() ? "" : ", ") + source.spec.alias + "=" + source.artifact.revision;
  }
  return text;
}

WantedArtifact Reconciler::WantedOf(const Work& work, const std::string& name,
                                    const Announced& announced,
                                    const std::map<std::string, std::string>& labels) const {
  WantedArtifact wanted;
  wanted.key = {work.key.ns, name, ""};
  wanted.source_name = work.key.name;
  wanted.source_uid = work.object.uid();
  wanted.labels = labels;
  wanted.labels["app.kubernetes.io/managed-by"] = kManager;
  wanted.labels[std::string(kSourceLabel)] = LabelValue(work.key.name);
  wanted.labels.insert(work.spec.labels.begin(), work.spec.labels.end());
  wanted.annotations = work.spec.annotations;
  wanted.artifact = announced.artifact;
  wanted.artifact.url = options_.url_prefix + announced.artifact.path;
  return wanted;
}

// Whether `key` is somebody else's. `live` becomes what is there, empty if nothing is; `fresh`: as
// the API server has it now.
bool Reconciler::IsForeign(Work& work, const kube::Key& key, kube::Live& live, bool fresh) {
  live = fresh ? kube::Live() : with_.cluster.artifacts().store().Get(key);
  // Where the copy has nothing it may be behind: then Write is refused.
  if (!fresh && (!live || IsOwnedBy(live.object(), work.object.uid()))) return false;
  auto there = with_.client.Get(ExternalArtifacts(), key, work.cancel);
  if (!there && there.error().code == ErrorCode::kNotFound) {
    live = {};
    return false;
  }
  if (!there) {
    Note(work, std::move(there).error());
    return true;
  }
  live = *std::move(there);
  if (IsOwnedBy(live.object(), work.object.uid())) return false;
  work.conflicts.push_back(key.name);
  return true;
}

// Makes an ExternalArtifact say what is wanted, by the fewest writes. False if it could not be.
bool Reconciler::Tell(Work& work, const WantedArtifact& wanted, Announced& announced) {
  kube::Live live;
  if (IsForeign(work, wanted.key, live, false)) return false;
  kube::Live before = live;
  auto written = Write(work, wanted, announced, live, true);
  if (!written && (written.error().code == ErrorCode::kNotFound ||
                   written.error().code == ErrorCode::kConflict)) {
    // What was written to is another now, or gone, and the copy does not know it yet.
    if (IsForeign(work, wanted.key, live, true)) return false;
    before = live;
    written = Write(work, wanted, announced, live, false);
  }
  if (!written) {
    Note(work, std::move(written).error());
    return false;
  }
  if (*written) {
    work.announced = true;
    TellOfChange(work, wanted, before, live);
  }
  return true;
}

// The writes that are needed; `live` becomes what they made of it. Whether the status was one. One
// that is not there is made; `copied`: for all we know, so that it is refused (kConflict) if it is.
base::Result<bool> Reconciler::Write(Work& work, const WantedArtifact& wanted, Announced& announced,
                                     kube::Live& live, bool copied) {
  base::Arena arena;
  // commonMetadata is not known of a spec that cannot be read: what is there stays.
  const bool main =
      !live || (work.spec_known && !MainIsAsWanted(live.object(), wanted, announced.main_body));
  if (main) {
    const Value body = MainBody(wanted, arena);
    OC_TRY(live, with_.client.Apply(ExternalArtifacts(), wanted.key,
                                    live     ? WithUid(body, live.uid(), arena)
                                    : copied ? OnlyNew(body, arena)
                                             : body,
                                    kube::Part::kMain, kManager, work.cancel));
    announced.main_body = value::ToJson(body);
  } else if (work.spec_known && announced.main_body.empty()) {
    announced.main_body = value::ToJson(MainBody(wanted, arena));
  }
  if (StatusIsAsWanted(live.object(), wanted)) return false;
  const Value status =
      StatusBody(live.object(), wanted, service::Rfc3339(with_.clock.Now()), arena);
  OC_TRY(live,
         with_.client.Apply(ExternalArtifacts(), wanted.key, WithUid(status, live.uid(), arena),
                            kube::Part::kStatus, kManager, work.cancel));
  return true;
}

// One event per change of what is announced or why it is held.
void Reconciler::TellOfChange(const Work& work, const WantedArtifact& wanted,
                              const kube::Live& before, const kube::Live& now) {
  const Value status = before ? before.object().Get("status") : Value();
  const auto former = ReadArtifact(status.Get("artifact"));
  if (!wanted.ready) {
    const kube::Conditions conditions = kube::Conditions::Read(status.Get("conditions"));
    const kube::Condition* ready = conditions.Find("Ready");
    if (ready == nullptr || ready->reason != wanted.reason || ready->message != wanted.message) {
      with_.notifier.Tell(now, true, wanted.reason, wanted.message,
                          {{"revision", wanted.artifact.revision}});
    }
  } else if (!former || former->revision != wanted.artifact.revision) {
    with_.metrics.Announced();
    std::map<std::string, std::string> metadata = {{"revision", wanted.artifact.revision},
                                                   {"digest", wanted.artifact.digest}};
    const auto origin = wanted.artifact.metadata.find(std::string(kOriginRevision));
    if (origin != wanted.artifact.metadata.end()) metadata["originRevision"] = origin->second;
    with_.notifier.Tell(now, false, "NewArtifact", wanted.message + " from " + RevisionsOf(work),
                        metadata);
  }
}

// Keeps the last good version of an artifact, and says why. False if there is none.
bool Reconciler::Hold(Work& work, const std::string& name, const std::string& reason,
                      const std::string& message) {
  const auto found = work.memory.announced.find(name);
  if (found == work.memory.announced.end()) return false;
  Announced& announced = found->second;
  WantedArtifact wanted = WantedOf(work, name, announced, announced.labels);
  wanted.ready = false;
  wanted.reason = reason;
  wanted.message = message;
  // Another shard or replica may serve it still; who has not got it does not say that he has.
  if (!with_.store.Holds(announced.artifact.path) && !announced.artifact.url.empty() &&
      !CopyArchive(with_.http, with_.store, {work.key.ns, name}, announced.artifact.url,
                   announced.artifact.digest, CopyLimits(), work.cancel)) {
    wanted.artifact.url = announced.artifact.url;
    wanted.message += "\nThe last good artifact is not in the storage any more.";
  }
  if (Tell(work, wanted, announced)) {
    announced.artifact.url = wanted.artifact.url;
    work.lost.erase(name);
  }
  work.status.inventory.push_back(
      {name, announced.artifact.revision, announced.artifact.digest, announced.bindings, true});
  return true;
}

void Reconciler::HoldAll(Work& work, const std::string& reason, const std::string& message) {
  std::vector<std::string> names;
  for (const auto& [name, announced] : work.memory.announced) names.push_back(name);
  for (const std::string& name : names) Hold(work, name, reason, message);
}

void Reconciler::Announce(Work& work) {
  Memory& memory = work.memory;
  work.wanted.emplace();
  bool all_good = true;
  for (const KnownPart& part : memory.parts) {
    work.wanted->insert(part.name);
    // An environment that has no binding yet is no failure; one that lost its last is.
    if (part.state == PartState::kEmpty && !memory.announced.contains(part.name)) continue;
    if (part.state != PartState::kGood) {
      all_good = false;
      Hold(work, part.name, part.reason, part.message);
      continue;
    }
    Announced next =
        memory.announced.contains(part.name) ? memory.announced[part.name] : Announced();
    const Artifact former = next.artifact;
    std::optional<Folders> folders = std::move(next.folders);
    if (!folders && former.revision != part.artifact.revision) {
      folders = FoldersInStore(with_.store, former.path);  // announced by a former process
    }
    // The commit that last changed it is told, not the one at hand; who lost the ExternalArtifact
    // starts again.
    if (former.revision != part.artifact.revision || work.lost.contains(part.name)) {
      next.artifact.metadata = MetadataOf(work);
    }
    if (former.revision != part.artifact.revision || former.digest != part.artifact.digest) {
      next.artifact.last_update_time = service::Rfc3339(with_.clock.Now());
    }
    next.artifact.revision = part.artifact.revision;
    next.artifact.digest = part.artifact.digest;
    next.artifact.path = part.artifact.path;
    next.artifact.size = part.artifact.size;
    next.labels = part.labels;
    next.bindings = part.bindings;
    next.folders = part.folders;
    WantedArtifact wanted = WantedOf(work, part.name, next, part.labels);
    next.artifact.url = wanted.artifact.url;
    wanted.reason = "Succeeded";
    wanted.message = "stored artifact for revision " + next.artifact.revision;
    if (!Tell(work, wanted, next)) {
      all_good = false;
      if (!former.revision.empty()) {
        work.status.inventory.push_back({part.name, former.revision, former.digest,
                                         memory.announced[part.name].bindings, false});
      }
      continue;
    }
    memory.announced[part.name] = next;
    work.lost.erase(part.name);
    const Owner owner{work.key.ns, part.name};
    if (!former.path.empty() && former.path != next.artifact.path) with_.store.Retire(former.path);
    with_.store.Collect(owner, {next.artifact.path}, options_.retention, options_.records);
    work.status.inventory.push_back(
        {part.name, next.artifact.revision, next.artifact.digest, part.bindings, false});
    if (part.objects > kManyObjects && former.revision != next.artifact.revision) {
      with_.notifier.Tell(work.object, true, "LargeArtifact",
                          part.name + " holds " + std::to_string(part.objects) +
                              " objects, which one Kustomization applies slowly: add Project to "
                              "spec.splitBy",
                          {});
    }
    TellOfVanished(work, part, folders);
  }
  SetOutcome(work, all_good);
}

// Paths of an artifact that has just been announced which its former version had. Who points at
// one of them is left with what he applied.
void Reconciler::TellOfVanished(const Work& work, const KnownPart& part,
                                const std::optional<Folders>& former) {
  if (!former) return;
  const std::string text = TextOfVanished(part.name, *former, part.folders);
  if (!text.empty()) with_.notifier.Tell(work.object, true, "PathsVanished", text, {});
}

void Reconciler::SetOutcome(Work& work, bool all_good) const {
  const Memory& memory = work.memory;
  if (all_good && !work.api_error) {
    work.status.outcome = {
        true, "Succeeded",
        "announced " + std::to_string(work.status.inventory.size()) +
            (work.status.inventory.size() == 1 ? " artifact of " : " artifacts of ") +
            RevisionsOf(work),
        false};
  } else if (work.api_error) {
    work.status.outcome = {false, "ReconciliationFailed", work.api_error->message, false};
  } else if (!work.conflicts.empty()) {
    std::string text;
    for (const std::string& name : work.conflicts) text += (text.empty() ? "" : ", ") + name;
    work.status.outcome = {false, "OwnershipConflict",
                           "these ExternalArtifacts are not of this object and are left alone: " +
                               text + (memory.message.empty() ? "" : "\n" + memory.message),
                           false};
  } else {
    work.status.outcome = {false, memory.reason.empty() ? "BuildFailed" : memory.reason,
                           memory.message, false};
  }
}

// The sources of what is in memory.
void Reconciler::ObserveAsMade(Work& work) const {
  work.status.observed.clear();
  for (const Source& source : work.sources) {
    work.status.observed.push_back({source.spec.alias, source.spec.kind, source.spec.ns,
                                    source.spec.name, source.artifact.revision,
                                    source.artifact.digest});
  }
}

// Artifacts whose combination is in the tree no more.
void Reconciler::DeleteGone(Work& work) {
  if (!work.wanted) return;  // what is wanted is not known
  Memory& memory = work.memory;
  std::set<std::string> known;
  for (const kube::Key& key : with_.cluster.ArtifactsOf(work.object.uid())) known.insert(key.name);
  for (const auto& [name, announced] : memory.announced) known.insert(name);
  for (const std::string& name : known) {
    if (work.wanted->contains(name)) continue;
    const kube::Key key{work.key.ns, name, ""};
    kube::Live live;
    if (!IsForeign(work, key, live, false) && live) {
      auto deleted = with_.client.Delete(ExternalArtifacts(), key, live.uid(), work.cancel);
      if (!deleted) {
        Note(work, std::move(deleted).error());
        continue;
      }
      with_.notifier.Tell(work.object, true, "ArtifactVanished",
                          name +
                              " is deleted, since nothing in the sources belongs to it any more. "
                              "A Kustomization that reads it prunes nothing: what it applied "
                              "stays until that Kustomization is deleted",
                          {});
    }
    with_.store.Remove({work.key.ns, name});
    memory.announced.erase(name);
    work.lost.erase(name);
  }
}

}  // namespace openchoreo::flux
