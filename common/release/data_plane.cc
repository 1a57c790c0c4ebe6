#include "common/release/data_plane.h"

#include "common/base/go_quote.h"
#include "common/resource/dialect.h"
#include "common/value/map_builder.h"

namespace openchoreo::release {
namespace {

using names::Kind;
using resource::Object;
using value::Value;

constexpr std::string_view kDefault = "default";

base::Result<DataPlane> Found(const Object& object, base::Arena& arena) {
  DataPlane plane;
  plane.object = &object;
  plane.spec = object.spec();
  plane.annotations = object.root.Get("metadata", "annotations");
  if (object.kind == Kind::kClusterDataPlane) {
    // Upstream's stand-in DataPlane names a cluster-wide observability plane, whatever the
    // reference says.
    const Value reference = plane.spec.Get("observabilityPlaneRef");
    constexpr std::string_view kKind = "ClusterObservabilityPlane";
    if (reference.is_map() && reference.Get("kind").string_or_empty() != kKind) {
      plane.spec = value::WithKey(arena, plane.spec, "observabilityPlaneRef",
                                  value::WithKey(arena, reference, "kind", Value::String(kKind)));
    }
  }
  return plane;
}

}  // namespace

base::Result<DataPlane> FindDataPlane(const Object& environment, names::Dialect dialect,
                                      Lookup& lookup, base::Arena& arena) {
  const resource::Target target = resource::TargetOf(environment, "spec/dataPlaneRef");
  const resource::Repository& repository = lookup.repository();
  if (dialect == names::Dialect::kV012) {
    if (target.name.empty()) {
      base::Error error;
      error.code = base::ErrorCode::kInvalidResource;
      error.message =
          "Environment " + base::GoQuote(environment.name) + " has no DataPlaneRef configured";
      error.place = resource::PlaceOf(environment, "/spec");
      error.hint = "name a DataPlane in spec.dataPlaneRef";
      return base::Fail(std::move(error));
    }
    if (const Object* plane = lookup.Find(target)) return Found(*plane, arena);
    return base::Fail(MissingReference(repository,
                                       "DataPlane " + base::GoQuote(target.name) + " not found",
                                       resource::PlaceOf(environment, "/spec/dataPlaneRef"),
                                       target.kind, environment.ns, target.name));
  }
  std::string message = "DataPlane not found for environment " + base::GoQuote(environment.name);
  if (environment.spec().Get("dataPlaneRef").is_null()) {
    if (const Object* plane = lookup.Find(Kind::kDataPlane, environment.ns, kDefault))
      return Found(*plane, arena);
    if (const Object* plane = lookup.Find(Kind::kClusterDataPlane, {}, kDefault))
      return Found(*plane, arena);
    return base::Fail(MissingReference(repository, std::move(message),
                                       resource::PlaceOf(environment, "/spec"), Kind::kDataPlane,
                                       environment.ns, kDefault));
  }
  if (const Object* plane = lookup.Find(target)) return Found(*plane, arena);
  return base::Fail(MissingReference(repository, std::move(message),
                                     resource::PlaceOf(environment, "/spec/dataPlaneRef/name"),
                                     target.kind, environment.ns, target.name));
}

bool HasObservabilityPlane(const DataPlane& plane, names::Dialect dialect, Lookup& lookup,
                           std::string& why) {
  const Value reference = plane.spec.Get("observabilityPlaneRef");
  const std::string_view name = reference.Get("name").string_or_empty();
  if (dialect == names::Dialect::kV012) {
    if (!name.empty()) return true;
    why = "no ObservabilityPlaneRef configured";
    return false;
  }
  const std::string_view ns =
      plane.object->ns;  // "" for a ClusterDataPlane: only cluster-wide planes count
  if (reference.is_map()) {
    const resource::Target target =
        resource::TargetOf(*plane.object, "spec/observabilityPlaneRef", reference);
    if (lookup.Find(target)) return true;
    why = "ObservabilityPlane not found: " + std::string(names::NameOf(target.kind)) + " '" +
          std::string(name) + "' not found";
    if (!target.ns.empty()) why.append(" in namespace '").append(ns).append("'");
    return false;
  }
  if (!ns.empty() && lookup.Find(Kind::kObservabilityPlane, ns, kDefault)) return true;
  if (lookup.Find(Kind::kClusterObservabilityPlane, {}, kDefault)) return true;
  why = "ObservabilityPlane not found: no ObservabilityPlaneRef specified and ";
  if (ns.empty()) {
    why += "default ClusterObservabilityPlane 'default' not found";
  } else {
    why.append(
           "neither default ObservabilityPlane nor ClusterObservabilityPlane 'default' found in "
           "namespace '")
        .append(ns)
        .append("'");
  }
  return false;
}

}  // namespace openchoreo::release
