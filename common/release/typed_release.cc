// Project → ProjectRelease and Resource → ResourceRelease.
#include "common/base/go_quote.h"
#include "common/release/release_name.h"
#include "common/release/snapshot.h"
#include "common/resource/dialect.h"
#include "common/value/map_builder.h"

namespace openchoreo::release {
namespace {

using names::Kind;
using resource::Object;
using value::Value;

struct Kinds {
  Kind release, type, cluster_type;
  std::string_view type_key;  // in the release's spec
};

base::Result<Snapshot> Derive(const Object& owner, const Kinds& kinds, Value owner_names,
                              Lookup& lookup, base::Arena& arena) {
  const Value reference = owner.spec().Get("type");
  const std::string_view name = reference.Get("name").string_or_empty();
  const bool cluster = reference.Get("kind").string_or_empty() == names::NameOf(kinds.cluster_type);
  const Kind kind = cluster ? kinds.cluster_type : kinds.type;
  const Object* type = lookup.Find(kind, cluster ? std::string_view() : owner.ns, name);
  if (!type) {
    return base::Fail(MissingReference(
        lookup.repository(),
        std::string(names::NameOf(kind)) + " " + base::GoQuote(name) + " not found",
        resource::PlaceOf(owner, "/spec/type"), kind, owner.ns, name));
  }
  value::MapBuilder frozen(arena);
  frozen.Add("kind", Value::String(names::NameOf(kind)));
  frozen.Add("name", Value::String(name));
  frozen.Add("spec", type->spec());
  value::MapBuilder spec(arena);
  spec.Add("owner", owner_names);
  spec.Add(kinds.type_key, frozen.Build());
  if (const Value parameters = owner.spec().Get("parameters"); !parameters.is_null()) {
    spec.Add("parameters", parameters);
  }
  Snapshot snapshot;
  snapshot.kind = kinds.release;
  snapshot.ns = owner.ns;
  snapshot.owner = &owner;
  snapshot.type = type;
  snapshot.spec = spec.Build();
  snapshot.name = ReleaseName(kinds.release, names::Dialect::kV1, owner.name, snapshot.spec);
  snapshot.reads = lookup.reads();
  return snapshot;
}

}  // namespace

base::Result<Snapshot> DeriveProjectRelease(const Object& project, Lookup& lookup,
                                            base::Arena& arena) {
  value::MapBuilder owner(arena);
  owner.Add("projectName", Value::String(project.name));
  return Derive(
      project,
      {Kind::kProjectRelease, Kind::kProjectType, Kind::kClusterProjectType, "projectType"},
      owner.Build(), lookup, arena);
}

base::Result<Snapshot> DeriveResourceRelease(const Object& owner, Lookup& lookup,
                                             base::Arena& arena) {
  value::MapBuilder names(arena);
  names.Add("projectName", owner.spec().Get("owner", "projectName"));
  names.Add("resourceName", Value::String(owner.name));
  return Derive(
      owner,
      {Kind::kResourceRelease, Kind::kResourceType, Kind::kClusterResourceType, "resourceType"},
      names.Build(), lookup, arena);
}

}  // namespace openchoreo::release
