#include "common/pipeline/component_context.h"

#include <string>

#include "common/pipeline/configurations.h"
#include "common/pipeline/derived.h"
#include "common/pipeline/dialect_v012.h"
#include "common/pipeline/effective_workload.h"
#include "common/pipeline/endpoint_resources.h"
#include "common/pipeline/gateway_context.h"
#include "common/resource/dialect.h"
#include "common/value/go_json_error.h"
#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::ListBuilder;
using value::MakeMap;
using value::NonEmpty;
using value::Value;

Value MapOrEmpty(const Value& value) { return value.is_map() ? value : Value::Map({}); }

Value ListOrEmpty(const Value& value) { return value.is_list() ? value : Value::List({}); }

Value NonEmptyList(const Value& list) {
  return list.is_list() && list.size() > 0 ? list : Value::Omit();
}

Value AsDouble(const Value& number) {
  return number.is_int() ? Value::Double(static_cast<double>(number.as_int()))
                         : (number.is_double() ? number : Value::Double(0));
}

bool IsZero(const Value& number) { return AsDouble(number).as_double() == 0; }

Value EnvironmentValue(const Value& gateway, std::string_view notification_channel,
                       base::Arena& arena) {
  return MakeMap(arena, {{"defaultNotificationChannel", NonEmpty(notification_channel)},
                         {"gateway", gateway}});
}

// "project" first, then the listed ones without repeats.
Value Visibility(const Value& listed, base::Arena& arena) {
  ListBuilder list(arena);
  list.Add(Value::String("project"));
  if (!listed.is_list()) return list.Build();
  const auto items = listed.as_list();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string_view name = items[i].string_or_empty();
    bool seen = name == "project";
    if (!arena.budget().Spend(1 + i)) break;
    for (std::size_t j = 0; j < i && !seen; ++j) seen = items[j].string_or_empty() == name;
    if (!seen) list.Add(items[i]);
  }
  return list.Build();
}

Value Endpoints(const Value& endpoints, base::Arena& arena) {
  value::MapBuilder map(arena);
  if (!endpoints.is_map()) return map.Build();
  for (const auto& [name, endpoint] : endpoints.as_map()) {
    const Value port = AsDouble(endpoint.Get("port"));
    const Value target = endpoint.Get("targetPort");
    map.Add(
        name.as_string(),
        MakeMap(arena, {{"basePath", NonEmpty(endpoint.Get("basePath").string_or_empty())},
                        {"displayName", NonEmpty(endpoint.Get("displayName").string_or_empty())},
                        {"port", port},
                        {"targetPort", IsZero(target) ? port : AsDouble(target)},
                        {"type", Value::String(endpoint.Get("type").string_or_empty())},
                        {"visibility", Visibility(endpoint.Get("visibility"), arena)}}));
  }
  return map.Build();
}

void AppendAll(const Value& list, ListBuilder& out) {
  if (!list.is_list()) return;
  for (const Value& item : list.as_list()) out.Add(item);
}

// `item` with the named lists there, even if empty.
Value WithLists(Value item, std::initializer_list<std::string_view> keys, base::Arena& arena) {
  item = MapOrEmpty(item);
  for (std::string_view key : keys) {
    if (!item.Get(key).is_list()) item = value::WithKey(arena, item, key, Value::List({}));
  }
  return item;
}

// v0.16–v0.17 templates read some values under older names.
void AddTransitionalNames(const ComponentInput& input, SharedContext& context, base::Arena& arena) {
  const auto with_hosts = [&](Value map) {
    const std::string_view external = resource::PublicVirtualHost(input.data_plane);
    const std::string_view internal = resource::OrganizationVirtualHost(input.data_plane);
    if (!external.empty())
      map = value::WithKey(arena, map, "publicVirtualHost", Value::String(external));
    if (!internal.empty())
      map = value::WithKey(arena, map, "organizationVirtualHost", Value::String(internal));
    return map;
  };
  context.slots[kDataPlane] = with_hosts(context.slots[kDataPlane]);
  context.slots[kEnvironment] = with_hosts(context.slots[kEnvironment]);
  context.slots[kAlias2] = context.slots[kDependencies];
}

}  // namespace

