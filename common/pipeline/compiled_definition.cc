#include "common/pipeline/compiled_definition.h"

#include <algorithm>
#include <utility>

#include "common/cel/program.h"
#include "common/pipeline/slots.h"
#include "common/template/expression_scan.h"
#include "common/value/map_builder.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

// Variable names by slot. An empty name keeps a slot's place without declaring anything.
std::vector<std::string> VariableNames(DefinitionKind kind, ContextShape shape) {
  std::vector<std::string> names(kSlotCount);
  names[kMetadata] = "metadata";
  names[kDataPlane] = "dataplane";
  names[kParameters] = "parameters";
  if (kind == DefinitionKind::kProjectType || kind == DefinitionKind::kResourceType) {
    names[kEnvironment] = "environment";
    names[kEnvironmentConfigs] = "environmentConfigs";
    if (shape.has_gateway) names[kGateway] = "gateway";
    return names;
  }
  names[kWorkload] = "workload";
  names[kConfigurations] = "configurations";
  if (kind == DefinitionKind::kTrait) names[kTrait] = "trait";
  if (shape.style == ContextStyle::kV012) {
    names[kEnvironmentConfigs] = "envOverrides";
    return names;
  }
  names[kDerived] = "derived";
  names[kEnvironment] = "environment";
  names[kEnvironmentConfigs] = "environmentConfigs";
  names[kDependencies] = "dependencies";
  if (shape.has_gateway) names[kGateway] = "gateway";
  if (shape.style == ContextStyle::kTransitional) {
    names[kAlias] = "envOverrides";
    names[kAlias2] = "connections";
  }
  return names;
}

cel::Macros MacrosOf(DefinitionKind kind, ContextShape shape) {
  if (kind == DefinitionKind::kProjectType || kind == DefinitionKind::kResourceType)
    return cel::Macros::kNone;
  return shape.style == ContextStyle::kV012 ? cel::Macros::kComponentV012
                                            : cel::Macros::kComponentV1;
}

cel::StringFormat StringFormatOf(DefinitionKind kind, ContextShape shape) {
  const bool component = kind == DefinitionKind::kComponentType || kind == DefinitionKind::kTrait;
  return component && shape.style != ContextStyle::kV1 ? cel::StringFormat::kV022
                                                       : cel::StringFormat::kCurrent;
}

TargetPlane PlaneNamed(std::string_view name) {
  return name == "observabilityplane" ? TargetPlane::kObservability : TargetPlane::kData;
}

std::span<const Value> ItemsOf(const Value& list) {
  return list.is_list() ? list.as_list() : std::span<const Value>();
}

std::string At(std::string_view path, std::string_view key) { return base::JoinPointer(path, key); }

// Compiles one definition in one shape. The pieces compile in order of the spec.
class Compiler {
 public:
  Compiler(DefinitionKind kind, ContextShape shape, const Value& spec, base::Budget& budget)
      : kind_(kind),
        names_(VariableNames(kind, shape)),
        macros_(MacrosOf(kind, shape)),
        string_format_(StringFormatOf(kind, shape)),
        spec_(spec),
        root_(names_, macros_, string_format_),
        budget_(budget) {}

  Templates Run() {
    Templates templates;
    templates.pre_render = PreRender();
    const char* resources = kind_ == DefinitionKind::kTrait ? "creates" : "resources";
    ForItems(resources, [&](const Value& item, const std::string& path) {
      templates.resources.push_back(Resource(item, path));
    });
    if (kind_ == DefinitionKind::kComponentType) {
      ForItems("traits", [&](const Value& item, const std::string& path) {
        templates.embedded.push_back(Embedded(item, path));
      });
    }
    ForItems("patches", [&](const Value& item, const std::string& path) {
      templates.patches.push_back(Patch(item, path));
    });
    ForItems("removes", [&](const Value& item, const std::string& path) {
      templates.removes.push_back(Remove(item, path));
    });
    ForItems("postRenderValidations", [&](const Value& item, const std::string& path) {
      templates.post_render.push_back(PostRender(item, path));
    });
    if (kind_ == DefinitionKind::kResourceType) {
      names_[kApplied] = "applied";
      const cel::Environment environment(names_, macros_, string_format_);
      ForItems("outputs", [&](const Value& item, const std::string& path) {
        templates.outputs.push_back(Output(item, path, environment));
      });
    }
    if (budget_.spent()) templates.error = base::ErrorOf(budget_);
    return templates;
  }

