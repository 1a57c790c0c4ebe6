#include "common/schema/schema_node.h"

#include <algorithm>
#include <cmath>

#include "common/schema/defaulting.h"
#include "common/value/map_builder.h"

namespace openchoreo::schema {

using value::MapEntry;
using value::Value;

namespace {

struct NamedType {
  std::string_view name;
  Type type;
};

constexpr NamedType kTypes[] = {
    {"object", Type::kObject},   {"array", Type::kArray},   {"string", Type::kString},
    {"integer", Type::kInteger}, {"number", Type::kNumber}, {"boolean", Type::kBoolean},
    {"null", Type::kNull},
};

std::uint8_t BitsOf(std::string_view name) {
  for (const NamedType& type : kTypes) {
    if (type.name == name) return static_cast<std::uint8_t>(type.type);
  }
  return 0;
}

std::optional<double> NumberAt(const Value& document, std::string_view field) {
  const Value number = document.Get(field);
  if (number.is_double()) return number.as_double();
  if (number.is_int()) return static_cast<double>(number.as_int());
  return std::nullopt;
}

std::optional<std::int64_t> IntegerAt(const Value& document, std::string_view field) {
  const std::optional<double> number = NumberAt(document, field);
  return number ? std::optional<std::int64_t>(static_cast<std::int64_t>(*number)) : std::nullopt;
}

bool FlagAt(const Value& document, std::string_view field) {
  const Value flag = document.Get(field);
  return flag.is_bool() && flag.as_bool();
}

// Formats Kubernetes ignores for a type are dropped.
bool IsSupportedFormat(std::string_view type_text, std::string_view format) {
  if (type_text == "integer") return format == "int32" || format == "int64";
  if (type_text == "number") return format == "float" || format == "double";
  const bool text = type_text.empty() || type_text == "string" || type_text == "integer,string";
  return text && FindFormat(format) != nullptr;
}

Value Stripped(base::Arena& arena, const Value& value) {
  const auto strip = [&](const Value& below) { return Stripped(arena, below); };
  if (!value.is_map()) return value::MapElements(arena, value, strip);
  Value kept = value;
  for (const MapEntry& entry : value.as_map()) {
    if (!IsVendorExtension(entry.key.as_string())) continue;
    value::MapBuilder builder(arena);
    for (const MapEntry& other : value.as_map()) {
      if (!IsVendorExtension(other.key.as_string()))
        builder.Add(other.key.as_string(), other.value);
    }
    kept = builder.Build();
    break;
  }
  return value::MapElements(arena, kept, strip);
}

}  // namespace

bool IsVendorExtension(std::string_view key) {
  return key.size() > 2 && key.starts_with("x-") && !key.starts_with("x-kubernetes-");
}

Value WithIntegers(base::Arena& arena, const Value& value) {
  if (value.is_double()) {
    const double number = value.as_double();
    // 2^63 itself does not fit.
    const bool fits = std::trunc(number) == number && number >= -0x1p63 && number < 0x1p63;
    return fits ? Value::Int(static_cast<std::int64_t>(number)) : value;
  }
  return value::MapElements(arena, value,
                            [&](const Value& below) { return WithIntegers(arena, below); });
}

const Property* SchemaNode::FindProperty(std::string_view name) const {
  const auto at = std::lower_bound(
      properties.begin(), properties.end(), name,
      [](const Property& property, std::string_view wanted) { return property.name < wanted; });
  return at != properties.end() && at->name == name ? &*at : nullptr;
}

SchemaTree::SchemaTree(const Value& document, Origin origin, base::Budget& budget)
    : origin_(origin), arena_(budget), budget_(&budget) {
  document_ = value::DeepCopy(arena_, document);
  root_ = Build(document_, origin == Origin::kOpenApi);
  arena_.LeaveBudget();
  budget_ = nullptr;
}

SchemaNode* SchemaTree::Build(const Value& document, bool sort_required) {
  nodes_.emplace_back();
  SchemaNode& node = nodes_.back();
  if (!budget_->Spend(8) || !budget_->Take(sizeof(SchemaNode))) return &node;
  node.range_checked = origin_ == Origin::kOpenApi;
  SetType(node, document);
  SetBounds(node, document);
  node.all_of = BuildList(document.Get("allOf"));
  node.one_of = BuildList(document.Get("oneOf"));
  node.any_of = BuildList(document.Get("anyOf"));
  if (document.Get("not").is_map()) node.negated = Build(document.Get("not"), false);
  if (document.Get("items").is_map()) node.items = Build(document.Get("items"), sort_required);
  SetObject(node, document, sort_required);
  SetDefaults(node, document);
  return &node;
}

std::vector<const SchemaNode*> SchemaTree::BuildList(const Value& documents) {
  std::vector<const SchemaNode*> nodes;
  if (!documents.is_list()) return nodes;
  for (const Value& document : documents.as_list()) nodes.push_back(Build(document, false));
  return nodes;
}

void SchemaTree::SetType(SchemaNode& node, const Value& document) {
  node.type_text = document.Get("type").string_or_empty();
  node.types = BitsOf(node.type_text);
  if (FlagAt(document, "x-kubernetes-int-or-string")) {
    node.type_text = "integer,string";
    node.types = BitsOf("integer") | BitsOf("string");
  }
  node.nullable = FlagAt(document, "nullable");
  const std::string_view format = document.Get("format").string_or_empty();
  // The Kubernetes of the old dialect knew formats of strings only, and kept them for any type.
  const bool supported = origin_ == Origin::kOpenApi ? IsSupportedFormat(node.type_text, format)
                                                     : FindFormat(format) != nullptr;
  if (supported) {
    node.format = format;
    node.format_check = FindFormat(format);
  }
}

void SchemaTree::SetBounds(SchemaNode& node, const Value& document) {
  node.maximum = NumberAt(document, "maximum");
  node.minimum = NumberAt(document, "minimum");
  node.multiple_of = NumberAt(document, "multipleOf");
  node.exclusive_maximum = FlagAt(document, "exclusiveMaximum");
  node.exclusive_minimum = FlagAt(document, "exclusiveMinimum");
  node.max_length = IntegerAt(document, "maxLength");
  node.min_length = IntegerAt(document, "minLength");
  node.max_items = IntegerAt(document, "maxItems");
  node.min_items = IntegerAt(document, "minItems");
  node.max_properties = IntegerAt(document, "maxProperties");
  node.min_properties = IntegerAt(document, "minProperties");
  node.unique_items = FlagAt(document, "uniqueItems");
  const std::string_view pattern = document.Get("pattern").string_or_empty();
  if (!pattern.empty() && budget_->Spend(Pattern::CompileSteps(pattern))) {
    node.pattern = std::make_unique<const Pattern>(pattern);
    budget_->Take(sizeof(Pattern) + node.pattern->bytes());
  }
  const Value enumeration = document.Get("enum");
  if (!enumeration.is_list()) return;
  node.enumeration = origin_ == Origin::kDraft ? enumeration.as_list()
                                               : WithIntegers(arena_, enumeration).as_list();
}

void SchemaTree::SetObject(SchemaNode& node, const Value& document, bool sort_required) {
  const Value properties = document.Get("properties");
  if (properties.is_map()) {
    for (const MapEntry& entry : properties.as_map()) {
      const std::string_view name = entry.key.as_string();
      if (!budget_->Take(4 * sizeof(Property))) return;  // its default, too, as the vectors grow
      node.properties.push_back({name, Build(entry.value, sort_required),
                                 origin_ == Origin::kOpenApi && IsVendorExtension(name)});
    }
  }
  const Value required = document.Get("required");
  if (required.is_list()) {
    if (!budget_->Spend(1 + 8 * required.size()) ||
        !budget_->Take(2 * required.size() * sizeof(std::string_view))) {
      return;
    }
    for (const Value& name : required.as_list()) node.required.push_back(name.string_or_empty());
    if (sort_required) std::sort(node.required.begin(), node.required.end());
  }
  const Value additional = document.Get("additionalProperties");
  if (additional.is_map()) {
    node.additional = SchemaNode::Additional::kSchema;
    node.additional_schema = Build(additional, sort_required);
  } else if (additional.is_bool()) {
    node.additional = additional.as_bool() ? SchemaNode::Additional::kAllowed
                                           : SchemaNode::Additional::kForbidden;
  }
}

void SchemaTree::SetDefaults(SchemaNode& node, const Value& document) {
  node.default_value = document.Get("default");
  if (origin_ == Origin::kOpenApi) {
    node.default_value = WithIntegers(arena_, Stripped(arena_, node.default_value));
  }
  for (const Property& property : node.properties) {
    if (property.vendor) continue;
    node.defaults_below |= property.schema->defaults_below;
    const Value& value = property.schema->default_value;
    if (value.is_null()) continue;
    node.defaults.push_back({property.name, FillDefaults(value, *property.schema, arena_)});
    node.defaults_below = true;
  }
  for (const SchemaNode* below : {node.additional_schema, node.items}) {
    if (below) node.defaults_below |= below->defaults_below || !below->default_value.is_null();
  }
}

}  // namespace openchoreo::schema
