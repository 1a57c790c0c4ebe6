#include "common/schema/shorthand.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "common/base/go_parse.h"
#include "common/base/go_quote.h"
#include "common/base/utf8.h"
#include "common/schema/schema.h"
#include "common/schema/shorthand_text.h"
#include "common/schema/tree_schema.h"
#include "common/schema/validation.h"
#include "common/value/go_json_error.h"
#include "common/value/map_builder.h"

namespace openchoreo::schema {

using value::MapEntry;
using value::Value;

namespace {

constexpr std::size_t kMaxNodes = base::kLimits.max_shorthand_nodes;
constexpr std::size_t kMaxCheckedNodes = 500'000;  // over all defaults, nested ones counted again
constexpr int kMaxDepth = 100;

tl::unexpected<base::Error> Fail(std::string message) {
  return base::Fail(base::ErrorCode::kSchema, std::move(message));
}

// A schema under construction. A default may be null and still be one.
struct Draft {
  Value document;  // without default
  Value default_value;
  bool has_default = false;
  std::size_t nodes = 1;  // schemas inside, this one included
};

enum class MarkerType : std::uint8_t { kNumber, kInteger, kBool, kText, kDefault, kEnum, kExample };

struct Marker {
  std::string_view name;
  MarkerType type;
};

constexpr Marker kMarkers[] = {
    {"default", MarkerType::kDefault},       {"enum", MarkerType::kEnum},
    {"example", MarkerType::kExample},       {"minimum", MarkerType::kNumber},
    {"maximum", MarkerType::kNumber},        {"multipleOf", MarkerType::kNumber},
    {"exclusiveMinimum", MarkerType::kBool}, {"exclusiveMaximum", MarkerType::kBool},
    {"uniqueItems", MarkerType::kBool},  // v0.9 only; later releases do not know it
    {"minItems", MarkerType::kInteger},      {"maxItems", MarkerType::kInteger},
    {"minLength", MarkerType::kInteger},     {"maxLength", MarkerType::kInteger},
    {"minProperties", MarkerType::kInteger}, {"maxProperties", MarkerType::kInteger},
    {"pattern", MarkerType::kText},          {"title", MarkerType::kText},
    {"description", MarkerType::kText},      {"format", MarkerType::kText},
};

class ShorthandConverter {
 public:
  ShorthandConverter(const Value& types, base::Arena& arena) : types_(types), arena_(arena) {}

  base::Result<Draft> Object(const Value& fields, int depth) {
    if (depth > kMaxDepth) return TooDeep();
    base::Budget& budget = arena_.budget();
    if (!budget.Spend(1 + fields.size())) return base::Fail(base::ErrorOf(budget));
    value::MapBuilder properties(arena_);
    value::ListBuilder required(arena_);
    Draft object;
    for (const MapEntry& entry : fields.as_map()) {
      const std::string_view name = entry.key.as_string();
      if (name == "$default") continue;
      auto field = Field(entry.value, depth);
      if (!field) return AtField(name, std::move(field).error());
      properties.Add(name, Finished(*field));
      if (!field->has_default) required.Add(Value::String(name));
      object.nodes += field->nodes;
      if (object.nodes > kMaxNodes) return TooLarge();
    }
    object.document = SimpleType("object");
    object.document = WithKey(arena_, object.document, "properties", properties.Build());
    if (required.size() > 0)
      object.document = WithKey(arena_, object.document, "required", required.Build());
    if (const Value* default_value = fields.Find("$default")) {
      auto applied = ApplyObjectDefault(object, *default_value);
      if (!applied) return base::Wrap("invalid $default: ", std::move(applied).error());
    }
    return object;
  }

  // The draft as a schema document.
  Value Finished(const Draft& draft) {
    return draft.has_default ? WithKey(arena_, draft.document, "default", draft.default_value)
                             : draft.document;
  }

 private:
  base::Result<Draft> Field(const Value& definition, int depth) {
    if (definition.is_string()) return FromText(definition.as_string(), depth);
    if (definition.is_map()) return Object(definition, depth + 1);
    return Fail(std::string("unsupported field definition of type ") + GoTypeOf(definition));
  }

  base::Result<Draft> FromText(std::string_view text, int depth) {
    text = base::TrimSpace(text);
    if (text.empty()) return Fail("empty schema expression");
    const std::size_t bar = text.find('|');
    OC_TRY(Draft draft, FromType(base::TrimSpace(text.substr(0, bar)), depth));
    if (bar != std::string_view::npos) {
      OC_TRY([[maybe_unused]] const bool done, ApplyConstraints(draft, text.substr(bar + 1)));
    }
    return draft;
  }

