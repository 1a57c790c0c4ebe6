#include "common/release/snapshot.h"

#include "common/resource/dialect.h"

namespace openchoreo::release {

Snapshot FromTree(const resource::Object& release) {
  Snapshot snapshot;
  snapshot.kind = release.kind;
  snapshot.dialect = release.dialect;
  snapshot.ns = release.ns;
  snapshot.name = release.name;
  snapshot.spec = release.spec();
  snapshot.object = &release;
  return snapshot;
}

base::Place TypePlace(const Snapshot& snapshot) {
  if (!snapshot.object) return resource::PlaceOf(*snapshot.type, "/spec");
  switch (snapshot.kind) {
    case names::Kind::kProjectRelease:
      return resource::PlaceOf(*snapshot.object, "/spec/projectType/spec");
    case names::Kind::kResourceRelease:
      return resource::PlaceOf(*snapshot.object, "/spec/resourceType/spec");
    default:
      return resource::PlaceOf(*snapshot.object, "/spec/componentType/spec");
  }
}

base::Place ProfilePlace(const Snapshot& snapshot) {
  if (!snapshot.object) return resource::PlaceOf(*snapshot.owner, "/spec");
  return resource::PlaceOf(*snapshot.object, "/spec/componentProfile");
}

base::Place WorkloadPlace(const Snapshot& snapshot) {
  if (!snapshot.object) return resource::PlaceOf(*snapshot.workload, "/spec");
  return resource::PlaceOf(*snapshot.object, "/spec/workload");
}

base::Place TraitPlace(const Snapshot& snapshot, std::size_t index) {
  if (!snapshot.object) return resource::PlaceOf(*snapshot.traits[index], "/spec");
  return resource::PlaceOf(*snapshot.object, "/spec/traits/" + std::to_string(index) + "/spec");
}

}  // namespace openchoreo::release
