#include "common/pipeline/component_pipeline.h"

#include <string>

#include "common/pipeline/apply_trait.h"
#include "common/pipeline/base_resources.h"
#include "common/pipeline/compiled_definition.h"
#include "common/pipeline/component_context.h"
#include "common/pipeline/dialect_v012.h"
#include "common/pipeline/post_process.h"
#include "common/pipeline/template_cache.h"
#include "common/pipeline/trait_uses.h"
#include "common/pipeline/validation_rules.h"
#include "common/value/go_json_error.h"
#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

// One rendering of one component. Each method is a stage; Run lists them.
class ComponentRender {
 public:
  ComponentRender(const ComponentInput& input, const CompiledRelease& release, base::Arena& arena,
                  const base::RenderLimits& limits)
      : input_(input),
        release_(release),
        type_(*release.component_type),
        arena_(arena),
        shared_(BuildSharedContext(input, NamesEndpointResources(release), arena)),
        templates_(type_.templates(shared_.shape)) {
    scope_.slots = shared_.slots;
    scope_.arena = &arena;
    scope_.limits = &limits;
    scope_.place = &input.component_type_place;
    scope_.origins = input.origins;
  }

  base::Result<RenderedResources> Run() {
    OC_TRY_DONE(CheckDefinition());
    OC_TRY_DONE(BuildComponentContext());
    OC_TRY_DONE(CheckPreRenderRules());
    OC_TRY_DONE(RenderBase());
    for (const TraitUse& use : TraitUses(templates_.embedded, input_.profile))
      OC_TRY_DONE(ProcessTrait(use));
    OC_TRY_DONE(CheckPostRenderRules());
    OC_TRY_DONE(PostProcess());
    OC_TRY_DONE(CheckFinalObjects());
    SortObjects(resources_);
    if (arena_.budget().spent()) return base::Fail(base::ErrorOf(arena_.budget()));
    return Rendered();
  }

 private:
  static bool NamesEndpointResources(const CompiledRelease& release) {
    bool any = release.component_type->names_endpoint_resources();
    for (const auto& trait : release.traits) any = any || trait->names_endpoint_resources();
    return any;
  }

  // What the sections of definition and binding are called in contexts and messages.
  const char* EnvironmentConfigsName() const {
    return IsV1() ? "environmentConfigs" : "envOverrides";
  }

  bool IsV1() const { return shared_.shape.style == ContextStyle::kV1; }

  base::Place BindingPlace(std::string_view field) const {
    base::Place place = input_.binding_place;
    place.field += field;
    return place;
  }

  base::Result<void> CheckDefinition() {
    if (templates_.error)
      return base::Fail(Placed(*templates_.error, input_.component_type_place, ""));
    if (!input_.component_type.Get("resources").is_null()) return {};
    base::Error error;
    error.code = base::ErrorCode::kRender;
    error.message = "invalid input: component type has no resources";
    return base::Fail(Placed(std::move(error), input_.component_type_place, ""));
  }

  // Values of one section, as they were written.
  struct Given {
    Value values;
    base::Place place;
    // What upstream calls their extraction; checked before the values are used.
    std::string_view extraction;
  };

  // Binds parameters and environment configs of `definition` in `scope`, its schemas applied.
  base::Result<void> BindSections(const CompiledDefinition& definition, const Given& parameters,
                                  const Given& configs, Scope& scope) const {
    OC_TRY_DONE(CheckIsMap(parameters.values, parameters.extraction, parameters.place));
    OC_TRY(scope.slots[kParameters], ApplySection(definition.parameters(), parameters.values,
                                                  "parameters", parameters.place, arena_));
    OC_TRY_DONE(CheckIsMap(configs.values, configs.extraction, configs.place));
    OC_TRY(scope.slots[kEnvironmentConfigs],
           ApplySection(definition.environment_configs(), configs.values, EnvironmentConfigsName(),
                        configs.place, arena_));
    scope.slots[kAlias] = scope.slots[kEnvironmentConfigs];
    return {};
  }

  base::Result<void> BuildComponentContext() {
    static constexpr std::string_view kPrefix = "failed to build component context: ";
    for (const SchemaSection* section : {&type_.parameters(), &type_.environment_configs()}) {
      if (!section->error) continue;
      return base::Wrap("failed to build component context: failed to build schemas: ",
                        Placed(*section->error, input_.component_type_place, ""));
    }
    base::Place parameters_place = input_.profile_place;
    parameters_place.field += "/parameters";
    auto bound = BindSections(type_,
                              {input_.profile.Get("parameters"), parameters_place,
                               "failed to extract component parameters"},
                              {input_.binding.Get("componentTypeEnvironmentConfigs"),
                               BindingPlace("/componentTypeEnvironmentConfigs"),
                               IsV1() ? "failed to extract environment configs"
                                      : "failed to extract environment overrides"},
                              scope_);
    if (!bound) return base::Wrap(kPrefix, std::move(bound).error());
    return {};
  }