 private:
  template <typename Visit>
  void ForItems(std::string_view key, const Visit& visit) {
    const std::string path = At("", key);
    const auto items = ItemsOf(spec_.Get(key));
    for (std::size_t i = 0; i < items.size() && MayCompile(); ++i)
      visit(items[i], base::JoinPointer(path, i));
  }

  // Whether one more entry fits; what it takes beside its templates is charged.
  bool MayCompile() {
    constexpr std::size_t kEntryBytes = 2048;
    return budget_.Spend(16) && budget_.Take(kEntryBytes);
  }

  // An absent or empty string is no expression.
  Expression Text(const Value& owner, std::string_view key, const std::string& path,
                  const cel::Environment& environment) const {
    Expression expression;
    expression.path = At(path, key);
    expression.text = owner.Get(key).string_or_empty();
    if (!expression.text.empty()) {
      expression.compiled = tmpl::Compile(Value::String(expression.text), environment, budget_);
    }
    return expression;
  }

  Expression Tree(const Value& owner, std::string_view key, const std::string& path,
                  const cel::Environment& environment) const {
    Expression expression;
    expression.path = At(path, key);
    const Value* source = owner.Find(key);
    if (source && !source->is_null())
      expression.compiled = tmpl::Compile(*source, environment, budget_);
    return expression;
  }

  // An environment with the loop variable declared. Where the name is one of the context's, or
  // "resource", the loop takes over that slot.
  cel::Environment WithLoop(std::string_view variable, bool with_resource) const {
    std::vector<std::string> names = names_;
    if (!variable.empty() && std::find(names.begin(), names.end(), variable) == names.end()) {
      names[kLoop] = std::string(variable);
    }
    if (with_resource && std::find(names.begin(), names.end(), "resource") == names.end()) {
      names[kResource] = "resource";
    }
    return cel::Environment(std::move(names), macros_, string_format_);
  }

  // The forEach of an entry; its variable is "item" if none is named. Without forEach `variable` is
  // "".
  Loop LoopOf(const Value& item, const std::string& path) const {
    Loop loop;
    loop.for_each = Text(item, "forEach", path, root_);
    if (!loop.for_each) return loop;
    loop.variable = item.Get("var").string_or_empty();
    if (loop.variable.empty()) loop.variable = "item";
    return loop;
  }

  PreRenderRules PreRender() {
    std::string_view key = "preRenderValidations";
    if (ItemsOf(spec_.Get(key)).empty()) key = "validations";
    PreRenderRules compiled;
    compiled.path = At("", key);
    for (const Value& item : ItemsOf(spec_.Get(key))) {
      if (!MayCompile()) break;
      const Expression rule = RuleOf(item, "", root_);
      compiled.rules.push_back(
          {rule.compiled.get(), rule.text, item.Get("message").string_or_empty()});
      compiled.owners.push_back(rule.compiled);
    }
    return compiled;
  }

  // A rule is compiled even if empty: it then is the text "", which is no boolean.
  Expression RuleOf(const Value& item, const std::string& path,
                    const cel::Environment& environment) const {
    Expression rule = Text(item, "rule", path, environment);
    if (!rule) rule.compiled = tmpl::Compile(Value::String(""), environment, budget_);
    return rule;
  }

  ResourceTemplate Resource(const Value& item, const std::string& path) {
    ResourceTemplate resource;
    resource.id = item.Get("id").string_or_empty();
    resource.plane = PlaneNamed(item.Get("targetPlane").string_or_empty());
    resource.include_when = Text(item, "includeWhen", path, root_);
    resource.loop = LoopOf(item, path);
    const cel::Environment environment = WithLoop(resource.loop.variable, false);
    resource.loop.slot = environment.SlotOf(resource.loop.variable);
    resource.body = Tree(item, "template", path, environment);
    return resource;
  }

  EmbeddedTrait Embedded(const Value& item, const std::string& path) {
    EmbeddedTrait trait;
    trait.kind = item.Get("kind").string_or_empty();
    if (trait.kind.empty()) trait.kind = "Trait";
    trait.name = item.Get("name").string_or_empty();
    trait.instance = item.Get("instanceName").string_or_empty();
    trait.parameters = Tree(item, "parameters", path, root_);
    trait.environment_configs = Tree(item, "environmentConfigs", path, root_);
    return trait;
  }