  base::Result<Draft> FromType(std::string_view type, int depth) {
    if (depth > kMaxDepth) return TooDeep();
    for (const std::string_view simple : {"string", "integer", "number", "boolean"}) {
      if (type == simple) return Draft{SimpleType(simple), {}, false, 1};
    }
    if (type == "object") {
      return Fail(
          "'object' type is not allowed; use a map type (e.g., 'map<string>') for free-form "
          "objects or define a "
          "structured type with explicit properties");
    }
    if (type.starts_with("[]")) return Holder("array", "items", type.substr(2), depth);
    if (type.starts_with("array<") && type.ends_with('>')) {
      return Holder("array", "items", type.substr(6, type.size() - 7), depth);
    }
    if (type.starts_with("map<") && type.ends_with('>')) {
      return Holder("object", "additionalProperties", type.substr(4, type.size() - 5), depth);
    }
    if (type.starts_with("map[")) {
      const std::size_t close = type.find(']');
      if (close == std::string_view::npos)
        return Fail("invalid map type expression " + base::GoQuote(type));
      const std::string_view key = base::TrimSpace(type.substr(4, close - 4));
      if (key != "string") {
        return Fail("map key type must be 'string', got " + base::GoQuote(key) + " in " +
                    base::GoQuote(type));
      }
      return Holder("object", "additionalProperties", type.substr(close + 1), depth);
    }
    return FromCustomType(type, depth);
  }

  // An array or map of what `type` says.
  base::Result<Draft> Holder(std::string_view holder, std::string_view keyword,
                             std::string_view type, int depth) {
    OC_TRY(const Draft held, FromType(base::TrimSpace(type), depth + 1));
    Draft draft;
    draft.document = WithKey(arena_, SimpleType(holder), keyword, Finished(held));
    draft.nodes = held.nodes + 1;
    return draft;
  }

  base::Result<Draft> FromCustomType(std::string_view name, int depth) {
    if (const auto known = known_types_.find(name); known != known_types_.end())
      return known->second;
    if (std::find(open_types_.begin(), open_types_.end(), name) != open_types_.end()) {
      return Fail("detected cyclic type reference involving " + base::GoQuote(name));
    }
    const Value* definition = types_.Find(name);
    if (!definition) return Fail("unknown type " + base::GoQuote(name));
    open_types_.push_back(name);
    auto draft = definition->is_string() ? FromText(definition->as_string(), depth + 1)
                 : definition->is_map()
                     ? Object(*definition, depth + 1)
                     : Fail("unsupported custom type definition for " + base::GoQuote(name) +
                            " (type " + GoTypeOf(*definition) + ")");
    open_types_.pop_back();
    if (draft) known_types_.emplace(name, *draft);
    return draft;
  }

  base::Result<bool> ApplyConstraints(Draft& draft, std::string_view constraints) {
    if (base::TrimSpace(constraints).empty()) return true;
    for (const std::string_view token : Tokens(constraints)) {
      const std::size_t equals = token.find('=');
      if (equals == std::string_view::npos) {
        if (token == "|" || token.starts_with("oc:")) continue;
        return Fail("constraint marker " + base::GoQuote(token) +
                    " is missing a value (should be in format 'key=value')");
      }
      OC_TRY([[maybe_unused]] const bool done,
             ApplyMarker(draft, base::TrimSpace(token.substr(0, equals)),
                         base::TrimSpace(token.substr(equals + 1))));
    }
    if (!draft.has_default) return true;
    auto checked = CheckDefault(draft);
    if (!checked) return base::Wrap("invalid default value: ", std::move(checked).error());
    return true;
  }

  base::Result<bool> ApplyMarker(Draft& draft, std::string_view name, std::string_view text) {
    if (name == "required") {
      return Fail(
          "marker \"required\" is not allowed - use default values to make fields optional");
    }
    const auto* marker =
        std::find_if(std::begin(kMarkers), std::end(kMarkers),
                     [&](const Marker& candidate) { return candidate.name == name; });
    if (marker == std::end(kMarkers)) {
      if (name.starts_with("oc:")) return true;
      return Fail("unknown constraint marker " + base::GoQuote(name));
    }
    const std::string_view type = draft.document.Get("type").string_or_empty();
    if (marker->type == MarkerType::kEnum) return ApplyEnum(draft, text, type);
    auto value = MarkerValue(marker->type, text, type);
    if (!value) {
      return base::Wrap("invalid " + std::string(name) + " " + base::GoQuote(text) + ": ",
                        std::move(value).error());
    }
    if (marker->type == MarkerType::kDefault) {
      draft.default_value = *value;
      draft.has_default = true;
    } else {
      draft.document = WithKey(arena_, draft.document, marker->name, *value);
    }
    return true;
  }

  base::Result<Value> MarkerValue(MarkerType marker, std::string_view text, std::string_view type) {
    switch (marker) {
      case MarkerType::kNumber:
        return base::ParseGoFloat(text).map(Value::Double);
      case MarkerType::kInteger:
        return base::ParseGoInt(text).map(Value::Int);
      case MarkerType::kBool:
        return base::ParseGoBool(text).map(Value::Bool);
      case MarkerType::kDefault:
        return ParseTyped(text, type, arena_);
      case MarkerType::kExample:
        return ParseUntyped(text, arena_);
      default:
        return Value::String(arena_.CopyString(Unquoted(text)));
    }
  }

