#include "common/render/manifests.h"

#include <utility>

#include "common/base/ascii.h"
#include "common/base/go_quote.h"
#include "common/names/k8s_name.h"
#include "common/names/labels.h"
#include "common/networkpolicy/network_policy.h"
#include "common/render/rendered_release_check.h"
#include "common/resource/dialect.h"
#include "common/value/map_builder.h"

namespace openchoreo::render {
namespace {

using names::Dialect;
using names::Kind;
using release::Snapshot;
using value::Value;

Value Text(std::string_view text) { return Value::String(text); }

void AddCommon(pipeline::Metadata& metadata, const Binding& binding, const BindingInputs& inputs) {
  metadata.ns = binding.target_namespace;
  metadata.component_namespace = binding.ns;
  metadata.project_name = binding.project;
  metadata.project_uid = inputs.project->uid;
  metadata.data_plane_name = inputs.plane.object->name;
  metadata.data_plane_uid = inputs.plane.object->uid;
  metadata.environment_name = binding.environment;
  metadata.environment_uid = inputs.environment->uid;
}

pipeline::Metadata ComponentMetadata(const Binding& binding, const BindingInputs& inputs,
                                     base::Arena& arena) {
  pipeline::Metadata metadata;
  AddCommon(metadata, binding, inputs);
  metadata.name = arena.CopyString(
      names::GenerateK8sName(names::kMaxResourceName, {binding.owner, binding.environment}));
  metadata.component_name = binding.owner;
  metadata.component_uid = inputs.owner->uid;
  const bool old = inputs.release->dialect == Dialect::kV012;
  value::MapBuilder names(arena), uids(arena);
  names.Add(old ? names::labels::kOrganization : names::labels::kNamespace, Text(binding.ns));
  names.Add(names::labels::kProject, Text(binding.project));
  names.Add(names::labels::kComponent, Text(binding.owner));
  names.Add(names::labels::kEnvironment, Text(binding.environment));
  value::MapBuilder& uid_map = old ? uids : names;
  uid_map.Add(names::labels::kComponentUid, Text(metadata.component_uid));
  uid_map.Add(names::labels::kEnvironmentUid, Text(metadata.environment_uid));
  uid_map.Add(names::labels::kProjectUid, Text(metadata.project_uid));
  metadata.labels = names.Build();
  metadata.pod_selectors = old ? uids.Build() : metadata.labels;
  metadata.annotations = Value::Map({});
  return metadata;
}

void WarnOfUnclosed(const pipeline::CompiledDefinition& definition, const base::Place& place,
                    base::Diagnostics& warnings) {
  for (const std::string& pointer : definition.unclosed()) {
    base::Diagnostic& warning = warnings.emplace_back();
    warning.severity = base::Severity::kWarning;
    warning.code = base::ErrorCode::kTemplate;
    warning.message = "an expression begins with ${ and never ends, so it is taken as text";
    warning.place = place;
    warning.place.field += pointer;
    warning.hint = "close it with }, or write ${'${'} for the text itself";
  }
}

// A key that no schema knows keeps its place among the values and changes nothing: said where a
// property is nearly named so.
void WarnOfNearMisses(const pipeline::SchemaSection& section, const Value& values,
                      const base::Place& place, std::string_view field, base::Budget& budget,
                      base::Diagnostics& warnings) {
  if (!section.schema || !values.is_map()) return;
  for (const schema::NearMiss& miss : section.schema->NearMisses(values, budget)) {
    base::Diagnostic& warning = warnings.emplace_back();
    warning.severity = base::Severity::kWarning;
    warning.code = base::ErrorCode::kUnknownField;
    warning.message = base::GoQuote(miss.key) + " is no field of the schema these values have";
    warning.hint = "did you mean " + base::GoQuote(miss.meant) + "?";
    warning.place = place;
    warning.place.field.append(field).append(miss.pointer);
  }
}

// Environment configs of a trait that the component does not use go nowhere.
void WarnOfTraitsNobodyUses(const pipeline::ComponentInput& input, base::Diagnostics& warnings) {
  const Value configs = input.binding.Get("traitEnvironmentConfigs"),
              uses = input.profile.Get("traits");
  if (!configs.is_map()) return;
  const std::span<const Value> used = uses.is_list() ? uses.as_list() : std::span<const Value>();
  for (const value::MapEntry& entry : configs.as_map()) {
    const std::string_view name = entry.key.string_or_empty();
    std::string instances;
    bool found = false;
    for (const Value& use : used) {
      const std::string_view instance = use.Get("instanceName").string_or_empty();
      found = found || instance == name;
      instances.append(instances.empty() ? "" : ", ").append(instance);
    }
    if (found) continue;
    base::Diagnostic& warning = warnings.emplace_back();
    warning.severity = base::Severity::kWarning;
    warning.code = base::ErrorCode::kUnknownField;
    warning.message = "no trait of the component has the instanceName " + base::GoQuote(name);
    warning.hint = instances.empty() ? "the component uses no trait" : "there is: " + instances;
    warning.place = input.binding_place;
    warning.place.field += base::JoinPointer("/traitEnvironmentConfigs", name);
  }
}

// Of all values that a component's definitions are given.
void WarnOfNearMisses(const pipeline::CompiledRelease& compiled,
                      const pipeline::ComponentInput& input, base::Budget& budget,
                      base::Diagnostics& warnings) {
  const pipeline::CompiledDefinition& type = *compiled.component_type;
  WarnOfNearMisses(type.parameters(), input.profile.Get("parameters"), input.profile_place,
                   "/parameters", budget, warnings);
  constexpr std::string_view kConfigs = "componentTypeEnvironmentConfigs";
  WarnOfNearMisses(type.environment_configs(), input.binding.Get(kConfigs), input.binding_place,
                   "/" + std::string(kConfigs), budget, warnings);
  const Value uses = input.profile.Get("traits");
  if (!uses.is_list()) return;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const Value& use = uses.as_list()[i];
    const std::string_view name = use.Get("name").string_or_empty(),
                           instance = use.Get("instanceName").string_or_empty();
    for (std::size_t k = 0; k < compiled.traits.size(); ++k) {
      if (input.traits[k].name != name) continue;
      const pipeline::CompiledDefinition& trait = *compiled.traits[k];
      WarnOfNearMisses(trait.parameters(), use.Get("parameters"), input.profile_place,
                       base::JoinPointer("/traits", i) + "/parameters", budget, warnings);
      WarnOfNearMisses(trait.environment_configs(),
                       input.binding.Get("traitEnvironmentConfigs").Get(instance),
                       input.binding_place, base::JoinPointer("/traitEnvironmentConfigs", instance),
                       budget, warnings);
      break;
    }
  }
}

base::Result<Manifests> RenderComponentBinding(const Binding& binding, const BindingInputs& inputs,
                                               const Dependencies& dependencies,
                                               CompiledReleases& releases, base::Arena& arena,
                                               const Options& options) {
  const Snapshot& release = *inputs.release;
  pipeline::ComponentInput input;
  input.dialect = release.dialect;
  const Value type = release.spec.Get("componentType");
  input.component_type_name = type.Get("name").string_or_empty();
  input.component_type_kind = type.Get("kind").string_or_empty();
  input.component_type = type.Get("spec");
  input.component_type_place = release::TypePlace(release);
  std::vector<pipeline::TraitDefinition> traits;
  if (const Value definitions = release.spec.Get("traits"); definitions.is_list()) {
    traits.reserve(definitions.size());
    for (const Value& trait : definitions.as_list()) {
      traits.push_back({trait.Get("kind").string_or_empty(), trait.Get("name").string_or_empty(),
                        trait.Get("spec"), release::TraitPlace(release, traits.size())});
    }
  }
  input.traits = traits;
  const auto compiled = releases.Get(input.component_type, traits);
  input.compiled = compiled.get();
  input.profile = release.spec.Get("componentProfile");
  input.profile_place = release::ProfilePlace(release);
  input.workload = release.spec.Get("workload");
  input.workload_place = release::WorkloadPlace(release);
  input.binding = inputs.spec;
  input.binding_place = resource::PlaceOf(binding.anchor(), binding.object ? "/spec" : "");
  input.environment = inputs.environment->spec();
  input.data_plane = inputs.plane.spec;
  input.data_plane_annotations = inputs.plane.annotations;
  input.secret_references = inputs.secrets;
  input.default_notification_channel = inputs.default_channel;
  input.dependency_items = dependencies.connections;
  input.resource_dependency_items = dependencies.resources;
  input.metadata = ComponentMetadata(binding, inputs, arena);
  input.origins = options.origins;

  Manifests manifests;
  WarnOfUnclosed(*compiled->component_type, input.component_type_place, manifests.warnings);
  for (std::size_t i = 0; i < compiled->traits.size(); ++i)
    WarnOfUnclosed(*compiled->traits[i], traits[i].place, manifests.warnings);
  WarnOfNearMisses(*compiled, input, arena.budget(), manifests.warnings);
  WarnOfTraitsNobodyUses(input, manifests.warnings);
  auto rendered = pipeline::RenderComponent(input, releases.cache(), arena, options.limits);
  if (!rendered) return base::Wrap("Failed to render resources: ", std::move(rendered).error());

  manifests.pending = dependencies.pending;
  manifests.connections = dependencies.targets;
  manifests.resolved_connections = dependencies.connections.size();
  for (const PendingDependency& pending : dependencies.pending)
    manifests.resolved_connections -= pending.kind == PendingDependency::Kind::kConnection;
  manifests.resolved_resources = dependencies.resources.size();
  for (pipeline::RenderedResource& resource : *rendered) {
    (resource.plane == pipeline::TargetPlane::kData ? manifests.data : manifests.observability)
        .push_back({resource.object, {}, std::move(resource.origin)});
  }
  const bool old = release.dialect == Dialect::kV012;
  const Value endpoints = input.workload.Get("endpoints");
  if (!old) {
    manifests.data.push_back({networkpolicy::MakeComponentPolicy(
                                  {.ns = input.metadata.ns,
                                   .control_plane_ns = binding.ns,
                                   .environment = binding.environment,
                                   .component = binding.owner,
                                   .pod_selectors = input.metadata.pod_selectors,
                                   .endpoints = endpoints,
                                   .provider = networkpolicy::ProviderOf(inputs.plane.annotations)},
                                  arena),
                              {},
                              {}});
  }
  if (!inputs.has_observability_plane) {
    manifests.dropped = manifests.observability.size();
    manifests.observability.clear();
  }
  for (auto* plane : {&manifests.data, &manifests.observability}) {
    for (std::size_t i = 0; i < plane->size(); ++i) {
      (*plane)[i].id = arena.CopyString(ResourceId((*plane)[i].object, i));
    }
  }
  if (!old) {
    std::vector<Value> objects;
    objects.reserve(manifests.data.size());
    for (const Manifest& manifest : manifests.data) objects.push_back(manifest.object);
    manifests.provided.endpoints =
        ResolveEndpoints(objects, endpoints, input.environment, input.data_plane, arena.budget());
  }
  if (arena.budget().spent()) return base::Fail(base::ErrorOf(arena.budget()));
  return manifests;
}

pipeline::TypedInput TypedInputOf(const Binding& binding, const BindingInputs& inputs,
                                  std::string_view type_key, base::Arena& arena,
                                  const Options& options) {
  const Snapshot& release = *inputs.release;
  pipeline::TypedInput input;
  const Value type = release.spec.Get(type_key);
  input.type_kind = type.Get("kind").string_or_empty();
  input.type_name = type.Get("name").string_or_empty();
  input.type = type.Get("spec");
  input.type_place = release::TypePlace(release);
  input.origins = options.origins;
  input.parameters = release.spec.Get("parameters");
  input.parameters_place =
      resource::PlaceOf(release.object ? *release.object : *release.owner, "/spec/parameters");
  const std::string_view configs = binding.kind == Kind::kProjectReleaseBinding
                                       ? "environmentConfigs"
                                       : "resourceTypeEnvironmentConfigs";
  input.environment_configs = inputs.spec.Get(configs);
  input.environment_configs_place = resource::PlaceOf(
      binding.anchor(), binding.object ? base::JoinPointer("/spec", configs) : std::string());
  if (binding.object)
    input.binding_annotations = binding.object->root.Get("metadata", "annotations");
  input.environment = inputs.environment->spec();
  input.data_plane = inputs.plane.spec;
  AddCommon(input.metadata, binding, inputs);
  value::MapBuilder map(arena);
  map.Add(names::labels::kNamespace, Text(binding.ns));
  map.Add(names::labels::kProject, Text(binding.project));
  map.Add(names::labels::kProjectUid, Text(input.metadata.project_uid));
  map.Add(names::labels::kEnvironment, Text(binding.environment));
  map.Add(names::labels::kEnvironmentUid, Text(input.metadata.environment_uid));
  if (inputs.owner) {
    map.Add(names::labels::kResource, Text(binding.owner));
    map.Add(names::labels::kResourceUid, Text(inputs.owner->uid));
    input.resource_name = binding.owner;
    input.resource_uid = inputs.owner->uid;
    input.metadata.name = binding.rendered_release;
  }
  input.metadata.labels = map.Build();
  return input;
}

Manifests ToManifests(pipeline::RenderedResources rendered) {
  Manifests manifests;
  manifests.data.reserve(rendered.size());
  for (pipeline::RenderedResource& resource : rendered)
    manifests.data.push_back({resource.object, resource.id, std::move(resource.origin)});
  return manifests;
}

// In the type and the values of a project's or resource's binding.
void WarnOfSlips(const pipeline::CompiledDefinition& type, const pipeline::TypedInput& input,
                 base::Budget& budget, base::Diagnostics& warnings) {
  WarnOfUnclosed(type, input.type_place, warnings);
  WarnOfNearMisses(type.parameters(), input.parameters, input.parameters_place, "", budget,
                   warnings);
  WarnOfNearMisses(type.environment_configs(), input.environment_configs,
                   input.environment_configs_place, "", budget, warnings);
}

base::Result<Manifests> RenderProjectBinding(const Binding& binding, const BindingInputs& inputs,
                                             CompiledReleases& releases, base::Arena& arena,
                                             const Options& options) {
  const pipeline::TypedInput input = TypedInputOf(binding, inputs, "projectType", arena, options);
  auto rendered = pipeline::RenderProject(input, releases.cache(), arena, options.limits);
  if (!rendered) return base::Wrap("Failed to render manifests: ", std::move(rendered).error());
  for (const pipeline::RenderedResource& resource : *rendered) {
    const Value& object = resource.object;
    if (object.Get("apiVersion").string_or_empty() == "v1" &&
        object.Get("kind").string_or_empty() == "Namespace" &&
        object.Get("metadata", "name").string_or_empty() == input.metadata.ns) {
      Manifests manifests = ToManifests(*std::move(rendered));
      WarnOfSlips(
          *releases.cache().Get(pipeline::DefinitionKind::kProjectType, input.type, arena.budget()),
          input, arena.budget(), manifests.warnings);
      return manifests;
    }
  }
  base::Error error;
  error.code = base::ErrorCode::kRender;
  error.message = "rendered resources must include a v1/Namespace named " +
                  base::GoQuote(input.metadata.ns) +
                  "; declare it in (Cluster)ProjectType.spec.resources with metadata.name set to "
                  "${metadata.namespace}";
  error.place = input.type_place;
  error.place.field += "/resources";
  return base::Fail(std::move(error));
}

base::Result<Manifests> RenderResourceBinding(const Binding& binding, const BindingInputs& inputs,
                                              CompiledReleases& releases, base::Arena& arena,
                                              const Options& options) {
  const pipeline::TypedInput input = TypedInputOf(binding, inputs, "resourceType", arena, options);
  auto rendered = pipeline::RenderResource(input, releases.cache(), arena, options.limits);
  if (!rendered) return base::Wrap("Failed to render manifests: ", std::move(rendered).error());
  Manifests manifests = ToManifests(std::move(rendered->resources));
  WarnOfSlips(
      *releases.cache().Get(pipeline::DefinitionKind::kResourceType, input.type, arena.budget()),
      input, arena.budget(), manifests.warnings);
  manifests.output_context = rendered->context;
  manifests.provided.outputs = ToOutputs(rendered->outputs, arena.budget());
  if (arena.budget().spent()) return base::Fail(base::ErrorOf(arena.budget()));
  manifests.provided.ready = rendered->output_errors.empty();
  if (!manifests.provided.ready) {
    std::string reason =
        "Failed to resolve " + std::to_string(rendered->output_errors.size()) + " output(s): ";
    for (std::size_t i = 0; i < rendered->output_errors.size(); ++i) {
      reason += (i ? "\n" : "") + rendered->output_errors[i];
    }
    manifests.pending.push_back(
        {PendingDependency::Kind::kOutputs, "", std::move(reason), "", "", ""});
  }
  return manifests;
}

}  // namespace