  Target TargetOf(const Value& item, const std::string& path,
                  const cel::Environment& environment) const {
    Target target;
    const Value spec = item.Get("target");
    target.kind = spec.Get("kind").string_or_empty();
    target.group = spec.Get("group").string_or_empty();
    target.version = spec.Get("version").string_or_empty();
    target.where = Text(spec, "where", At(path, "target"), environment);
    target.resource_slot = environment.SlotOf("resource");
    return target;
  }

  TraitPatch Patch(const Value& item, const std::string& path) {
    TraitPatch patch;
    patch.loop = LoopOf(item, path);
    const cel::Environment environment = WithLoop(patch.loop.variable, false);
    patch.loop.slot = environment.SlotOf(patch.loop.variable);
    patch.target = TargetOf(item, path, WithLoop(patch.loop.variable, true));
    patch.target.plane = PlaneNamed(item.Get("targetPlane").string_or_empty());
    const auto operations = ItemsOf(item.Get("operations"));
    const std::string operations_path = At(path, "operations");
    for (std::size_t i = 0; i < operations.size() && MayCompile(); ++i) {
      const std::string operation_path = base::JoinPointer(operations_path, i);
      PatchOperation operation;
      operation.op = operations[i].Get("op").string_or_empty();
      operation.path = Text(operations[i], "path", operation_path, environment);
      if (operation.op != "remove")
        operation.value = Tree(operations[i], "value", operation_path, environment);
      patch.operations.push_back(std::move(operation));
    }
    return patch;
  }

  TraitRemove Remove(const Value& item, const std::string& path) {
    TraitRemove remove;
    remove.loop = LoopOf(item, path);
    const cel::Environment environment = WithLoop(remove.loop.variable, true);
    remove.loop.slot = environment.SlotOf(remove.loop.variable);
    remove.target = TargetOf(item, path, environment);
    // Unlike patches, an empty plane is not defaulted here: it matches any.
    const std::string_view plane = item.Get("targetPlane").string_or_empty();
    if (!plane.empty()) remove.target.plane = PlaneNamed(plane);
    return remove;
  }

  PostRenderRule PostRender(const Value& item, const std::string& path) {
    PostRenderRule rule;
    rule.when = Text(item, "when", path, root_);
    rule.loop = LoopOf(item, path);
    const cel::Environment environment = WithLoop(rule.loop.variable, true);
    rule.loop.slot = environment.SlotOf(rule.loop.variable);
    rule.target = TargetOf(item, path, environment);
    rule.target.plane = PlaneNamed(item.Get("targetPlane").string_or_empty());
    const Value must_match = item.Get("target", "mustMatch");
    rule.must_match = !must_match.is_bool() || must_match.as_bool();
    rule.rule = RuleOf(item, path, environment);
    rule.message = item.Get("message").string_or_empty();
    return rule;
  }

  OutputTemplate Output(const Value& item, const std::string& path,
                        const cel::Environment& environment) const {
    OutputTemplate output;
    output.name = item.Get("name").string_or_empty();
    output.value = Text(item, "value", path, environment);
    if (output.value) {
      output.source = OutputTemplate::Source::kValue;
      return output;
    }
    for (const auto& [key, source] :
         {std::pair("secretKeyRef", OutputTemplate::Source::kSecretKeyRef),
          std::pair("configMapKeyRef", OutputTemplate::Source::kConfigMapKeyRef)}) {
      const Value reference = item.Get(key);
      if (!reference.is_map()) continue;
      output.source = source;
      output.ref_name = Text(reference, "name", At(path, key), environment);
      output.ref_key = Text(reference, "key", At(path, key), environment);
      return output;
    }
    return output;
  }

  const DefinitionKind kind_;
  std::vector<std::string> names_;
  const cel::Macros macros_;
  const cel::StringFormat string_format_;
  const Value& spec_;
  const cel::Environment root_;
  base::Budget& budget_;
};

SchemaSection MakeSection(base::Result<std::shared_ptr<const schema::Schema>> made,
                          std::string_view name, std::string path) {
  SchemaSection section;
  section.path = std::move(path);
  if (made) {
    section.schema = std::move(made).value();
    return section;
  }
  section.error = std::move(made).error();
  section.error->message.insert(0, "failed to create " + std::string(name) + " schema: ");
  section.error->place.field.insert(0, section.path);
  return section;
}

