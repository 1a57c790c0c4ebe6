// An ExternalArtifact as it should be, and how what is there differs from it. Pure.
//
// Follows source.toolkit.fluxcd.io/v1 (fields) and kustomize-controller (which reads
// status.artifact alone, and takes another revision as the one sign of change).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/platform/kube/resource.h"
#include "common/value/value.h"

namespace openchoreo::flux {

// metadata key of the origin revision, which kustomize-controller shows.
inline constexpr std::string_view kOriginRevision = "org.opencontainers.image.revision";

// "https://source.toolkit.fluxcd.io": GitRepository, OCIRepository, Bucket, ExternalArtifact.
kube::Resource SourceResource(std::string_view kind);
const kube::Resource& ExternalArtifacts();
const kube::Resource& OpenChoreoSources();

// status.artifact, of a source as well as of what we announce.
struct Artifact {
  std::string path, url, digest, revision;
  std::string last_update_time;  // RFC 3339
  std::uint64_t size = 0;
  std::map<std::string, std::string> metadata;

  bool operator==(const Artifact&) const = default;
};

// Nothing if `value` is no artifact (missing, or without url, digest or revision).
std::optional<Artifact> ReadArtifact(const value::Value& value);

// What an ExternalArtifact of ours should say.
struct WantedArtifact {
  kube::Key key;
  std::string source_name, source_uid;        // the OpenChoreoSource, in the same namespace
  std::map<std::string, std::string> labels;  // all of them
  std::map<std::string, std::string> annotations;
  Artifact artifact;
  bool ready = true;
  std::string reason, message;  // of Ready
};

// Whether `object` has the OpenChoreoSource of that uid as its controller.
bool IsOwnedBy(const value::Value& object, std::string_view uid);

// For server-side apply: metadata and spec.
value::Value MainBody(const WantedArtifact& wanted, base::Arena& arena);
// Whether applying MainBody would change nothing, as far as can be told: labels and annotations of
// others may be there as well, ours that are no longer wanted are seen by `formerly` (the former
// MainBody as JSON; "" if it is not known, then any label beyond the wanted ones counts as one).
bool MainIsAsWanted(const value::Value& object, const WantedArtifact& wanted,
                    std::string_view formerly);

// For server-side apply of the status: the artifact always goes along, for an apply without it
// would take it away. `object` as it is now (its generation and former condition), `now` RFC 3339.
value::Value StatusBody(const value::Value& object, const WantedArtifact& wanted,
                        std::string_view now, base::Arena& arena);
// Whether the status says all of StatusBody already, but for the time of the last transition.
bool StatusIsAsWanted(const value::Value& object, const WantedArtifact& wanted);

}  // namespace openchoreo::flux