ContextStyle StyleOf(const ComponentInput& input) {
  if (input.dialect == names::Dialect::kV1) return ContextStyle::kV1;
  const bool single_container = input.workload.Get("container").is_map();
  return single_container ? ContextStyle::kTransitional : ContextStyle::kV012;
}

Value MetadataValue(const Metadata& metadata, base::Arena& arena) {
  return MakeMap(arena, {{"annotations", MapOrEmpty(metadata.annotations)},
                         {"componentName", Value::String(metadata.component_name)},
                         {"componentNamespace", Value::String(metadata.component_namespace)},
                         {"componentUID", Value::String(metadata.component_uid)},
                         {"dataPlaneName", Value::String(metadata.data_plane_name)},
                         {"dataPlaneUID", Value::String(metadata.data_plane_uid)},
                         {"environmentName", Value::String(metadata.environment_name)},
                         {"environmentUID", Value::String(metadata.environment_uid)},
                         {"labels", MapOrEmpty(metadata.labels)},
                         {"name", Value::String(metadata.name)},
                         {"namespace", Value::String(metadata.ns)},
                         {"podSelectors", MapOrEmpty(metadata.pod_selectors)},
                         {"projectName", Value::String(metadata.project_name)},
                         {"projectUID", Value::String(metadata.project_uid)}});
}

Value DataPlaneValue(const Value& spec, const Value& annotations, base::Arena& arena) {
  const Value reference = spec.Get("observabilityPlaneRef");
  const Value plane =
      reference.is_map()
          ? MakeMap(arena, {{"kind", NonEmpty(reference.Get("kind").string_or_empty())},
                            {"name", NonEmpty(reference.Get("name").string_or_empty())}})
          : Value::Omit();
  const bool annotated = annotations.is_map() && annotations.size() > 0;
  return MakeMap(arena,
                 {{"annotations", annotated ? annotations : Value::Omit()},
                  {"gateway", GatewayOf(spec.Get("gateway"), EmptyNetwork::kKeep, arena)},
                  {"observabilityPlaneRef", plane},
                  {"secretStore", NonEmpty(spec.Get("secretStoreRef", "name").string_or_empty())}});
}

Value ContainerValue(const Value& container, base::Arena& arena) {
  return MakeMap(arena, {{"args", NonEmptyList(container.Get("args"))},
                         {"command", NonEmptyList(container.Get("command"))},
                         {"image", NonEmpty(container.Get("image").string_or_empty())}});
}

Value WorkloadValue(const Value& container, const Value& endpoints, base::Arena& arena) {
  return MakeMap(arena, {{"container", ContainerValue(container, arena)},
                         {"endpoints", Endpoints(endpoints, arena)}});
}

Value DependenciesValue(const Value& items, const Value& resources, base::Arena& arena) {
  ListBuilder item_list(arena), resource_list(arena), env_vars(arena), mounts(arena),
      volumes(arena);
  for (const Value& item : ListOrEmpty(items).as_list()) {
    item_list.Add(WithLists(item, {"envVars"}, arena));
    AppendAll(item.Get("envVars"), env_vars);
  }
  for (const Value& item : ListOrEmpty(resources).as_list()) {
    resource_list.Add(WithLists(item, {"envVars", "volumeMounts", "volumes"}, arena));
    AppendAll(item.Get("envVars"), env_vars);
    AppendAll(item.Get("volumeMounts"), mounts);
    AppendAll(item.Get("volumes"), volumes);
  }
  return MakeMap(arena, {{"envVars", env_vars.Build()},
                         {"items", item_list.Build()},
                         {"resources", resource_list.Build()},
                         {"volumeMounts", mounts.Build()},
                         {"volumes", volumes.Build()}});
}

