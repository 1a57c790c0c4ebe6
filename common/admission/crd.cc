#include "common/admission/crd.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/admission/shape.h"
#include "common/admission/shape_tables.h"
#include "common/admission/shapes_status.h"
#include "common/admission/text_pattern.h"
#include "common/admission/validation_rule.h"
#include "common/base/ascii.h"
#include "common/value/map_builder.h"

namespace openchoreo::admission {

using names::Dialect;
using names::Kind;
using value::Value;

namespace {

constexpr std::string_view kGroup = "openchoreo.dev";

struct ShortNames {
  Kind kind;
  std::string_view one, many;
};

constexpr ShortNames kShortNames[] = {
    {Kind::kClusterComponentType, "cct", "ccts"},
    {Kind::kClusterDataPlane, "cdp", "cdps"},
    {Kind::kClusterObservabilityPlane, "cop", "cops"},
    {Kind::kClusterProjectType, "cpt", "cpts"},
    {Kind::kClusterResourceType, "crt", "crts"},
    {Kind::kClusterTrait, "ctrait", "ctraits"},
    {Kind::kClusterWorkflow, "cwf", "cwfs"},
    {Kind::kClusterWorkflowPlane, "cwp", "cwps"},
    {Kind::kComponent, "comp", "comps"},
    {Kind::kComponentType, "ct", "cts"},
    {Kind::kDataPlane, "dp", "dps"},
    {Kind::kDeploymentPipeline, "deppipe", "deppipes"},
    {Kind::kEnvironment, "env", "envs"},
    {Kind::kProjectReleaseBinding, "prb", "prbs"},
    {Kind::kProject, "proj", "projs"},
    {Kind::kProjectType, "pt", "pts"},
    {Kind::kResourceReleaseBinding, "rrb", "rrbs"},
    {Kind::kResource, "res", ""},
    {Kind::kResourceType, "rt", "rts"},
    {Kind::kTrait, "trait", "traits"},
};

// Makes schemas of shapes; of two shapes of one node where two dialects have it.
class SchemaMaker {
 public:
  // `old`: of v0.12 alone, whose CRDs have no defaults for what came later.
  SchemaMaker(base::Arena& arena, bool old) : arena_(arena), old_(old) {}

  // `b` may be nullptr. Shapes nest no deeper than the tables do.
  Value Make(const Shape& a, const Shape* b) const {
    if (b && (a.type != b->type || a.type == ShapeType::kTextOrReference)) return Anything();
    value::MapBuilder schema(arena_);
    switch (a.type) {
      case ShapeType::kAny:
      case ShapeType::kTextOrReference:
        return Anything();
      case ShapeType::kObject:
        AddObject(a, b, schema);
        break;
      case ShapeType::kMap:
        schema.Add("type", Value::String("object"));
        schema.Add("additionalProperties", Make(*a.items, b ? b->items : nullptr));
        AddLimit(schema, "maxProperties", a.max_properties,
                 b ? b->max_properties : a.max_properties);
        break;
      case ShapeType::kArray:
        AddArray(a, b, schema);
        break;
      case ShapeType::kString:
        AddString(a, b, schema);
        break;
      case ShapeType::kInteger:
        schema.Add("type", Value::String("integer"));
        schema.Add("format", Value::String(a.int32 ? "int32" : "int64"));
        if (a.minimum != 0 || a.maximum != 0) {
          schema.Add("minimum", Value::Int(a.minimum));
          schema.Add("maximum", Value::Int(a.maximum));
        }
        break;
      case ShapeType::kBoolean:
        schema.Add("type", Value::String("boolean"));
        break;
    }
    if (a.preserve_unknown || (b && b->preserve_unknown)) {
      schema.Add("x-kubernetes-preserve-unknown-fields", Value::Bool(true));
    }
    if (!b || std::equal(a.rules.begin(), a.rules.end(), b->rules.begin(), b->rules.end())) {
      AddRules(a.rules, schema);
    }
    return schema.Build();
  }

  Value Anything() const {
    return value::MakeMap(arena_, {{"x-kubernetes-preserve-unknown-fields", Value::Bool(true)}});
  }

 private:
  // A limit both have alike.
  static void AddLimit(value::MapBuilder& schema, std::string_view key, std::uint32_t a,
                       std::uint32_t b) {
    if (a == b && a != 0) schema.Add(key, Value::Int(a));
  }

