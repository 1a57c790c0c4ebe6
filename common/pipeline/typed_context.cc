#include "common/pipeline/typed_context.h"

#include <string>
#include <utility>

#include "common/pipeline/gateway_context.h"
#include "common/value/go_json_error.h"
#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::MakeMap;
using value::NonEmpty;
using value::Value;

Value MapOrEmpty(const Value& value) { return value.is_map() ? value : Value::Map({}); }

Value ProjectMetadata(const TypedInput& input, base::Arena& arena) {
  const Metadata& metadata = input.metadata;
  return MakeMap(arena, {{"annotations", MapOrEmpty(input.binding_annotations)},
                         {"dataPlaneName", Value::String(metadata.data_plane_name)},
                         {"dataPlaneUID", Value::String(metadata.data_plane_uid)},
                         {"environmentName", Value::String(metadata.environment_name)},
                         {"environmentUID", Value::String(metadata.environment_uid)},
                         {"labels", MapOrEmpty(metadata.labels)},
                         {"namespace", Value::String(metadata.ns)},
                         {"projectName", Value::String(metadata.project_name)},
                         {"projectNamespace", Value::String(metadata.component_namespace)},
                         {"projectUID", Value::String(metadata.project_uid)}});
}

Value ResourceMetadata(const TypedInput& input, base::Arena& arena) {
  const Metadata& metadata = input.metadata;
  return MakeMap(arena, {{"annotations", MapOrEmpty(input.binding_annotations)},
                         {"dataPlaneName", Value::String(metadata.data_plane_name)},
                         {"dataPlaneUID", Value::String(metadata.data_plane_uid)},
                         {"environmentName", Value::String(metadata.environment_name)},
                         {"environmentUID", Value::String(metadata.environment_uid)},
                         {"labels", MapOrEmpty(metadata.labels)},
                         {"name", Value::String(metadata.name)},
                         {"namespace", Value::String(metadata.ns)},
                         {"projectName", Value::String(metadata.project_name)},
                         {"projectUID", Value::String(metadata.project_uid)},
                         {"resourceName", Value::String(input.resource_name)},
                         {"resourceNamespace", Value::String(metadata.component_namespace)},
                         {"resourceUID", Value::String(input.resource_uid)}});
}

Value DataPlane(const Value& spec, base::Arena& arena) {
  const Value reference = spec.Get("observabilityPlaneRef");
  const Value plane =
      reference.is_map()
          ? MakeMap(arena, {{"kind", Value::String(reference.Get("kind").string_or_empty())},
                            {"name", Value::String(reference.Get("name").string_or_empty())}})
          : Value::Omit();
  return MakeMap(arena,
                 {{"gateway", GatewayOf(spec.Get("gateway"), EmptyNetwork::kDrop, arena)},
                  {"observabilityPlaneRef", plane},
                  {"secretStore", NonEmpty(spec.Get("secretStoreRef", "name").string_or_empty())}});
}

// Defaults filled in; values are kept as they are where there is no schema, and never validated.
base::Result<Value> Defaulted(const SchemaSection& section, const Value& raw, std::string_view name,
                              const base::Place& place, const base::Place& type_place,
                              base::Arena& arena) {
  if (std::string text = value::GoMapError(raw); !text.empty()) {
    base::Error error;
    error.code = base::ErrorCode::kSchemaValidation;
    error.message = "resolve " + std::string(name) + ": unmarshal: " + std::move(text);
    error.place = place;
    error.hint = "write a map of names and values";
    return base::Fail(std::move(error));
  }
  if (section.error) {
    base::Error error = Placed(*section.error, type_place, "");
    // Upstream does not name the section's schema here.
    const std::size_t end = error.message.find(" schema: ");
    if (end != std::string::npos) error.message.erase(0, end + 9);
    return base::Wrap("resolve " + std::string(name) + ": ", std::move(error));
  }
  const Value values = MapOrEmpty(raw);
  return value::NumbersAsDoubles(
      arena, section.schema ? section.schema->ApplyDefaults(values, arena) : values);
}

base::Result<TypedContext> BuildContext(const TypedInput& input, const CompiledDefinition& type,
                                        base::Arena& arena, const base::RenderLimits& limits) {
  TypedContext context;
  Scope& scope = context.scope;
  scope.arena = &arena;
  scope.limits = &limits;
  scope.place = &input.type_place;
  scope.origins = input.origins;
  OC_TRY(scope.slots[kParameters], Defaulted(type.parameters(), input.parameters, "parameters",
                                             input.parameters_place, input.type_place, arena));
  OC_TRY(scope.slots[kEnvironmentConfigs],
         Defaulted(type.environment_configs(), input.environment_configs, "environmentConfigs",
                   input.environment_configs_place, input.type_place, arena));
  const Value gateway =
      MergedGateway(input.environment.Get("gateway"), input.data_plane.Get("gateway"), arena);
  scope.slots[kDataPlane] = DataPlane(input.data_plane, arena);
  scope.slots[kEnvironment] = MakeMap(arena, {{"gateway", gateway}});
  context.shape.has_gateway = gateway.is_map();
  if (context.shape.has_gateway) scope.slots[kGateway] = gateway;
  return context;
}

}  // namespace

std::vector<base::Place> OriginOf(const ResourceTemplate& resource, const Scope& scope) {
  if (!scope.origins) return {};
  return {PlaceBelow(*scope.place, resource.body.path)};
}

base::Result<TypedContext> BuildProjectContext(const TypedInput& input,
                                               const CompiledDefinition& type, base::Arena& arena,
                                               const base::RenderLimits& limits) {
  OC_TRY(TypedContext context, BuildContext(input, type, arena, limits));
  context.scope.slots[kMetadata] = ProjectMetadata(input, arena);
  return context;
}

base::Result<TypedContext> BuildResourceContext(const TypedInput& input,
                                                const CompiledDefinition& type, base::Arena& arena,
                                                const base::RenderLimits& limits) {
  OC_TRY(TypedContext context, BuildContext(input, type, arena, limits));
  context.scope.slots[kMetadata] = ResourceMetadata(input, arena);
  // Always declared, so that has(gateway.ingress) can be asked.
  if (!context.shape.has_gateway) context.scope.slots[kGateway] = Value::Map({});
  context.shape.has_gateway = true;
  return context;
}

}  // namespace openchoreo::pipeline