  base::Result<void> CheckPreRenderRules() {
    auto checked = CheckPreRender(templates_.pre_render, scope_);
    if (!checked)
      return base::Wrap("component type validation failed: ", std::move(checked).error());
    if (!templates_.post_render.empty()) {
      post_render_.push_back({"ComponentType " + std::string(input_.component_type_name),
                              templates_.post_render, scope_});
    }
    return {};
  }

  base::Result<void> RenderBase() {
    auto rendered = RenderBaseResources(templates_.resources, scope_);
    if (!rendered)
      return base::Wrap("failed to render base resources: ", std::move(rendered).error());
    resources_ = std::move(rendered).value();
    return {};
  }

  // Index of the definition a use names, or -1.
  int FindTrait(const TraitUse& use) const {
    for (std::size_t i = input_.traits.size(); i-- > 0;) {
      const std::string_view kind = input_.traits[i].kind.empty() ? "Trait" : input_.traits[i].kind;
      if (kind == use.kind && input_.traits[i].name == use.name) return static_cast<int>(i);
    }
    return -1;
  }

  // The place of a use: in the component type, or in the release's profile.
  base::Place PlaceOf(const TraitUse& use) const {
    base::Place place = use.embedded ? input_.component_type_place : input_.profile_place;
    place.field = base::JoinPointer(place.field + "/traits", use.index);
    return place;
  }

  base::Result<void> ProcessTrait(const TraitUse& use) {
    const std::string instance = std::string(use.name) + "/" + std::string(use.instance);
    const std::string embedded = use.embedded ? "embedded " : "";
    const int found = FindTrait(use);
    if (found < 0) {
      base::Error error;
      error.code = base::ErrorCode::kMissingReference;
      error.message =
          embedded + "trait " + std::string(use.name) + " referenced but not found in traits list";
      error.place = PlaceOf(use);
      return base::Fail(std::move(error));
    }
    const TraitDefinition& definition = input_.traits[static_cast<std::size_t>(found)];
    const CompiledDefinition& compiled = *release_.traits[static_cast<std::size_t>(found)];

    auto scope = TraitScope(use, definition, compiled, instance);
    if (!scope) return base::Fail(std::move(scope).error());
    const Templates& templates = compiled.templates(shared_.shape);
    if (templates.error) return base::Fail(Placed(*templates.error, definition.place, ""));
    auto checked = CheckPreRender(templates.pre_render, *scope);
    if (!checked)
      return base::Wrap("trait " + instance + " validation failed: ", std::move(checked).error());
    auto applied = ApplyTrait({use.name, templates, shared_.shape.style, *scope}, resources_);
    if (!applied) {
      return base::Wrap("failed to process " + embedded + "trait " + instance + ": ",
                        std::move(applied).error());
    }
    if (!templates.post_render.empty()) {
      post_render_.push_back(
          {std::string(use.kind) + " " + instance, templates.post_render, *scope});
    }
    return {};
  }

  // The trait's own context: the shared variables, its name, and its parameters and environment
  // configs.
  base::Result<Scope> TraitScope(const TraitUse& use, const TraitDefinition& definition,
                                 const CompiledDefinition& compiled, const std::string& instance) {
    Given parameters{use.parameters, PlaceOf(use), "failed to extract trait instance parameters"};
    parameters.place.field += "/parameters";
    Given configs{input_.binding.Get("traitEnvironmentConfigs").Get(use.instance),
                  BindingPlace(base::JoinPointer("/traitEnvironmentConfigs", use.instance)),
                  IsV1() ? "failed to extract trait environment configs"
                         : "failed to extract trait environment overrides"};
    if (use.embedded) {
      OC_TRY(parameters.values, ResolveBinding(use, "parameters", instance));
      OC_TRY(configs.values, ResolveBinding(use, "environmentConfigs", instance));
      configs.place = PlaceOf(use);
      configs.place.field += "/environmentConfigs";
    } else if (IsV1()) {
      for (const Given* given : {&parameters, &configs}) {
        auto is_map = CheckIsMap(given->values, given->extraction, given->place);
        if (!is_map) {
          return base::Wrap("failed to extract trait bindings for " + instance + ": ",
                            std::move(is_map).error());
        }
      }
    }
    const std::string prefix = std::string("failed to build ") + (use.embedded ? "embedded " : "") +
                               "trait context for " + instance + ": ";
    for (const SchemaSection* section : {&compiled.parameters(), &compiled.environment_configs()}) {
      if (!section->error) continue;
      return base::Wrap(prefix + "failed to build trait schemas: ",
                        Placed(*section->error, definition.place, ""));
    }
    Scope scope = scope_;
    scope.slots = shared_.slots;
    scope.place = &definition.place;
    scope.slots[kTrait] = value::MakeMap(arena_, {{"instanceName", Value::String(use.instance)},
                                                  {"name", Value::String(definition.name)}});
    auto bound = BindSections(compiled, parameters, configs, scope);
    if (!bound) return base::Wrap(prefix, std::move(bound).error());
    return scope;
  }

