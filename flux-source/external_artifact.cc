#include "flux-source/external_artifact.h"

#include "common/platform/kube/conditions.h"
#include "common/platform/kube/live.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "flux-source/spec.h"

namespace openchoreo::flux {

namespace {

using value::Value;

Value Text(base::Arena& arena, std::string_view text) {
  return Value::String(arena.CopyString(text));
}

Value StringMap(const std::map<std::string, std::string>& map, base::Arena& arena) {
  value::MapBuilder builder(arena);
  for (const auto& [key, text] : map) builder.Add(arena.CopyString(key), Text(arena, text));
  return map.empty() ? Value::Omit() : builder.Build();
}

Value ArtifactValue(const Artifact& artifact, base::Arena& arena) {
  return value::MakeMap(arena, {{"digest", Text(arena, artifact.digest)},
                                {"lastUpdateTime", Text(arena, artifact.last_update_time)},
                                {"metadata", StringMap(artifact.metadata, arena)},
                                {"path", Text(arena, artifact.path)},
                                {"revision", Text(arena, artifact.revision)},
                                {"size", Value::Int(static_cast<std::int64_t>(artifact.size))},
                                {"url", Text(arena, artifact.url)}});
}

// Our condition among those of `object`, changed to what is wanted; others' stay out: the list is
// applied whole.
kube::Conditions ConditionsOf(const Value& object, const WantedArtifact& wanted,
                              std::string_view now) {
  kube::Conditions conditions = kube::Conditions::Read(object.Get("status", "conditions"));
  std::vector<std::string> others;
  for (const kube::Condition& condition : conditions.all()) {
    if (condition.type != "Ready") others.push_back(condition.type);
  }
  for (const std::string& type : others) conditions.Remove(type);
  const Value generation = object.Get("metadata", "generation");
  conditions.Set({"Ready", wanted.ready ? "True" : "False", wanted.reason, wanted.message,
                  generation.is_int() ? generation.as_int() : 0, ""},
                 now);
  return conditions;
}

bool HoldsAll(const Value& map, const std::map<std::string, std::string>& wanted) {
  for (const auto& [key, text] : wanted) {
    const Value* found = map.Find(key);
    if (found == nullptr || found->string_or_empty() != text) return false;
  }
  return true;
}

}  // namespace

kube::Resource SourceResource(std::string_view kind) {
  struct Known {
    std::string_view kind, plural;
  };

  static constexpr Known kKnown[] = {{"GitRepository", "gitrepositories"},
                                     {"OCIRepository", "ocirepositories"},
                                     {"Bucket", "buckets"},
                                     {"ExternalArtifact", "externalartifacts"}};
  for (const Known& known : kKnown) {
    if (known.kind == kind) {
      return {"source.toolkit.fluxcd.io", "v1", std::string(known.plural), std::string(kind), true};
    }
  }
  return {};
}

const kube::Resource& ExternalArtifacts() {
  static const kube::Resource kResource = SourceResource("ExternalArtifact");
  return kResource;
}

const kube::Resource& OpenChoreoSources() {
  static const kube::Resource kResource{std::string(kGroup), std::string(kVersion),
                                        "openchoreosources", std::string(kKind), true};
  return kResource;
}

std::optional<Artifact> ReadArtifact(const Value& value) {
  Artifact artifact;
  artifact.path = value.Get("path").string_or_empty();
  artifact.url = value.Get("url").string_or_empty();
  artifact.digest = value.Get("digest").string_or_empty();
  artifact.revision = value.Get("revision").string_or_empty();
  artifact.last_update_time = value.Get("lastUpdateTime").string_or_empty();
  if (artifact.url.empty() || artifact.digest.empty() || artifact.revision.empty()) {
    return std::nullopt;
  }
  const Value size = value.Get("size");
  if (size.is_int() && size.as_int() > 0) artifact.size = static_cast<std::uint64_t>(size.as_int());
  const Value metadata = value.Get("metadata");
  if (metadata.is_map()) {
    for (const value::MapEntry& entry : metadata.as_map()) {
      artifact.metadata.emplace(entry.key.as_string(), entry.value.string_or_empty());
    }
  }
  return artifact;
}

bool IsOwnedBy(const Value& object, std::string_view uid) {
  const Value owners = object.Get("metadata", "ownerReferences");
  if (!owners.is_list()) return false;
  for (const Value& owner : owners.as_list()) {
    if (owner.Get("uid").string_or_empty() == uid) return true;
  }
  return false;
}

Value MainBody(const WantedArtifact& wanted, base::Arena& arena) {
  const Value owner = value::MakeMap(arena, {{"apiVersion", Value::String(kApiVersion)},
                                             {"blockOwnerDeletion", Value::Bool(true)},
                                             {"controller", Value::Bool(true)},
                                             {"kind", Value::String(kKind)},
                                             {"name", Text(arena, wanted.source_name)},
                                             {"uid", Text(arena, wanted.source_uid)}});
  const Value metadata =
      value::MakeMap(arena, {{"annotations", StringMap(wanted.annotations, arena)},
                             {"labels", StringMap(wanted.labels, arena)},
                             {"name", Text(arena, wanted.key.name)},
                             {"namespace", Text(arena, wanted.key.ns)},
                             {"ownerReferences", value::MakeList(arena, {owner})}});
  const Value reference = value::MakeMap(arena, {{"apiVersion", Value::String(kApiVersion)},
                                                 {"kind", Value::String(kKind)},
                                                 {"name", Text(arena, wanted.source_name)},
                                                 {"namespace", Text(arena, wanted.key.ns)}});
  return value::MakeMap(arena, {{"apiVersion", Text(arena, ExternalArtifacts().api_version())},
                                {"kind", Text(arena, ExternalArtifacts().kind)},
                                {"metadata", metadata},
                                {"spec", value::MakeMap(arena, {{"sourceRef", reference}})}});
}

bool MainIsAsWanted(const Value& object, const WantedArtifact& wanted, std::string_view formerly) {
  base::Arena arena;
  const Value body = MainBody(wanted, arena);
  if (formerly.empty()) {
    const Value labels = object.Get("metadata", "labels");
    if (labels.size() != wanted.labels.size()) return false;
  } else if (formerly != value::ToJson(body)) {
    return false;
  }
  const Value owners = object.Get("metadata", "ownerReferences");
  return HoldsAll(object.Get("metadata", "labels"), wanted.labels) &&
         HoldsAll(object.Get("metadata", "annotations"), wanted.annotations) && owners.is_list() &&
         owners.size() == 1 && value::JsonEquals(owners, body.Get("metadata", "ownerReferences")) &&
         value::JsonEquals(object.Get("spec"), body.Get("spec"));
}

Value StatusBody(const Value& object, const WantedArtifact& wanted, std::string_view now,
                 base::Arena& arena) {
  const Value status =
      value::MakeMap(arena, {{"artifact", ArtifactValue(wanted.artifact, arena)},
                             {"conditions", ConditionsOf(object, wanted, now).ToValue(arena)}});
  return value::MakeMap(
      arena, {{"apiVersion", Text(arena, ExternalArtifacts().api_version())},
              {"kind", Text(arena, ExternalArtifacts().kind)},
              {"metadata", value::MakeMap(arena, {{"name", Text(arena, wanted.key.name)},
                                                  {"namespace", Text(arena, wanted.key.ns)}})},
              {"status", status}});
}

bool StatusIsAsWanted(const Value& object, const WantedArtifact& wanted) {
  const Value status = object.Get("status");
  base::Arena arena;
  // `now` is not looked at: a transition changes the condition's status, too.
  return value::JsonEquals(status.Get("artifact"), ArtifactValue(wanted.artifact, arena)) &&
         value::JsonEquals(status.Get("conditions"),
                           ConditionsOf(object, wanted, "-").ToValue(arena));
}

}  // namespace openchoreo::flux
