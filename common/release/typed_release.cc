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

// `type_key` is the type's in the release's spec.
base::Result<Snapshot> Derive(const Object& owner, Kind release, std::string_view type_key,
                              Value owner_names, Lookup& lookup, base::Arena& arena) {
  const resource::Target target = resource::TargetOf(owner, "spec/type");
  const Object* type = lookup.Find(target);
  const std::string_view kind = names::NameOf(target.kind);
  if (!type) {
    return base::Fail(MissingReference(
        lookup.repository(), std::string(kind) + " " + base::GoQuote(target.name) + " not found",
        resource::PlaceOf(owner, "/spec/type"), target.kind, owner.ns, target.name));
  }
  value::MapBuilder frozen(arena);
  frozen.Add("kind", Value::String(kind));
  frozen.Add("name", Value::String(target.name));
  frozen.Add("spec", type->spec());
  value::MapBuilder spec(arena);
  spec.Add("owner", owner_names);
  spec.Add(type_key, frozen.Build());
  if (const Value parameters = owner.spec().Get("parameters"); !parameters.is_null()) {
    spec.Add("parameters", parameters);
  }
  Snapshot snapshot;
  snapshot.kind = release;
  snapshot.ns = owner.ns;
  snapshot.owner = &owner;
  snapshot.type = type;
  snapshot.spec = spec.Build();
  snapshot.name = ReleaseName(release, names::Dialect::kV1, owner.name, snapshot.spec);
  snapshot.reads = lookup.reads();
  return snapshot;
}

}  // namespace

base::Result<Snapshot> DeriveProjectRelease(const Object& project, Lookup& lookup,
                                            base::Arena& arena) {
  value::MapBuilder owner(arena);
  owner.Add("projectName", Value::String(project.name));
  return Derive(project, Kind::kProjectRelease, "projectType", owner.Build(), lookup, arena);
}

base::Result<Snapshot> DeriveResourceRelease(const Object& owner, Lookup& lookup,
                                             base::Arena& arena) {
  value::MapBuilder names(arena);
  names.Add("projectName", owner.spec().Get("owner", "projectName"));
  names.Add("resourceName", Value::String(owner.name));
  return Derive(owner, Kind::kResourceRelease, "resourceType", names.Build(), lookup, arena);
}

}  // namespace openchoreo::release