  // Parameters of an embedded trait are templates over the component's context.
  base::Result<Value> ResolveBinding(const TraitUse& use, std::string_view what,
                                     const std::string& instance) {
    const Expression& binding =
        what == "parameters" ? use.embedded->parameters : use.embedded->environment_configs;
    if (!binding) return Value::Null();
    const auto prefix = [&] {
      return "failed to resolve embedded trait bindings for " + instance +
             ": failed to resolve embedded trait " + instance + " " + std::string(what) + ": ";
    };
    const Value written = input_.component_type.Get("traits").as_list()[use.index].Get(what);
    if (std::string text = value::GoMapError(written); !text.empty()) {
      auto error =
          FailAt(base::ErrorCode::kTemplate,
                 prefix() + "failed to unmarshal bindings: " + std::move(text), scope_, binding);
      error.value().hint = "write a map; each of its values may be an expression";
      return error;
    }
    auto resolved = Render(binding, scope_);
    if (!resolved) {
      return base::Wrap(prefix() + "failed to evaluate CEL bindings: ",
                        std::move(resolved).error());
    }
    return resolved;
  }

  base::Result<void> CheckPostRenderRules() {
    auto checked = CheckPostRender(post_render_, resources_, arena_.budget());
    if (!checked) return base::Wrap("post-render validation failed: ", std::move(checked).error());
    return {};
  }

  base::Result<void> PostProcess() {
    static constexpr std::string_view kPrefix = "failed to post-process resources: ";
    const bool old = shared_.shape.style == ContextStyle::kV012;
    const Value labels = old ? v012::ForcedLabels(input_.metadata, arena_) : input_.metadata.labels;
    auto labelled = AddLabels(labels, resources_, arena_);
    if (!labelled) return base::Wrap(kPrefix, std::move(labelled).error());
    if (old) return {};
    auto hashed = AnnotateResourceHash(type_.workload_type(), resources_, arena_);
    if (!hashed) return base::Wrap(kPrefix, std::move(hashed).error());
    return {};
  }

  base::Result<void> CheckFinalObjects() {
    auto checked = CheckObjects(resources_);
    if (!checked) return base::Wrap("validation failed: ", std::move(checked).error());
    return {};
  }

  RenderedResources Rendered() const {
    RenderedResources rendered;
    rendered.reserve(resources_.size());
    for (const WorkingResource& resource : resources_) {
      rendered.push_back({resource.object, resource.plane, {}, {}});
      if (!input_.origins) continue;
      std::vector<base::Place>& origin = rendered.back().origin;
      origin.push_back(PlaceBelow(*resource.place, resource.origin->path));
      origin.insert(origin.end(), resource.patches.begin(), resource.patches.end());
    }
    return rendered;
  }

  const ComponentInput& input_;
  const CompiledRelease& release_;
  const CompiledDefinition& type_;
  base::Arena& arena_;
  const SharedContext shared_;
  const Templates& templates_;
  Scope scope_;  // of the component type
  WorkingSet resources_;
  std::vector<PendingPostRender> post_render_;
};

}  // namespace

CompiledRelease CompileRelease(const Value& component_type, std::span<const TraitDefinition> traits,
                               TemplateCache& cache) {
  // Once per release and run, whichever of its bindings comes first: no binding's own.
  base::Budget unbounded;
  CompiledRelease release;
  release.component_type = cache.Get(DefinitionKind::kComponentType, component_type, unbounded);
  release.traits.reserve(traits.size());
  for (const TraitDefinition& trait : traits) {
    release.traits.push_back(cache.Get(DefinitionKind::kTrait, trait.spec, unbounded));
  }
  return release;
}

base::Result<RenderedResources> RenderComponent(const ComponentInput& input, TemplateCache& cache,
                                                base::Arena& arena,
                                                const base::RenderLimits& limits) {
  if (input.compiled) return ComponentRender(input, *input.compiled, arena, limits).Run();
  const CompiledRelease release = CompileRelease(input.component_type, input.traits, cache);
  return ComponentRender(input, release, arena, limits).Run();
}

}  // namespace openchoreo::pipeline