SharedContext BuildSharedContext(const ComponentInput& input, bool endpoint_resources,
                                 base::Arena& arena) {
  SharedContext context;
  context.shape.style = StyleOf(input);
  if (context.shape.style == ContextStyle::kV012) {
    context.slots = v012::BuildSharedSlots(input, arena);
    return context;
  }
  Slots& slots = context.slots;
  const Value container = EffectiveContainer(
      input.workload.Get("container"), input.binding.Get("workloadOverrides", "container"), arena);
  const Value endpoints = input.workload.Get("endpoints");
  const Configurations configurations = ExtractConfigurations(
      container, input.secret_references, EmptyValues::kLiteral, arena.budget());
  const Value gateway =
      MergedGateway(input.environment.Get("gateway"), input.data_plane.Get("gateway"), arena);
  context.shape.has_gateway = gateway.is_map();
  slots[kMetadata] = MetadataValue(input.metadata, arena);
  slots[kDataPlane] = DataPlaneValue(input.data_plane, input.data_plane_annotations, arena);
  slots[kEnvironment] = EnvironmentValue(gateway, input.default_notification_channel, arena);
  if (context.shape.has_gateway) slots[kGateway] = gateway;
  slots[kWorkload] = WorkloadValue(container, endpoints, arena);
  slots[kConfigurations] = ToValue(configurations, EmptyValues::kLiteral, arena);
  slots[kDependencies] =
      DependenciesValue(input.dependency_items, input.resource_dependency_items, arena);

  std::string prefix(input.metadata.component_name);
  prefix += '-';
  prefix += input.metadata.environment_name;
  const Value resources =
      endpoint_resources ? ExtractEndpointResources(endpoints, arena) : Value::Map({});
  slots[kDerived] = BuildDerived(
      {configurations, slots[kWorkload].Get("endpoints"), slots[kDependencies], resources, prefix},
      arena);
  if (context.shape.style == ContextStyle::kTransitional)
    AddTransitionalNames(input, context, arena);
  return context;
}

namespace {

// The pointer of what a violation speaks of: "a.ports[0].name must be …" → "/a/ports/0/name"; of a
// field that is required and missing, what should have it.
std::string PointerOf(std::string_view violation) {
  std::string_view path = violation.substr(0, violation.find(' '));
  if (violation.ends_with(" is required")) path = path.substr(0, path.rfind('.'));
  std::string pointer;
  for (const char c : path) {
    if (c == ']') continue;
    if (c == '.' || c == '[') {
      if (!pointer.ends_with('/')) pointer += '/';
    } else {
      if (pointer.empty()) pointer += '/';
      pointer += c;
    }
  }
  while (pointer.ends_with('/')) pointer.pop_back();
  return pointer;
}

}  // namespace

base::Result<void> CheckIsMap(const Value& raw, std::string_view what, const base::Place& place) {
  std::string text = value::GoMapError(raw);
  if (text.empty()) return {};
  base::Error error;
  error.code = base::ErrorCode::kSchemaValidation;
  error.message = what;
  error.message += ": failed to unmarshal parameters: " + std::move(text);
  error.place = place;
  error.hint = "write a map of names and values";
  return base::Fail(std::move(error));
}

base::Result<Value> ApplySection(const SchemaSection& section, const Value& raw,
                                 std::string_view name, const base::Place& place,
                                 base::Arena& arena) {
  if (!section.schema) return Value::Map({});
  // Given numbers are doubles to upstream, whole ones of a default ints: messages and bounds tell.
  const Value values =
      section.schema->ApplyDefaults(value::NumbersAsDoubles(arena, MapOrEmpty(raw)), arena);
  const std::vector<std::string> violations = section.schema->Validate(values, arena.budget());
  if (arena.budget().spent()) {
    base::Error error = base::ErrorOf(arena.budget());
    error.place = place;
    return base::Fail(std::move(error));
  }
  if (violations.empty()) return value::NumbersAsDoubles(arena, values);
  base::Error error;
  error.code = base::ErrorCode::kSchemaValidation;
  error.message = name;
  error.message += " validation failed: ";
  for (std::size_t i = 0; i < violations.size(); ++i) {
    if (i > 0) error.message += "; ";
    error.message += violations[i];
  }
  error.place = place;
  error.place.field += PointerOf(violations.front());
  const bool quoted = violations.front().ends_with(": \"string\"") &&
                      violations.front().find(" must be of type ") != std::string::npos;
  error.hint = quoted ? "write the value without quotes"
                      : "write what the schema of the type or trait asks for";
  return base::Fail(std::move(error));
}

}  // namespace openchoreo::pipeline