  base::Result<bool> ApplyEnum(Draft& draft, std::string_view text, std::string_view type) {
    value::ListBuilder values(arena_);
    for (const std::string_view part : CommaList(text)) {
      auto value = ParseTyped(part, type, arena_);
      if (!value) {
        return base::Wrap("invalid enum value " + base::GoQuote(part) + ": ",
                          std::move(value).error());
      }
      values.Add(*value);
    }
    draft.document = WithKey(arena_, draft.document, "enum", values.Build());
    return true;
  }

  base::Result<bool> ApplyObjectDefault(Draft& object, const Value& given) {
    Value default_value = given;
    if (given.is_string()) {
      auto parsed = ParseTyped(given.as_string(), "object", arena_);
      if (!parsed) return base::Wrap("value is not a valid object: ", std::move(parsed).error());
      if (!parsed->is_map())
        return Fail(std::string("value must be an object, got ") + GoTypeOf(*parsed));
      default_value = *parsed;
    } else if (!given.is_map()) {
      return Fail(std::string("value must be an object or JSON string, got ") + GoTypeOf(given));
    }
    object.default_value = default_value;
    object.has_default = true;
    auto checked = CheckDefault(object);
    if (!checked)
      return base::Wrap("default value does not satisfy schema: ", std::move(checked).error());
    return true;
  }

  // Defaults must satisfy their own schema, before the defaults inside are filled in.
  base::Result<bool> CheckDefault(const Draft& draft) {
    checked_nodes_ += draft.nodes;
    if (checked_nodes_ > kMaxCheckedNodes) return TooLarge();
    base::Budget& budget = arena_.budget();
    base::Budget below = budget;  // the tree is gone afterwards
    const SchemaTree tree(draft.document, Origin::kDraft, below);
    const auto violations = Violations(draft.default_value, tree.root(), below, InBody::kKeep);
    if (below.spent() || !budget.Spend(1 + budget.steps_left() - below.steps_left()))
      return base::Fail(base::ErrorOf(below.spent() ? below : budget));
    if (violations.empty()) return true;
    std::string message = "default value does not satisfy schema constraints: [";
    for (std::size_t i = 0; i < violations.size(); ++i) {
      if (i > 0) message += ' ';
      message += violations[i];
    }
    return Fail(message + "]");
  }

  Value SimpleType(std::string_view type) {
    auto* entry = arena_.AllocateArray<MapEntry>(1);
    *entry = {Value::String("type"), Value::String(type)};
    return Value::Map({entry, 1});
  }

  // The field is the last part of the message's path and the first of the place's.
  static tl::unexpected<base::Error> AtField(std::string_view name, base::Error error) {
    error.place.field.insert(0, base::JoinPointer("", name));
    return base::Wrap("field " + base::GoQuote(name) + ": ", std::move(error));
  }

  static const char* GoTypeOf(const Value& value) {
    return value.is_number() ? "float64" : GoTypeName(value);
  }

  static tl::unexpected<base::Error> TooDeep() {
    return base::Fail(base::ErrorCode::kLimit,
                      "types are nested more than " + std::to_string(kMaxDepth) + " levels deep");
  }

  static tl::unexpected<base::Error> TooLarge() {
    return base::Fail(base::ErrorCode::kLimit, "schema has more than " + std::to_string(kMaxNodes) +
                                                   " fields once its types are inlined");
  }

  const Value types_;
  base::Arena& arena_;
  std::map<std::string_view, Draft> known_types_;
  std::vector<std::string_view> open_types_;
  std::size_t checked_nodes_ = 0;
};

}  // namespace

base::Result<Value> DocumentFromShorthand(const Value& fields, const Value& types,
                                          base::Arena& arena) {
  const Value given = value::NumbersAsDoubles(arena, fields);
  if (std::string text = value::GoMapError(given); !text.empty()) return Fail(std::move(text));
  ShorthandConverter converter(value::NumbersAsDoubles(arena, types), arena);
  OC_TRY(const Draft draft, converter.Object(given.is_null() ? Value::Map({}) : given, 0));
  return converter.Finished(draft);
}

base::Result<std::shared_ptr<const Schema>> FromShorthand(const Value& fields, const Value& types,
                                                          base::Budget& budget) {
  base::Arena arena(budget);
  auto document = DocumentFromShorthand(fields, types, arena);
  if (!document)
    return base::Wrap("failed to convert schema to OpenAPI: ", std::move(document).error());
  return SchemaOf(*document, Origin::kShorthand, budget);
}

base::Result<std::shared_ptr<const Schema>> FromShorthand(const Value& fields, const Value& types) {
  base::Budget budget = base::Budget::ForDefinition();
  return FromShorthand(fields, types, budget);
}

}  // namespace openchoreo::schema