  Value OfField(const Field& a, const Field* b) const {
    Value schema = Make(*a.shape, b ? b->shape : nullptr);
    const Value fallback = a.fallback.is_null() && b ? b->fallback : a.fallback;
    const bool later = old_ && (a.flags & Field::kSinceV013) != 0;
    return fallback.is_null() || later ? schema
                                       : value::WithKey(arena_, schema, "default", fallback);
  }

  void AddObject(const Shape& a, const Shape* b, value::MapBuilder& schema) const {
    schema.Add("type", Value::String("object"));
    value::MapBuilder properties(arena_);
    value::ListBuilder required(arena_);
    for (const Field& field : a.fields) {
      const Field* other = b ? FieldNamed(*b, field.name) : nullptr;
      properties.Add(field.name, OfField(field, other));
      if (field.required() && (!b || (other && other->required()))) {
        required.Add(Value::String(field.name));
      }
    }
    if (b) {
      for (const Field& field : b->fields) {
        if (!FieldNamed(a, field.name)) properties.Add(field.name, OfField(field, nullptr));
      }
    }
    if (!properties.empty()) schema.Add("properties", properties.Build());
    if (required.size() > 0) schema.Add("required", required.Build());
  }

  void AddArray(const Shape& a, const Shape* b, value::MapBuilder& schema) const {
    schema.Add("type", Value::String("array"));
    schema.Add("items", Make(*a.items, b ? b->items : nullptr));
    AddLimit(schema, "minItems", a.min_items, b ? b->min_items : a.min_items);
    AddLimit(schema, "maxItems", a.max_items, b ? b->max_items : a.max_items);
    if (b && (a.list_type != b->list_type || a.list_key != b->list_key)) return;
    if (a.list_type == ListType::kSet) schema.Add("x-kubernetes-list-type", Value::String("set"));
    if (a.list_type == ListType::kMap) {
      schema.Add("x-kubernetes-list-type", Value::String("map"));
      schema.Add("x-kubernetes-list-map-keys",
                 value::MakeList(arena_, {Value::String(a.list_key)}));
    }
  }

  void AddString(const Shape& a, const Shape* b, value::MapBuilder& schema) const {
    schema.Add("type", Value::String("string"));
    AddLimit(schema, "minLength", a.min_length, b ? b->min_length : a.min_length);
    AddLimit(schema, "maxLength", a.max_length, b ? b->max_length : a.max_length);
    if (!b || a.pattern == b->pattern) {
      if (a.pattern == kUriFormat) schema.Add("format", Value::String("uri"));
      const std::string_view pattern = PatternText(a.pattern);
      if (!pattern.empty()) schema.Add("pattern", Value::String(pattern));
    }
    std::vector<std::string_view> words(a.supported.begin(), a.supported.end());
    if (b && !b->supported.empty() && !words.empty()) {
      for (const std::string_view word : b->supported) {
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
      }
    }
    if (words.empty() || (b && b->supported.empty())) return;
    value::ListBuilder list(arena_);
    for (const std::string_view word : words) list.Add(Value::String(word));
    schema.Add("enum", list.Build());
  }

  void AddRules(std::span<const ValidationRule> rules, value::MapBuilder& schema) const {
    if (rules.empty()) return;
    value::ListBuilder list(arena_);
    for (const ValidationRule rule : rules) {
      list.Add(value::MakeMap(arena_, {{"message", Value::String(MessageOf(rule))},
                                       {"rule", Value::String(ExpressionOf(rule))}}));
    }
    schema.Add("x-kubernetes-validations", list.Build());
  }

