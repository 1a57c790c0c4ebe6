// Dialects: which shapes a resource was written in, and what a loaded object looks like then.
//
// Recognition is per resource, by fields only older (or only newer) CRDs have: `spec.containers`,
// `spec.schema`, string references, `componentTypeEnvOverrides`, … (shared notes "dialects",
// section 8). A resource with fields of both kinds that contradict each other is refused
// (kDialectConflict).
//
// What Load makes of v0.8–v0.17 shapes, so that look-ups and contexts have one model to read
// (as written → in Object::root):
//
// Environment
//   dataPlaneRef: x → dataPlaneRef: {kind: DataPlane, name: x}
//   gateway.publicVirtualHost (v0.15) → as DataPlane
// DataPlane
//   observabilityPlaneRef: x → {kind: ObservabilityPlane, name: x}
//   gateway.publicVirtualHost, publicHTTPPort (default 19080), publicHTTPSPort (19443), and
//   organizationVirtualHost, … (19081, 19444): kept; and added beside them
//   gateway.ingress.external (internal) {name, namespace, http{host,port}, https{host,port}}, with
//   gateway-default and openchoreo-data-plane, or publicGatewayName, … (v0.15). "" hosts add
//   nothing.
// Project
//   deploymentPipelineRef: p → {kind: DeploymentPipeline, name: p}
// DeploymentPipeline
//   sourceEnvironmentRef: e → {kind: Environment, name: e}
//   targetEnvironmentRefs[]{name, …} → {kind: Environment, name}
// Component
//   componentType: deployment/x → {kind: ComponentType, name: deployment/x}
//   traits[]{name, …} → kind: Trait added
//   type (legacy): kept
// ComponentType
//   allowedTraits[] name or {name} → {kind: Trait, name}
//   traits[].envOverrides (v0.14) → environmentConfigs; kind: Trait added
//   schema{types,parameters,envOverrides}: kept (dialect kV012); templates untouched
// Trait
//   schema: kept
// Workload
//   containers.<name>: kept as a map, whatever its size
//   valueFrom.secretRef → valueFrom.secretKeyRef
//   valueFrom.configurationGroupRef, connections: kept; never rendered, but part of release names
//   connections as a list (v0.17): dropped with a warning
//   endpoint type REST: kept; old templates see it
// ComponentRelease
//   componentType: <spec> → {kind: ComponentType, name: "", spec}
//   traits: {name: spec} → [{kind: Trait, name, spec}], sorted by name
//   componentProfile.traits[] → kind: Trait added
//   workload: as Workload
// ReleaseBinding
//   componentTypeEnvOverrides → componentTypeEnvironmentConfigs
//   traitOverrides → traitEnvironmentConfigs
//   workloadOverrides.containers.<name>: kept as a map; secretRef → secretKeyRef
//   state absent → Active
// Every kind with an owner
//   owner.project, owner.component (only the GitOps guide has them) → projectName, componentName,
//   with a warning
//
// So consumers meet two shapes of a workload: `container` (v1.x, and v0.15–v0.17) or `containers`;
// and two of a type or trait: `parameters`/`environmentConfigs` or `schema`. All else is the v1.x
// model. What has no effect on rendering (approval flags, image pull secrets, workflows, builds, …)
// is noted once per load.
//
// Object::dialect of a ReleaseBinding: what its own fields tell, else that of the ComponentRelease
// it names, else that of its Component's ComponentType, else kV1.
#pragma once

#include <string>
#include <string_view>

#include "common/base/diagnostic.h"
#include "common/names/kind.h"
#include "common/value/value.h"

namespace openchoreo::resource {

struct Object;

// The place of a node of object.root, by JSON pointer ("/spec/componentType/spec/resources/0");
// finds the node as it was written, whatever the older shape and whether the object stood in a
// List.
base::Place PlaceOf(const Object& object, std::string_view pointer);

// The dotted form of a pointer to a field: "/spec/env/0/name" → "spec.env[0].name".
std::string Dotted(std::string_view pointer);

// What v0.12 templates see as dataplane.publicVirtualHost and organizationVirtualHost, for a
// DataPlane spec of either dialect: the old field, else the host of gateway.ingress.external
// (internal), http before https. "" if there is none.
std::string_view PublicVirtualHost(const value::Value& data_plane_spec);
std::string_view OrganizationVirtualHost(const value::Value& data_plane_spec);

}  // namespace openchoreo::resource