SchemaSection OpenApiSection(const Value& spec, std::string_view name, base::Budget& budget) {
  const Value root = spec.Get(name).Get("openAPIV3Schema");
  std::string path = At(At("", name), "openAPIV3Schema");
  if (root.is_null()) return {nullptr, std::nullopt, std::move(path)};
  return MakeSection(schema::FromOpenApi(root, budget), name, std::move(path));
}

SchemaSection ShorthandSection(const Value& spec, std::string_view name, base::Budget& budget) {
  const Value fields = spec.Get("schema").Get(name);
  std::string path = At("/schema", name);
  if (fields.is_null()) return {nullptr, std::nullopt, std::move(path)};
  return MakeSection(schema::FromShorthand(fields, spec.Get("schema").Get("types"), budget), name,
                     std::move(path));
}

bool ContainsText(const Value& value, std::string_view text) {
  switch (value.kind()) {
    case value::Kind::kString:
      return value.as_string().find(text) != std::string_view::npos;
    case value::Kind::kList:
      return std::any_of(value.as_list().begin(), value.as_list().end(),
                         [&](const Value& item) { return ContainsText(item, text); });
    case value::Kind::kMap:
      return std::any_of(value.as_map().begin(), value.as_map().end(),
                         [&](const value::MapEntry& entry) {
                           return ContainsText(entry.key, text) || ContainsText(entry.value, text);
                         });
    default:
      return false;
  }
}

// Upstream searches the JSON of these fields.
bool NamesEndpointResources(const Value& spec) {
  for (std::string_view key :
       {"resources", "validations", "preRenderValidations", "postRenderValidations", "traits",
        "creates", "patches", "removes"}) {
    if (ContainsText(spec.Get(key), "toEndpointResources")) return true;
  }
  return false;
}

bool IsUnclosed(std::string_view text) {
  if (text.find("${") == std::string_view::npos) return false;
  const auto found = tmpl::FindExpressions(text);
  return found && found->empty();
}

void FindUnclosed(const Value& value, const std::string& pointer, std::vector<std::string>& found) {
  constexpr std::size_t kEnough = 20;
  if (found.size() >= kEnough) return;
  if (value.is_string()) {
    if (IsUnclosed(value.as_string())) found.push_back(pointer);
  } else if (value.is_list()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      FindUnclosed(value.as_list()[i], base::JoinPointer(pointer, i), found);
  } else if (value.is_map()) {
    for (const value::MapEntry& entry : value.as_map()) {
      if (IsUnclosed(entry.key.string_or_empty())) found.push_back(pointer);
      FindUnclosed(entry.value, base::JoinPointer(pointer, entry.key.string_or_empty()), found);
    }
  }
}

}  // namespace

CompiledDefinition::CompiledDefinition(DefinitionKind kind, const Value& spec) : kind_(kind) {
  spec_ = value::DeepCopy(arena_, spec);
  workload_type_ = spec_.Get("workloadType").string_or_empty();
  bytes_ = sizeof(CompiledDefinition) + arena_.bytes();
}

const CompiledDefinition::Sections& CompiledDefinition::sections() const {
  std::call_once(sections_.once, [&] {
    base::Budget budget = base::Budget::ForDefinition();
    sections_.names_endpoint_resources = NamesEndpointResources(spec_);
    for (const std::string_view key : {"resources", "traits", "creates", "patches", "outputs"})
      FindUnclosed(spec_.Get(key), At("", key), sections_.unclosed);
    if (spec_.Get("schema").is_map()) {
      sections_.parameters = ShorthandSection(spec_, "parameters", budget);
      sections_.environment_configs = ShorthandSection(spec_, "envOverrides", budget);
    } else {
      sections_.parameters = OpenApiSection(spec_, "parameters", budget);
      sections_.environment_configs = OpenApiSection(spec_, "environmentConfigs", budget);
    }
    bytes_ += budget.all_bytes() - budget.bytes_left();
  });
  return sections_;
}

const Templates& CompiledDefinition::templates(ContextShape shape) const {
  Variant& variant = variants_[shape.index()];
  std::call_once(variant.once, [&] {
    base::Budget budget = base::Budget::ForDefinition();
    variant.templates = Compiler(kind_, shape, spec_, budget).Run();
    bytes_ += budget.all_bytes() - budget.bytes_left();
  });
  return variant.templates;
}

}  // namespace openchoreo::pipeline