std::shared_ptr<const pipeline::CompiledRelease> CompiledReleases::Get(
    const Value& component_type, std::span<const pipeline::TraitDefinition> traits) {
  Places places;
  places.reserve(1 + traits.size());
  bool known = true;
  const auto add = [&](const Value& spec) {
    known = known && spec.is_map();
    if (known) places.emplace_back(spec.as_map().data(), spec.size());
  };
  add(component_type);
  for (const pipeline::TraitDefinition& trait : traits) add(trait.spec);
  if (known) {
    const std::lock_guard lock(mutex_);
    if (const auto found = releases_.find(places); found != releases_.end()) return found->second;
  }
  // Two threads may compile one release; the content cache below gives both the same definitions.
  auto compiled = std::make_shared<pipeline::CompiledRelease>(
      pipeline::CompileRelease(component_type, traits, *cache_));
  if (!known) return compiled;
  const std::lock_guard lock(mutex_);
  return releases_.try_emplace(std::move(places), std::move(compiled)).first->second;
}

base::Result<Manifests> RenderManifests(const Binding& binding, const BindingInputs& inputs,
                                        const Dependencies& dependencies,
                                        CompiledReleases& releases, base::Arena& arena,
                                        const Options& options) {
  auto manifests = [&] {
    switch (binding.kind) {
      case Kind::kProjectReleaseBinding:
        return RenderProjectBinding(binding, inputs, releases, arena, options);
      case Kind::kResourceReleaseBinding:
        return RenderResourceBinding(binding, inputs, releases, arena, options);
      default:
        return RenderComponentBinding(binding, inputs, dependencies, releases, arena, options);
    }
  }();
  if (!manifests) return manifests;
  if (auto refused = CheckRenderedRelease(binding, inputs.release->dialect,
                                          !manifests->observability.empty())) {
    base::Error error;
    error.code = base::ErrorCode::kRender;
    error.message = std::move(*refused);
    error.place = resource::PlaceOf(binding.anchor(), binding.object ? "/spec/owner" : "");
    error.hint = "shorten the name: it becomes a label value, which holds at most 63 bytes";
    return base::Fail(std::move(error));
  }
  return manifests;
}

std::string ResourceId(const Value& object, std::size_t index) {
  const std::string_view kind = object.Get("kind").string_or_empty();
  const std::string_view name = object.Get("metadata", "name").string_or_empty();
  if (kind.empty() || name.empty()) return "resource-" + std::to_string(index);
  const std::string lower = base::AsciiLower(kind);
  std::string id = lower + "-" + std::string(name);
  if (id.size() <= names::kMaxLabelName) return id;
  return names::GenerateK8sName(names::kMaxLabelName, {lower, name});
}

}  // namespace openchoreo::render