  base::Arena& arena_;
  const bool old_;
};

Value Column(std::string_view name, std::string_view path, std::string_view type,
             base::Arena& arena) {
  return value::MakeMap(arena, {{"jsonPath", Value::String(path)},
                                {"name", Value::String(name)},
                                {"type", Value::String(type)}});
}

// Of a binding; null for other kinds, of which kubectl then shows the age alone.
Value Columns(Kind kind, base::Arena& arena) {
  std::string_view second, release;
  switch (kind) {
    case Kind::kReleaseBinding:
      second = ".spec.owner.componentName";
      release = ".spec.releaseName";
      break;
    case Kind::kProjectReleaseBinding:
      release = ".spec.projectRelease";
      break;
    case Kind::kResourceReleaseBinding:
      second = ".spec.owner.resourceName";
      release = ".spec.resourceRelease";
      break;
    default:
      return {};
  }
  value::ListBuilder columns(arena);
  const auto add = [&](std::string_view name, std::string_view path, std::string_view type) {
    columns.Add(Column(name, path, type, arena));
  };
  add("Project", ".spec.owner.projectName", "string");
  if (!second.empty()) {
    add(kind == Kind::kReleaseBinding ? "Component" : "Resource", second, "string");
  }
  add("Environment", ".spec.environment", "string");
  add("Ready", ".status.conditions[?(@.type==\"Ready\")].status", "string");
  add("Reason", ".status.conditions[?(@.type==\"Ready\")].reason", "string");
  add("Release", release, "string");
  add("Age", ".metadata.creationTimestamp", "date");
  return columns.Build();
}

const KindRules* RulesIn(Dialect dialect, Kind kind) {
  return dialect == Dialect::kV1 ? RulesOfV1(kind) : RulesOfV012(kind);
}

Value RootSchema(Kind kind, std::optional<Dialect> dialect, base::Arena& arena) {
  const SchemaMaker maker(arena, dialect == Dialect::kV012);
  const KindRules* today = dialect == Dialect::kV012 ? nullptr : RulesIn(Dialect::kV1, kind);
  const KindRules* old = dialect == Dialect::kV1 ? nullptr : RulesIn(Dialect::kV012, kind);
  const KindRules* first = today ? today : old;
  const KindRules* second = today ? old : nullptr;
  value::MapBuilder properties(arena), root(arena);
  const Value text = value::MakeMap(arena, {{"type", Value::String("string")}});
  const Value object = value::MakeMap(arena, {{"type", Value::String("object")}});
  properties.Add("apiVersion", text);
  properties.Add("kind", text);
  properties.Add("metadata", object);
  if (first) {
    properties.Add("spec", maker.Make(*first->spec, second ? second->spec : nullptr));
    if (first->spec_required && (!second || second->spec_required)) {
      root.Add("required", value::MakeList(arena, {Value::String("spec")}));
    }
  }
  const Shape* status = StatusShape(kind);
  properties.Add("status",
                 status ? maker.Make(*status, nullptr)
                        : value::WithKey(arena, maker.Anything(), "type", Value::String("object")));
  root.Add("properties", properties.Build());
  root.Add("type", Value::String("object"));
  return root.Build();
}

Value Names(Kind kind, std::string_view singular, std::string_view plural, base::Arena& arena) {
  value::MapBuilder names(arena);
  const std::string_view name = names::NameOf(kind);
  names.Add("kind", Value::String(name));
  names.Add("listKind", Value::String(arena.CopyString(std::string(name) + "List")));
  names.Add("plural", Value::String(plural));
  names.Add("singular", Value::String(singular));
  for (const ShortNames& short_names : kShortNames) {
    if (short_names.kind != kind) continue;
    value::ListBuilder list(arena);
    list.Add(Value::String(short_names.one));
    if (!short_names.many.empty()) list.Add(Value::String(short_names.many));
    names.Add("shortNames", list.Build());
  }
  return names.Build();
}

}  // namespace

bool HasKind(Dialect dialect, Kind kind) { return RulesIn(dialect, kind) != nullptr; }

Value MakeCrd(Kind kind, std::optional<Dialect> dialect, base::Arena& arena) {
  const std::string_view singular = arena.CopyString(base::AsciiLower(names::NameOf(kind)));
  const std::string_view plural = arena.CopyString(std::string(singular) + "s");
  value::MapBuilder version(arena), spec(arena), metadata(arena), root(arena);
  if (const Value columns = Columns(kind, arena); columns.is_list()) {
    version.Add("additionalPrinterColumns", columns);
  }
  version.Add("name", Value::String("v1alpha1"));
  version.Add("schema",
              value::MakeMap(arena, {{"openAPIV3Schema", RootSchema(kind, dialect, arena)}}));
  version.Add("served", Value::Bool(true));
  version.Add("storage", Value::Bool(true));
  version.Add("subresources", value::MakeMap(arena, {{"status", Value::Map({})}}));
  spec.Add("group", Value::String(kGroup));
  spec.Add("names", Names(kind, singular, plural, arena));
  spec.Add("scope", Value::String(names::IsClusterScoped(kind) ? "Cluster" : "Namespaced"));
  spec.Add("versions", value::MakeList(arena, {version.Build()}));
  metadata.Add("name",
               Value::String(arena.CopyString(std::string(plural) + "." + std::string(kGroup))));
  root.Add("apiVersion", Value::String("apiextensions.k8s.io/v1"));
  root.Add("kind", Value::String("CustomResourceDefinition"));
  root.Add("metadata", metadata.Build());
  root.Add("spec", spec.Build());
  return root.Build();
}

}  // namespace openchoreo::admission
